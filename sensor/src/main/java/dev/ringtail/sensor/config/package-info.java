/// The sensor's configuration: a YAML file into validated records.
@NullMarked
package dev.ringtail.sensor.config;

import org.jspecify.annotations.NullMarked;
