package io.slab.ingest;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves the records of JSON-lines inputs, or of parts of sources, into a {@link BatchSink}, in
 * order, in bounded memory. A record that breaks a rule is refused with its file and line; the job
 * then stops ({@link IngestSummary.Outcome#ABORTED}) after everything before it was acknowledged,
 * or goes on. An id that comes twice is simply written twice: the last one wins.
 *
 * <p>A job runs once, on the thread that calls {@link #run}, with helpers as its options allow. The
 * token of its options stops it at the next record, from any thread; what was acknowledged stays.
 */
public final class IngestJob {
  private final List<IngestInput> inputs;
  private final IndexSpec spec;
  private final BatchesInFlight inFlight;
  private final IngestOptions options;
  private final RejectsWriter rejects;
  private final LineFloor floor;
  private final long totalBytes;
  private final long began;

  private List<VectorRecord> batch = new ArrayList<>();
  private long batchBytes = RecordSize.OBJECT;

  /** The line after the last one that was worked through. */
  private ResumePoint reached;

  /** The first line whose record waits in the batch, or null while the batch is empty. */
  private ResumePoint pending;

  private IngestSummary.Outcome outcome = IngestSummary.Outcome.UNFINISHED;
  private RecordProblem firstRefused;
  private RecordProblem problem;
  private final NoteTally notes = new NoteTally();
  private long read;
  private long rejected;
  private long bytes;

  /**
   * @param sink where batches go; null only for a dry run
   * @param inputs all JSON lines, or all parts of sources
   * @throws InvalidInputException when the options resume in a file that is not among the inputs
   */
  public IngestJob(
      List<IngestInput> inputs, IndexSpec spec, BatchSink sink, IngestOptions options) {
    if (sink == null && !options.dryRun()) {
      throw new IllegalArgumentException("a job that is no dry run needs a sink");
    }
    this.inputs = List.copyOf(inputs);
    this.spec = spec;
    this.inFlight = new BatchesInFlight(sink);
    this.options = options;
    rejects = options.rejects() == null ? null : new RejectsWriter(options.rejects());
    floor = floor(this.inputs, options.resume());
    totalBytes = totalBytes(this.inputs);
    reached = this.inputs.isEmpty() ? null : resumePoint(floor.input(), floor.line());
    began = options.nanoClock().getAsLong();
  }

  private static LineFloor floor(List<IngestInput> inputs, ResumePoint resume) {
    if (resume == null) {
      return new LineFloor(0, 1);
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(resume.file())) {
        return new LineFloor(i, resume.line());
      }
    }
    throw new InvalidInputException(
        "the resume token " + resume.token() + " names a file that is not among the inputs",
        "name the same files in the same order as in the run that printed the token");
  }

  private static long totalBytes(List<IngestInput> inputs) {
    long total = 0;
    for (IngestInput input : inputs) {
      if (input.bytes() < 0) {
        return -1;
      }
      total += input.bytes();
    }
    return total;
  }

  /**
   * Does the work.
   *
   * @throws RuntimeException what an input or the sink threw; {@link #summary} then says how far
   *     the job came
   */
  public IngestSummary run() {
    try (ParsedBlocks blocks = open()) {
      work(blocks);
    } catch (RuntimeException | Error e) {
      awaitAll(e);
      throw e;
    } finally {
      flushRejects();
    }
    report();
    return summary();
  }

  private void work(ParsedBlocks blocks) {
    ParsedBlock block = blocks.next();
    while (block != null && !stopped()) {
      work(block);
      inFlight.settle();
      flushRejects();
      report();
      block = stopped() ? null : blocks.next();
    }
    boolean whole = !stopped();
    if (whole) {
      writeBatch();
    }
    inFlight.settleAll();
    if (whole) {
      outcome = IngestSummary.Outcome.COMPLETED;
    }
  }

  /** What is on its way may arrive yet, whatever else went wrong; then it counts. */
  private void awaitAll(Throwable trouble) {
    try {
      inFlight.settleAll();
    } catch (RuntimeException | Error e) {
      if (e != trouble) {
        trouble.addSuppressed(e);
      }
    }
  }

  private ParsedBlocks open() {
    if (!inputs.isEmpty() && inputs.getFirst().part() != null) {
      return new SourceBlocks(inputs, spec, floor, options.reading(), options.onlyNamespace());
    }
    InputBlocks blocks = new InputBlocks(inputs, floor.input());
    return options.threads() == 1
        ? new SerialBlocks(blocks, spec, floor)
        : new ParallelBlocks(blocks, spec, floor, options.threads() - 1);
  }

  private boolean stopped() {
    if (outcome == IngestSummary.Outcome.UNFINISHED && options.cancellation().isCancelled()) {
      outcome = IngestSummary.Outcome.CANCELLED;
    }
    return outcome != IngestSummary.Outcome.UNFINISHED;
  }

  private void work(ParsedBlock block) {
    for (ParsedBlock.Line line : block.lines()) {
      if (stopped()) {
        return;
      }
      reached = resumePoint(block.input(), line.number());
      read++;
      if (line.record() != null) {
        notes.add(line.notes(), line.position());
        add(line.record());
      } else {
        refuse(line.reject());
      }
      if (!stopped()) {
        reached = resumePoint(block.input(), line.number() + 1);
      }
    }
    bytes += block.bytes();
  }

  private ResumePoint resumePoint(int input, long line) {
    return new ResumePoint(inputs.get(input).name(), line);
  }

  private void add(VectorRecord record) {
    if (options.dryRun()) {
      return;
    }
    long size = RecordSize.bytes(record);
    if (batch.size() >= options.batchRecords() || batchBytes + size > Limits.MAX_BATCH_BYTES) {
      writeBatch();
    }
    if (batch.isEmpty()) {
      pending = reached;
    }
    batch.add(record);
    batchBytes += size;
  }

  private void refuse(Reject reject) {
    rejected++;
    firstRefused = firstRefused == null ? reject.problem() : firstRefused;
    if (rejects != null) {
      rejects.write(reject);
    }
    boolean tooMany = options.maxErrors() >= 0 && rejected > options.maxErrors();
    if (!options.skipBad() || tooMany) {
      writeBatch();
      inFlight.settleAll();
      problem = reject.problem();
      outcome = IngestSummary.Outcome.ABORTED;
    }
  }

  private void writeBatch() {
    if (batch.isEmpty()) {
      return;
    }
    inFlight.submit(batch, pending);
    // A new list: the sink may keep the one it was given.
    batch = new ArrayList<>();
    batchBytes = RecordSize.OBJECT;
    pending = null;
    inFlight.settle();
    flushRejects();
    report();
  }

  /** So that whoever watches the rejects sees them while the job goes on. */
  private void flushRejects() {
    if (rejects != null) {
      rejects.flush();
    }
  }

  private void report() {
    options
        .progress()
        .accept(
            new IngestProgress(
                read,
                inFlight.written(),
                rejected,
                bytes,
                totalBytes,
                options.nanoClock().getAsLong() - began));
  }

  /** What the job did so far; after {@link #run} threw, how far it came. On the job's thread. */
  public IngestSummary summary() {
    ResumePoint first = pending != null ? pending : reached;
    first = inFlight.first() != null ? inFlight.first() : first;
    return new IngestSummary(
        outcome,
        read,
        inFlight.written(),
        rejected,
        inFlight.acknowledged(),
        inFlight.firstLsn(),
        inFlight.lastLsn(),
        bytes,
        options.nanoClock().getAsLong() - began,
        firstRefused,
        problem,
        outcome == IngestSummary.Outcome.COMPLETED ? null : first,
        notes.counts());
  }
}
