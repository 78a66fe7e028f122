/// `ringtail interfaces`: what can be captured here, what a capture of it would see, and why not.
@NullMarked
package dev.ringtail.sensor.interfaces;

import org.jspecify.annotations.NullMarked;
