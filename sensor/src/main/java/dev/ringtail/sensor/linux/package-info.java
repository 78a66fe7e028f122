/// Linux as the capture engine sees it: libc functions under their man-page names, kernel structs,
/// and a policy layer that turns errno into call, name and remedy. The only package of the sensor
/// that links native code.
@NullMarked
package dev.ringtail.sensor.linux;

import org.jspecify.annotations.NullMarked;
