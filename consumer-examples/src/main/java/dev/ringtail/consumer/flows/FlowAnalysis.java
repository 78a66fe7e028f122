package dev.ringtail.consumer.flows;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.consumer.CommandException;
import dev.ringtail.management.Managed;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.Topics;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The flow analysis service: reads the packets topic, writes bidirectional flows into the flows
/// topic, each packet in exactly one record, whatever is repeated, restarted or late.
///
/// Processes with the same topic prefix share the partitions. Its records are whole for consumers
/// with `isolation.level=read_committed`. Methods may be called from any thread.
public final class FlowAnalysis implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FlowAnalysis.class);

    /// Less than [dev.ringtail.consumer.Interruption] waits, or nobody would hear how it ended.
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    /// State of a thread that has its tasks.
    private static final String RUNNING = "RUNNING";

    private final FlowAnalysisConfig config;
    private final FlowTopics topics;
    private final FlowCounters counters = new FlowCounters();
    private final EndOfInput endOfInput = new EndOfInput();
    private final KafkaStreams streams;
    private volatile @Nullable Throwable failure;

    private FlowAnalysis(FlowAnalysisConfig config, FlowTopics topics, SchemaLookup schemas) {
        this.config = config;
        this.topics = topics;
        this.streams =
                new KafkaStreams(
                        FlowTopology.of(
                                config.topics(),
                                config.timeouts(),
                                counters,
                                endOfInput,
                                schemas,
                                config.wireFormat()),
                        new StreamsConfig(config.streamsProperties()));
        streams.setUncaughtExceptionHandler(this::respond);
    }

    /// Goes on, with another thread and what was committed, where Kafka did not answer in time: it
    /// may come back.
    private StreamThreadExceptionResponse respond(Throwable fault) {
        if (isTransient(fault)) {
            LOGGER.atWarn()
                    .addKeyValue("fault", KafkaFaults.describe(fault))
                    .log("Kafka did not answer; the analysis goes on from what is committed");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOGGER.debug("flow analysis failed", fault);
        failure = fault;
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private static boolean isTransient(@Nullable Throwable fault) {
        return fault != null
                && (fault instanceof RetriableException || isTransient(fault.getCause()));
    }

    /// Starts the analysis where its last run has left off, or at the beginning of the packets
    /// topic; makes the flows topic unless it is there. Returns before the first packet is read.
    ///
    /// @param schemas finds the schemas of batches that another version wrote; asked by any thread
    ///   of the analysis
    /// @throws CommandException if Kafka can't be reached or the packets topic does not exist
    public static FlowAnalysis start(FlowAnalysisConfig config, SchemaLookup schemas) {
        FlowTopics topics = new FlowTopics(config.clientProperties(), config.topics());
        try {
            topics.createFlows();
            FlowAnalysis analysis = new FlowAnalysis(config, topics, schemas);
            analysis.startStreams();
            return analysis;
        } catch (RuntimeException e) {
            topics.close();
            throw e;
        }
    }

    private void startStreams() {
        try {
            streams.start();
        } catch (StreamsException e) {
            streams.close();
            throw new CommandException(
                    "flow analysis cannot start in %s: %s; does another process use this folder?"
                            .formatted(config.stateFolder(), e.getMessage()),
                    e);
        }
    }

    /// What was done in this process so far.
    public FlowCounters counters() {
        return counters;
    }

    /// What a management endpoint tells of the analysis.
    public Managed managed() {
        return new ManagedFlows(streams, config.topics().packets(), counters, () -> failure);
    }

    /// The open flows with most octets since their last record, most first, as records without an
    /// end reason. A snapshot of the partitions of this process; empty while Kafka Streams moves
    /// partitions.
    public List<FlowRecord> busiest(int count) {
        return BusiestFlows.of(streams, count);
    }

    /// Ends the analysis in order: reads up to where the packets topic ends now, writes a record of
    /// each open flow in the partitions of this process, commits, and closes.
    ///
    /// @param progress is told how far reading has come
    /// @throws CommandException if the analysis fails or stands still; what was not committed is
    ///   done again by the next run
    public void finish(ProgressListener progress) {
        try {
            new CatchUp(topics, config.applicationId(), this::checkRunning)
                    .await(endOffsets(), this::isReady, progress);
            endOfInput.reach();
            CatchUp.await("open flows are written", this::isFlushed, this::checkRunning);
        } finally {
            close();
        }
        checkRunning();
    }

    /// Ends of the partitions that have any record to read.
    private Map<TopicPartition, Long> endOffsets() {
        List<TopicPartition> partitions = topics.packetsPartitions();
        Map<TopicPartition, Long> ends = topics.endOffsets(partitions);
        Map<TopicPartition, Long> begins = topics.beginOffsets(partitions);
        ends.entrySet().removeIf(end -> end.getValue().equals(begins.get(end.getKey())));
        return ends;
    }

    private boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /// Whether each task that this process has now has written its open flows. While a thread
    /// begins, or tasks are handed out, nobody knows which those are.
    private boolean isFlushed() {
        try {
            Collection<ThreadMetadata> threads = streams.metadataForLocalThreads();
            return isReady()
                    && !threads.isEmpty()
                    && threads.stream().allMatch(thread -> thread.threadState().equals(RUNNING))
                    && endOfInput.isFlushed(
                            threads.stream()
                                    .flatMap(thread -> thread.activeTasks().stream())
                                    .map(TaskMetadata::taskId)
                                    .toList());
        } catch (IllegalStateException e) {
            LOGGER.debug("the analysis ends by itself", e);
            return false;
        }
    }

    /// @throws CommandException if the analysis has failed
    void checkRunning() {
        Throwable fault = failure;
        if (fault != null) {
            throw new CommandException(
                    "flow analysis failed: " + KafkaFaults.describe(fault, rights()), fault);
        }
    }

    /// Kafka Streams does not say what it was about.
    private String rights() {
        Topics names = config.topics();
        return """
        READ on group %1$s and on topics %2$s and %3$s, WRITE on topic %4$s, WRITE on \
        transactional ids that begin with %1$s-, and CREATE, READ and WRITE on topics that \
        begin so\
        """
                .formatted(config.applicationId(), names.packets(), names.schemas(), names.flows());
    }

    /// Stops where it is, and commits that. Open flows stay in the state store for the next run.
    ///
    /// @throws CommandException if it does not stop in time; what was not committed is done again
    ///   by the next run
    @Override
    public void close() {
        try {
            // Leaving the group spares the next run the wait for this one's session to expire.
            if (!streams.close(
                    CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                            .withTimeout(CLOSE_TIMEOUT))) {
                throw new CommandException(
                        "flow analysis did not stop within %d s; the next run takes up its work"
                                .formatted(CLOSE_TIMEOUT.toSeconds()));
            }
        } finally {
            topics.close();
        }
    }
}
