package io.slab.ingest;

import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Moves checked rows of a matrix into a {@link BatchSink}, in their order. Runs once. */
public final class MatrixJob {
  private final MatrixRecords records;
  private final BatchesInFlight inFlight;
  private final int batchRecords;
  private final IntConsumer progress;
  private List<VectorRecord> batch = new ArrayList<>();
  private long batchBytes = RecordSize.OBJECT;

  /**
   * @param batchRecords most records of one batch
   * @param progress told the rows written, after each batch
   */
  public MatrixJob(MatrixRecords records, BatchSink sink, int batchRecords, IntConsumer progress) {
    this.records = records;
    this.inFlight = new BatchesInFlight(sink);
    this.batchRecords = batchRecords;
    this.progress = progress;
  }

  /**
   * Writes all rows.
   *
   * @throws RuntimeException what the sink threw; {@link #written} says how far the job came
   */
  public void run() {
    IntFunction<VectorRecord> reader = records.reader();
    for (int row = 0; row < records.rows(); row++) {
      VectorRecord record = reader.apply(row);
      long size = RecordSize.bytes(record);
      if (batch.size() >= batchRecords || batchBytes + size > Limits.MAX_BATCH_BYTES) {
        write();
      }
      batch.add(record);
      batchBytes += size;
    }
    write();
    inFlight.settleAll();
    progress.accept(written());
  }

  private void write() {
    if (batch.isEmpty()) {
      return;
    }
    inFlight.submit(batch, null);
    batch = new ArrayList<>();
    batchBytes = RecordSize.OBJECT;
    inFlight.settle();
    progress.accept(written());
  }

  /** Rows acknowledged so far: the first ones of the matrix. */
  public int written() {
    return (int) inFlight.written();
  }

  public int batches() {
    return (int) inFlight.acknowledged();
  }

  /** LSN of the first row, -1 when nothing was written. */
  public long firstLsn() {
    return inFlight.firstLsn();
  }

  /** LSN of the last row written, -1 when there is none. */
  public long lastLsn() {
    return inFlight.lastLsn();
  }
}
