package dev.ringtail.sensor.interfaces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ringtail.pcap.LinkType;

import java.io.UncheckedIOException;
import java.util.List;

/// Interfaces as a JSON array for programs. Every object has every field; what is not known is
/// null.
final class InterfaceJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InterfaceJson() {}

    static String of(List<InterfaceDescription> interfaces) {
        ArrayNode all = JSON.createArrayNode();
        interfaces.forEach(each -> put(all.addObject(), each));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON of a tree in memory", e);
        }
    }

    private static void put(ObjectNode node, InterfaceDescription each) {
        node.put("name", each.name());
        node.put("index", each.index());
        node.put("linkType", each.linkType());
        node.put("linkTypeName", LinkType.name(each.linkType()));
        node.put("cooked", each.cooked());
        node.put("mtuBytes", each.mtuBytes().isPresent() ? each.mtuBytes().getAsInt() : null);
        node.put("state", each.state().toString());
        node.put("kind", each.kind().isEmpty() ? null : each.kind());
        node.put(
                "rxQueueCount",
                each.rxQueueCount().isPresent() ? each.rxQueueCount().getAsInt() : null);
        each.offloads()
                .ifPresentOrElse(
                        on ->
                                node.putObject("offloads")
                                        .put("gro", on.gro())
                                        .put("lro", on.lro())
                                        .put("tso", on.tso())
                                        .put("gso", on.gso()),
                        () -> node.putNull("offloads"));
        node.put("largestFrameBytes", each.largestFrameBytes());
        node.put("hardwareTimestamps", each.hardwareTimestamps().orElse(null));
        node.put("promiscuous", each.promiscuous());
        node.put("capturable", each.capturable());
        node.put("problem", each.capturable() ? null : each.problem());
    }
}
