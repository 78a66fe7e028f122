# The images of Ringtail, by --target:
#   sensor          the sensor alone; as uid 0 with CAP_NET_RAW and nothing else
#   sensor-nonroot  the same as uid 10001, with the capability on the JVM's file
#   consumers       export, flows, verify; no privileges
#   traffic         what docker-compose.yml has captured
# From a clone, with BuildKit or without:  docker build --target sensor -t ringtail/sensor .
# Where no Maven repository can be reached, jars of `mvn -DskipTests package` are taken: --build-arg JARS=prebuilt
# docs/how-to/run-in-containers.md says how they are run.

# Tags move. A digest pins them: --build-arg BASE_IMAGE=docker.io/library/debian:bookworm-slim@sha256:…
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

# The Java runtime. jdeps also names java.desktop and java.sql: for beans and types of databases, which libraries support
# and nothing here uses. It does not see what is looked up by name: Kerberos for SASL, JFR and jcmd for whoever looks
# into a running sensor.
FROM ${JDK_IMAGE} AS runtime
ARG SOURCE_DATE_EPOCH=1793491200
RUN jlink --output /opt/ringtail/runtime --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 --add-modules \
java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.xml,\
jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.security.auth,jdk.unsupported \
    && find /opt/ringtail -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

# The jars. Without BuildKit every stage is run, so that where they come from is a choice within this one.
FROM ${JDK_IMAGE} AS jars
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
ARG JARS=source
ARG SOURCE_DATE_EPOCH=1793491200
WORKDIR /src
COPY . .
RUN case $JARS in \
      prebuilt) ;; \
      source) \
        apt-get update \
        && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends maven \
        && mvn -B -Dmaven.test.skip=true -Dformat.skip=true -Dgit.commit.id.describe="$REVISION" \
             -pl sensor,consumer-examples -am clean package ;; \
      *) echo "JARS=$JARS; allowed: source, prebuilt" >&2; exit 2 ;; \
    esac
RUN for module in sensor consumer-examples; do \
      mkdir -p "/out/$module/bin" \
      && cp "$module/target/$module-$VERSION.jar" "/out/$module/ringtail.jar" \
      && cp -r "$module/target/lib" "$module/target/sbom.json" "/out/$module/" \
      && cp container/ringtail container/healthcheck "/out/$module/bin/" \
      && sed -n '/^jvm_flags() {/,/^}/p' ringtail >"/out/$module/bin/jvm-flags" \
      || exit 1; \
    done \
    && chmod -R a+rX /out && find /out -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

FROM ${BASE_IMAGE} AS base
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libpcap0.8 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache
COPY --from=runtime /opt/ringtail/runtime /opt/ringtail/runtime
ENV LANG=C.UTF-8

FROM base AS sensor
ARG BASE_IMAGE
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Ringtail sensor" \
      org.opencontainers.image.description="Captures packets into Kafka: whole, in order, accounted for" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
COPY --from=jars /out/sensor /opt/ringtail
# The AOT cache: classes as they are after a start (JEP 483, 514, 515). The run that is recorded is a start that finds
# no broker, and so ends with 1; a builder without CAP_NET_RAW has it end earlier, and gets a smaller cache.
RUN JAVA_OPTS=-XX:AOTCacheOutput=/opt/ringtail/ringtail.aot /opt/ringtail/bin/ringtail \
      sensor -i lo --bootstrap-server 127.0.0.1:1; \
    test -s /opt/ringtail/ringtail.aot && rm -rf /tmp/* \
    && JAVA_OPTS=-XX:AOTMode=on /opt/ringtail/bin/ringtail --version
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/opt/ringtail/bin/healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/ringtail/bin/ringtail"]
CMD ["sensor", "--config", "/etc/ringtail/sensor.yaml"]

# A file with a capability has the loader ignore where it lies (ld.so(8), secure-execution mode), so the loader is told
# where the JVM's libraries are.
FROM sensor AS sensor-nonroot
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libcap2-bin \
    && printf '%s\n' /opt/ringtail/runtime/lib /opt/ringtail/runtime/lib/server >/etc/ld.so.conf.d/ringtail.conf \
    && ldconfig \
    && setcap cap_net_raw+ep /opt/ringtail/runtime/bin/java \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log /var/cache/ldconfig/aux-cache
USER 10001:10001

FROM base AS consumers
ARG BASE_IMAGE
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Ringtail consumers" \
      org.opencontainers.image.description="Reads captured packets from Kafka: export, flows, verify" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
COPY --from=jars /out/consumer-examples /opt/ringtail
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/ringtail/bin/ringtail"]
CMD ["--help"]

FROM ${BASE_IMAGE} AS traffic
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iperf3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
USER 10001:10001
ENTRYPOINT ["iperf3"]
