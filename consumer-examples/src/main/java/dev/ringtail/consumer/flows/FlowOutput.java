package dev.ringtail.consumer.flows;

/// Forms in which `flows` prints.
enum FlowOutput {
    /// Columns for people.
    TABLE,
    /// One line of JSON a record, with the schema's field names.
    JSON,
    /// Nothing: the analysis alone, as a service.
    NONE
}
