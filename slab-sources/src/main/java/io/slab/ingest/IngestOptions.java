package io.slab.ingest;

import io.slab.model.Limits;
import io.slab.source.ReadOptions;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How an {@link IngestJob} works.
 *
 * @param skipBad true to go on after a refused record, false to stop at the first
 * @param maxErrors with {@code skipBad}, stop when more records than this were refused; -1 for
 *     never
 * @param batchRecords most records of one batch
 * @param dryRun true to read and check only
 * @param resume where to begin, or null for the beginning
 * @param rejects takes one JSON line for each refused record, or null; not closed by the job
 * @param progress called on the job's thread after each block of input and each batch
 * @param nanoClock a clock of nanoseconds with any origin
 * @param reading how records are read, and by how many threads
 * @param onlyNamespace records of sources that name another namespace are refused; null lets all
 *     pass
 */
public record IngestOptions(
    boolean skipBad,
    long maxErrors,
    int batchRecords,
    boolean dryRun,
    ResumePoint resume,
    OutputStream rejects,
    Consumer<IngestProgress> progress,
    LongSupplier nanoClock,
    ReadOptions reading,
    String onlyNamespace) {
  public IngestOptions {
    if (maxErrors < -1) {
      throw new IllegalArgumentException("max errors " + maxErrors);
    }
    if (batchRecords < 1 || batchRecords > Limits.MAX_BATCH_RECORDS) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + Limits.MAX_BATCH_RECORDS + " records, not " + batchRecords);
    }
  }

  /** One thread, stop at the first refused record, no rejects, no progress. */
  public static IngestOptions defaults() {
    return new IngestOptions(
        false,
        -1,
        Limits.MAX_BATCH_RECORDS,
        false,
        null,
        null,
        progress -> {},
        System::nanoTime,
        ReadOptions.defaults(),
        null);
  }

  /** At most so many threads that work at once, the caller's included. */
  public IngestOptions withThreads(int count) {
    return withSources(reading.withThreads(count), onlyNamespace);
  }

  /** Goes on after refused records, up to {@code most} of them (-1: any number). */
  public IngestOptions skipping(long most) {
    return new IngestOptions(
        true,
        most,
        batchRecords,
        dryRun,
        resume,
        rejects,
        progress,
        nanoClock,
        reading,
        onlyNamespace);
  }

  public IngestOptions withBatchRecords(int count) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        count,
        dryRun,
        resume,
        rejects,
        progress,
        nanoClock,
        reading,
        onlyNamespace);
  }

  /** Reads and checks only. */
  public IngestOptions dry() {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        true,
        resume,
        rejects,
        progress,
        nanoClock,
        reading,
        onlyNamespace);
  }

  public IngestOptions resumingAt(ResumePoint point) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        dryRun,
        point,
        rejects,
        progress,
        nanoClock,
        reading,
        onlyNamespace);
  }

  public IngestOptions withRejects(OutputStream out) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        dryRun,
        resume,
        out,
        progress,
        nanoClock,
        reading,
        onlyNamespace);
  }

  public IngestOptions withProgress(Consumer<IngestProgress> listener) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        dryRun,
        resume,
        rejects,
        listener,
        nanoClock,
        reading,
        onlyNamespace);
  }

  public IngestOptions withNanoClock(LongSupplier clock) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        dryRun,
        resume,
        rejects,
        progress,
        clock,
        reading,
        onlyNamespace);
  }

  /** How parts of sources are read, and the only namespace that their records may name, or null. */
  public IngestOptions withSources(ReadOptions rules, String namespace) {
    return new IngestOptions(
        skipBad,
        maxErrors,
        batchRecords,
        dryRun,
        resume,
        rejects,
        progress,
        nanoClock,
        rules,
        namespace);
  }
}
