/// What a run found, for people (table, chart) and for programs (JSON).
@NullMarked
package dev.ringtail.bench.report;

import org.jspecify.annotations.NullMarked;
