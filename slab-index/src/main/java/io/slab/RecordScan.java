package io.slab;

import io.slab.format.SlabInput;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;

/**
 * The records of one part of a snapshot, one after the other, as they are stored: in unsigned order
 * of the UTF-8 bytes of their ids, or in the order of the cells of a slab that has some. Only what
 * is asked for of a record is read and decoded.
 *
 * <p><b>Threads.</b> One thread only; other scans may run beside it.
 *
 * <p><b>Memory.</b> A few decoded blocks of the slab; of a remote slab 1,000 records are fetched at
 * once. A scan of what is in the log holds these records. Close it.
 *
 * <p><b>Exceptions.</b> As the package says: {@link io.slab.error.CorruptException} for damage,
 * which every read checks for, {@link io.slab.error.MissingException} when gc took the slab
 * meanwhile. {@link IllegalStateException} when there is no current record.
 */
public final class RecordScan implements AutoCloseable {
  private final SlabInput.Cursor rows;
  private final boolean derivedSparse;
  private boolean here;
  private boolean closed;

  /**
   * @param derivedSparse true when sparse values are the terms of texts, which are not shown
   */
  RecordScan(SlabInput.Cursor rows, boolean derivedSparse) {
    this.rows = rows;
    this.derivedSparse = derivedSparse;
  }

  /** Steps to the next record, at first to the first one; false at the end. */
  public boolean next() {
    if (closed) {
      throw new IllegalStateException("the scan is closed");
    }
    here = rows.next();
    return here;
  }

  private SlabInput.Cursor row() {
    if (!here || closed) {
      throw new IllegalStateException("there is no current record");
    }
    return rows;
  }

  /** The id. */
  public String id() {
    return Utf8.string(row().id());
  }

  /** The id as UTF-8 bytes, not to be changed. */
  public byte[] idBytes() {
    return row().id();
  }

  /** Log sequence number of the write that made the record what it is. */
  public long lsn() {
    return row().lsn();
  }

  /**
   * Dense values, as many as the dimension says; null in a sparse index. The array is the scan's:
   * not to be changed, and the next record may be read into it.
   */
  public float[] values() {
    return row().values();
  }

  /** Sparse values, or null when the record has none. */
  public SparseVector sparse() {
    return derivedSparse ? null : row().sparse();
  }

  /** All metadata fields, in an index with a schema those outside of it too. */
  public Metadata metadata() {
    return row().metadata();
  }

  /** The whole record, the caller's to keep. */
  public VectorRecord record() {
    float[] values = values();
    return new VectorRecord(id(), values == null ? null : values.clone(), sparse(), metadata());
  }

  /** Closes the slab; may be called again. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      rows.close();
    }
  }
}
