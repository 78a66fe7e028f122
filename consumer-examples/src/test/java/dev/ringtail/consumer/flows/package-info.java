/// Tests of the flow analysis: against naive maps, published vectors and tshark.
@NullMarked
package dev.ringtail.consumer.flows;

import org.jspecify.annotations.NullMarked;
