package dev.ringtail.bench.ours;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.bench.rig.BenchException;

/// Reads the ledger's sum as [dev.ringtail.sensor.ledger.LedgerSummary] writes it.
final class LedgerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode sum;

    private LedgerJson(JsonNode sum) {
        this.sum = sum;
    }

    static LedgerJson of(JsonNode sum) {
        return new LedgerJson(sum);
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BenchException("No JSON, but: " + text, e);
        }
    }

    /// Packets that Kafka, or whoever was in its place, has acknowledged.
    long acknowledged() {
        return sum.required("acknowledged").asLong();
    }

    /// Packets that the kernel dropped, and those that were read and did not arrive.
    long lost() {
        return sum.required("kernelDrops").asLong()
                + sum.required("received").asLong()
                - acknowledged();
    }
}
