/// The images and docker-compose.yml, run as a stranger would run them.
@NullMarked
package dev.ringtail.demo.container;

import org.jspecify.annotations.NullMarked;
