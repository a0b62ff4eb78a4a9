package io.slab.ingest;

import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RefusalKinds;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves the records of parts of sources into a {@link BatchSink}, in order, in bounded memory. A
 * record that breaks a rule is refused with its place; the job then stops ({@link
 * IngestSummary.Outcome#ABORTED}) after everything before it was acknowledged, or goes on. An id
 * that comes twice is simply written twice: the last one wins.
 *
 * <p>A job runs once, on the thread that calls {@link #run}, with helpers as its options allow. The
 * token of its options stops it at the next record, from any thread; what was acknowledged stays.
 */
public final class IngestJob {
  /** How often progress is reported and refused records are written out. */
  private static final int REPORT_RECORDS = 256;

  private final List<SourcePart> inputs;
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
  private SourceProblem firstRefused;
  private final RefusalKinds refusals = new RefusalKinds();
  private SourceProblem problem;
  private final NoteTally notes = new NoteTally();
  private long read;
  private long rejected;
  private long bytes;

  /** True while the inputs are asked for the next record: a failure is theirs then. */
  private boolean asking;

  /**
   * @param sink where batches go; null only for a dry run
   * @param inputs parts of sources, each with a name of its own
   * @throws InvalidInputException when the options resume in a file that is not among the inputs
   */
  public IngestJob(List<SourcePart> inputs, IndexSpec spec, BatchSink sink, IngestOptions options) {
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

  private static LineFloor floor(List<SourcePart> inputs, ResumePoint resume) {
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

  private static long totalBytes(List<SourcePart> inputs) {
    long total = 0;
    for (SourcePart input : inputs) {
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
    ReadOptions reading = options.reading().forIndex(spec);
    try (PartRecords records = new PartRecords(inputs, floor, reading, options.onlyNamespace())) {
      work(records);
    } catch (RuntimeException | Error e) {
      if (asking && e instanceof SlabException) {
        writeRead(e);
      }
      awaitAll(e);
      throw e;
    } finally {
      flushRejects();
    }
    report();
    return summary();
  }

  private void work(PartRecords records) {
    while (!stopped() && next(records)) {
      take(records);
      if (read % REPORT_RECORDS == 0 || stopped()) {
        bytes = records.bytes();
        inFlight.settle();
        flushRejects();
        report();
      }
    }
    boolean whole = !stopped();
    if (whole) {
      bytes = records.bytes();
      writeBatch();
    }
    inFlight.settleAll();
    if (whole) {
      outcome = IngestSummary.Outcome.COMPLETED;
    }
  }

  private boolean next(PartRecords records) {
    asking = true;
    boolean more = records.next();
    asking = false;
    return more;
  }

  /** Where an input fails what was read before is whole, and may have cost much to make. */
  private void writeRead(Throwable trouble) {
    try {
      writeBatch();
    } catch (RuntimeException e) {
      trouble.addSuppressed(e);
    }
  }

  /** What is on its way may arrive after another failure; then it counts. */
  private void awaitAll(Throwable trouble) {
    try {
      inFlight.settleAll();
    } catch (RuntimeException | Error e) {
      if (e != trouble) {
        trouble.addSuppressed(e);
      }
    }
  }

  private boolean stopped() {
    if (outcome == IngestSummary.Outcome.UNFINISHED && options.cancellation().isCancelled()) {
      outcome = IngestSummary.Outcome.CANCELLED;
    }
    return outcome != IngestSummary.Outcome.UNFINISHED;
  }

  private void take(PartRecords records) {
    long number = records.number();
    reached = resumePoint(records.part(), number);
    read++;
    VectorRecord record = records.record();
    if (record == null) {
      refuse(records.reject());
    } else {
      List<Note> done = records.notes();
      if (!done.isEmpty()) {
        notes.add(done, records.position());
      }
      add(record);
    }
    if (!stopped()) {
      reached = resumePoint(records.part(), number + 1);
    }
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
    refusals.add(reject.problem());
    firstRefused = firstRefused == null ? reject.problem() : firstRefused;
    if (rejects != null) {
      rejects.write(reject);
      if (inputs.size() == 1 && totalBytes < 0) {
        // A pipe may be silent for long after it.
        rejects.flush();
      }
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

  /** So that a user who watches the rejects sees them while the job goes on. */
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
        refusals.all(),
        problem,
        outcome == IngestSummary.Outcome.COMPLETED ? null : first,
        notes.counts());
  }
}
