/// Audit of the packets topic against the sensors' ledgers.
@NullMarked
package dev.ringtail.consumer.verify;

import org.jspecify.annotations.NullMarked;
