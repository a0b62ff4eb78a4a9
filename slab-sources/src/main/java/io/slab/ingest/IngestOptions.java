package io.slab.ingest;

import io.slab.error.CancellationToken;
import io.slab.model.Limits;
import io.slab.source.ReadOptions;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How an {@link IngestJob} works: {@link #defaults}, and copies of it with one thing changed.
 * Immutable.
 */
public final class IngestOptions {
  private boolean skipBad;
  private long maxErrors = -1;
  private int batchRecords = Limits.MAX_BATCH_RECORDS;
  private boolean dryRun;
  private ResumePoint resume;
  private OutputStream rejects;
  private Consumer<IngestProgress> progress = state -> {};
  private LongSupplier nanoClock = System::nanoTime;
  private ReadOptions reading = ReadOptions.defaults();
  private String onlyNamespace;
  private CancellationToken cancellation = CancellationToken.NONE;

  private IngestOptions() {}

  /** One thread, stop at the first refused record, no rejects, no progress. */
  public static IngestOptions defaults() {
    return new IngestOptions();
  }

  private IngestOptions with(Consumer<IngestOptions> change) {
    IngestOptions copy = new IngestOptions();
    copy.skipBad = skipBad;
    copy.maxErrors = maxErrors;
    copy.batchRecords = batchRecords;
    copy.dryRun = dryRun;
    copy.resume = resume;
    copy.rejects = rejects;
    copy.progress = progress;
    copy.nanoClock = nanoClock;
    copy.reading = reading;
    copy.onlyNamespace = onlyNamespace;
    copy.cancellation = cancellation;
    change.accept(copy);
    return copy;
  }

  /** At most so many threads that work at once, the caller's included. */
  public IngestOptions withThreads(int count) {
    return withSources(reading.withThreads(count), onlyNamespace);
  }

  /** True to go on after a refused record, false to stop at the first. */
  public boolean skipBad() {
    return skipBad;
  }

  /** With {@link #skipBad}, stop when more records than this were refused; -1 for never. */
  public long maxErrors() {
    return maxErrors;
  }

  /** Goes on after refused records, up to {@code most} of them (-1: any number). */
  public IngestOptions skipping(long most) {
    if (most < -1) {
      throw new IllegalArgumentException("max errors " + most);
    }
    return with(copy -> {
      copy.skipBad = true;
      copy.maxErrors = most;
    });
  }

  /** Most records of one batch. */
  public int batchRecords() {
    return batchRecords;
  }

  public IngestOptions withBatchRecords(int count) {
    if (count < 1 || count > Limits.MAX_BATCH_RECORDS) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + Limits.MAX_BATCH_RECORDS + " records, not " + count);
    }
    return with(copy -> copy.batchRecords = count);
  }

  /** True to read and check only. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Reads and checks only. */
  public IngestOptions dry() {
    return with(copy -> copy.dryRun = true);
  }

  /** Where to begin, or null for the beginning. */
  public ResumePoint resume() {
    return resume;
  }

  public IngestOptions resumingAt(ResumePoint point) {
    return with(copy -> copy.resume = point);
  }

  /** Takes one JSON line for each refused record, or null; not closed by the job. */
  public OutputStream rejects() {
    return rejects;
  }

  public IngestOptions withRejects(OutputStream out) {
    return with(copy -> copy.rejects = out);
  }

  /** Called on the job's thread after each block of input and each batch. */
  public Consumer<IngestProgress> progress() {
    return progress;
  }

  public IngestOptions withProgress(Consumer<IngestProgress> listener) {
    return with(copy -> copy.progress = listener);
  }

  /** A clock of nanoseconds with any origin. */
  public LongSupplier nanoClock() {
    return nanoClock;
  }

  public IngestOptions withNanoClock(LongSupplier clock) {
    return with(copy -> copy.nanoClock = clock);
  }

  /** How parts of sources are read, their threads included. */
  public ReadOptions reading() {
    return reading;
  }

  /** Records of sources that name another namespace are refused; null lets all pass. */
  public String onlyNamespace() {
    return onlyNamespace;
  }

  /** How parts of sources are read, and the only namespace that their records may name, or null. */
  public IngestOptions withSources(ReadOptions rules, String namespace) {
    return with(copy -> {
      copy.reading = rules;
      copy.onlyNamespace = namespace;
    });
  }

  /** Asked before each record; when it says so the job stops there, as one to be resumed. */
  public CancellationToken cancellation() {
    return cancellation;
  }

  public IngestOptions withCancellation(CancellationToken token) {
    return with(copy -> copy.cancellation = token);
  }
}
