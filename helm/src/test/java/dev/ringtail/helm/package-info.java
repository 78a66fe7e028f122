/// The chart in the folder `ringtail`: rendered by Helm itself (helm-java), read strictly, held
/// against what the sensor and the consumers take.
@NullMarked
package dev.ringtail.helm;

import org.jspecify.annotations.NullMarked;
