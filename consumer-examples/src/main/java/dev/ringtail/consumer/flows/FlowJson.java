package dev.ringtail.consumer.flows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.ringtail.schema.FlowRecord;

import org.apache.avro.Schema;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Flow records as JSON: an object on one line, with the schema's fields in the schema's order.
final class FlowJson {
    private static final JsonFactory JSON = new JsonFactory();

    private FlowJson() {}

    /// The record as one line, without the line's end.
    static String line(FlowRecord flow) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            for (Schema.Field field : flow.getSchema().getFields()) {
                write(out, field.name(), flow.get(field.pos()));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, String name, Object value) throws IOException {
        switch (value) {
            case Integer number -> out.writeNumberField(name, number);
            case Long number -> out.writeNumberField(name, number);
            case Boolean flag -> out.writeBooleanField(name, flag);
            default -> out.writeStringField(name, value.toString());
        }
    }
}
