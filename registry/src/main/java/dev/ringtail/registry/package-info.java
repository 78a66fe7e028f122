/// Schema registries that speak Confluent's REST API: [SchemaRegistry] is the client,
/// [RegistrySettings] what it is told by the operator, [RegisteredFormat] the wire format of those
/// who write and [RegistryLookup] the schemas for those who read.
@NullMarked
package dev.ringtail.registry;

import org.jspecify.annotations.NullMarked;
