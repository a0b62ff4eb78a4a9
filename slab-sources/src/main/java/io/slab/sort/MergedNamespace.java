package io.slab.sort;

import io.slab.bytes.ByteCursor;
import io.slab.format.SlabInput;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.writer.BulkRows;
import java.util.Arrays;
import java.util.List;

/**
 * The records of one namespace without duplicates, in the order of their ids, read from the runs:
 * in each from front to back. Thread-safe but for {@link #close}; passes belong to one thread.
 */
public final class MergedNamespace implements BulkRows, AutoCloseable {
  private final String name;
  private final int dimension;
  private final List<RunReader> readers;
  private final RowOrder order;
  private final RunMerge.Tally tally;

  MergedNamespace(
      String name, int dimension, List<RunReader> readers, RowOrder order, RunMerge.Tally tally) {
    this.name = name;
    this.dimension = dimension;
    this.readers = List.copyOf(readers);
    this.order = order;
    this.tally = tally;
  }

  /** The name of the namespace. */
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return order.rows();
  }

  @Override
  public long bytes() {
    return tally.bytes;
  }

  /** Records left out because the same id came again later with the same content. */
  public long identicalDuplicates() {
    return tally.identical;
  }

  /** Records left out because the same id came again later with other content. */
  public long replacedDuplicates() {
    return tally.replaced;
  }

  @Override
  public SlabInput part(int from, int to, long lsn) {
    return new SlabInput() {
      @Override
      public int rows() {
        return to - from;
      }

      @Override
      public Cursor open() {
        return new Pass(from, to, lsn);
      }
    };
  }

  /** Bytes of a record in the runs: about what a log object takes for it. */
  public long recordBytes(int row) {
    return readers.get(order.run(row)).rowBytes(order.offset(row)) + 4L * dimension;
  }

  /** One record, for the ordinary way of writing. */
  public VectorRecord record(int row) {
    Pass pass = new Pass(row, row + 1, 0);
    pass.next();
    return new VectorRecord(Utf8.string(pass.id()), pass.values(), pass.sparse(), pass.metadata());
  }

  @Override
  public void close() {
    order.close();
  }

  private final class Pass implements SlabInput.Cursor {
    private final int to;
    private final long lsn;
    private final float[] values = dimension == 0 ? null : new float[dimension];
    private int at;
    private ByteCursor row;

    /** What was decoded of the row, null for not yet. */
    private byte[] id;

    private boolean decoded;
    private SparseVector sparse;
    private Metadata metadata;

    Pass(int from, int to, long lsn) {
      this.at = from - 1;
      this.to = to;
      this.lsn = lsn;
    }

    @Override
    public boolean next() {
      at++;
      row = null;
      id = null;
      decoded = false;
      return at < to;
    }

    @Override
    public byte[] id() {
      if (id == null) {
        row = readers.get(order.run(at)).row(order.offset(at));
        RowCodec.hash(row);
        byte[] key = RowCodec.key(row);
        id = Arrays.copyOfRange(key, tally.keyPrefix, key.length);
      }
      return id;
    }

    @Override
    public long lsn() {
      return lsn;
    }

    @Override
    public float[] values() {
      if (values != null) {
        readers.get(order.run(at)).vector(order.row(at), values);
      }
      return values;
    }

    private void decode() {
      if (!decoded) {
        id();
        sparse = RowCodec.sparse(row);
        metadata = RowCodec.metadata(row);
        decoded = true;
      }
    }

    @Override
    public SparseVector sparse() {
      decode();
      return sparse;
    }

    @Override
    public Metadata metadata() {
      decode();
      return metadata;
    }
  }
}
