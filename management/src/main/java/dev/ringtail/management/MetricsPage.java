package dev.ringtail.management;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.util.List;

/// The text of `/metrics`: [Metric]s of what is managed, and the JVM's.
final class MetricsPage implements AutoCloseable {
    /// Media type of Prometheus's own text format.
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /// Media type of OpenMetrics.
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PolledMeters meters = new PolledMeters(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final String version;

    /// @param version version of the software
    MetricsPage(String version) {
        this.version = version;
        List<MeterBinder> jvm =
                List.of(
                        new ClassLoaderMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new FileDescriptorMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        collections);
        jvm.forEach(binder -> binder.bindTo(registry));
    }

    /// Reads all metrics now.
    ///
    /// @param mediaType one of the two
    synchronized String read(Managed managed, String mediaType) {
        Samples samples = new Samples();
        samples.add(Metric.BUILD_INFO, 1, version);
        samples.add(Metric.READY, managed.troubles().isEmpty() ? 1 : 0);
        managed.collect(samples);
        meters.show(samples);
        return registry.scrape(mediaType);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
