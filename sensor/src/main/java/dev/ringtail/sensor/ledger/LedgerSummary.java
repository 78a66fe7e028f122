package dev.ringtail.sensor.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// The ledger as JSON, for programs (`--summary FILE`).
///
/// Every term is there by name, zeros included, counted in packets; `bytes` holds the same terms in
/// bytes, where they have bytes. `excluded`, `shed` and `rejected` are objects by reason.
public final class LedgerSummary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private LedgerSummary() {}

    /// Writes a summary, replacing what the file held.
    ///
    /// @throws IOException if the file cannot be written
    public static void write(SensorReport report, Path file) throws IOException {
        write(toTree(report), file);
    }

    /// Writes a tree in which summaries are.
    ///
    /// @throws IOException if the file cannot be written
    public static void write(ObjectNode tree, Path file) throws IOException {
        Files.writeString(file, toJson(tree) + System.lineSeparator());
    }

    /// The summary as indented JSON text.
    public static String toJson(SensorReport report) {
        return toJson(toTree(report));
    }

    private static String toJson(ObjectNode tree) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON of a tree in memory", e);
        }
    }

    /// The summary as a tree.
    public static ObjectNode toTree(SensorReport report) {
        ObjectNode root = emptyTree();
        root.put("sensorId", report.getSensorId());
        root.put("sessionId", report.getSessionId());
        root.put("startTime", instantOf(report.getStartTimeNs()).toString());
        root.put("endTime", instantOf(report.getReportTimeNs()).toString());
        root.put("balanced", Balance.check(report).isEmpty());
        root.set("total", total(report.getLanes()));
        for (LaneLedger lane : report.getLanes()) {
            ObjectNode node = root.withArray("lanes").addObject();
            node.put("lane", lane.getLane());
            node.put("interface", lane.getInterfaceName());
            putTerms(node, lane);
        }
        root.withArray("lanes");
        ArrayNode captures = root.putArray("captures");
        report.getCaptures().forEach(capture -> putCapture(captures.addObject(), capture));
        ArrayNode gaps = root.putArray("gaps");
        report.getGaps().forEach(gap -> putGap(gaps.addObject(), gap));
        ArrayNode interfaces = root.putArray("interfaces");
        report.getInterfaces().forEach(losses -> putLosses(interfaces.addObject(), losses));
        return root;
    }

    /// The sum of lanes, those of several sessions too, as a tree.
    public static ObjectNode total(List<LaneLedger> lanes) {
        ObjectNode node = emptyTree();
        putTerms(node, LedgerTotal.of(lanes));
        return node;
    }

    /// A tree to put summaries into.
    public static ObjectNode emptyTree() {
        return JSON.createObjectNode();
    }

    private static void putCapture(ObjectNode node, CaptureReport capture) {
        node.put("captureId", capture.getCaptureId());
        node.put("interface", capture.getInterfaceName());
        node.put("interfaceIndex", capture.getInterfaceIndex());
        node.put("networkNamespaceInode", capture.getNetworkNamespaceInode());
        node.put("linkType", capture.getLinkType());
        node.put("snapLength", capture.getSnapLength());
        node.put("filter", capture.getFilter());
        node.put("headersOnly", capture.getHeadersOnly());
        node.put("sampledOneIn", capture.getSampledOneIn());
        node.put("attached", instantOrNull(capture.getAttachedNs()));
        node.put("detached", instantOrNull(capture.getDetachedNs()));
        node.put("detachReason", capture.getDetachReason());
    }

    private static void putLosses(ObjectNode node, InterfaceReport losses) {
        node.put("interface", losses.getInterfaceName());
        node.put("rxMissed", losses.getRxMissed());
        node.put("rxFifo", losses.getRxFifo());
        node.put("rxDropped", losses.getRxDropped());
        node.put("softnetDropped", losses.getSoftnetDropped());
    }

    private static @Nullable String instantOrNull(long timeNs) {
        return timeNs == 0 ? null : instantOf(timeNs).toString();
    }

    private static void putGap(ObjectNode node, GapReport gap) {
        node.put("interface", gap.getInterfaceName());
        node.put("from", instantOf(gap.getFromNs()).toString());
        node.put("to", instantOrNull(gap.getToNs()));
        node.put("reason", gap.getReason());
    }

    private static void putTerms(ObjectNode node, LaneLedger lane) {
        node.put("kernelPackets", lane.getKernelPackets());
        node.put("kernelDrops", lane.getKernelDrops());
        node.put("ringFreezes", lane.getRingFreezes());
        ObjectNode rollover = node.putObject("rollover");
        rollover.put("all", lane.getRolledOver());
        rollover.put("huge", lane.getRolledOverHuge());
        rollover.put("failed", lane.getRolloverFailed());
        putTallies(node, lane, Tally::getPackets);
        putTallies(node.putObject("bytes"), lane, Tally::getBytes);
    }

    private static void putTallies(ObjectNode node, LaneLedger lane, ToLongFunction<Tally> part) {
        node.put("received", part.applyAsLong(lane.getReceived()));
        node.put("published", part.applyAsLong(lane.getPublished()));
        ObjectNode excluded = node.putObject("excluded");
        excluded.put("ownTraffic", part.applyAsLong(lane.getExcludedOwnTraffic()));
        excluded.put("outgoing", part.applyAsLong(lane.getExcludedOutgoing()));
        excluded.put("sampledOut", part.applyAsLong(lane.getExcludedSampledOut()));
        excluded.put("staleFilter", part.applyAsLong(lane.getExcludedStaleFilter()));
        node.put("malformed", part.applyAsLong(lane.getMalformed()));
        putReasons(node.putObject("shed"), lane.getShed(), part);
        node.put("pending", part.applyAsLong(lane.getPending()));
        node.put("acknowledged", part.applyAsLong(lane.getAcknowledged()));
        putReasons(node.putObject("rejected"), lane.getRejected(), part);
        node.put("unknown", part.applyAsLong(lane.getUnknown()));
        node.put("inFlight", part.applyAsLong(lane.getInFlight()));
        node.put("spooled", part.applyAsLong(lane.getSpooled()));
        node.put("cut", part.applyAsLong(lane.getCut()));
    }

    private static void putReasons(
            ObjectNode node, Map<String, Tally> byReason, ToLongFunction<Tally> part) {
        new TreeMap<>(byReason)
                .forEach((reason, tally) -> node.put(reason, part.applyAsLong(tally)));
    }

    static Instant instantOf(long timeNs) {
        return Instant.ofEpochSecond(
                Math.floorDiv(timeNs, NANOS_PER_SECOND), Math.floorMod(timeNs, NANOS_PER_SECOND));
    }
}
