/// What tests of all modules share: conditions on the machine, programs as oracles, network
/// namespaces.
@NullMarked
package dev.ringtail.testing;

import org.jspecify.annotations.NullMarked;
