package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.List;

/**
 * The rows of a slab one after the other, in the order of their ids. Where they lie in another
 * order they are copied to scratch files, as soon as something other than ids is asked for.
 */
final class SlabCursor implements SlabInput.Cursor {
  private final SlabReader slab;
  private RowSpool spool;

  /** Null until something other than ids is asked for. */
  private SlabInput.Cursor rows;

  private int rank = -1;

  SlabCursor(SlabReader slab) {
    this.slab = slab;
  }

  private SlabInput.Cursor rows() {
    if (rows == null) {
      rows = slab.inIdOrder() ? new Rows(slab) : spooled();
      for (int at = 0; at <= rank; at++) {
        rows.next();
      }
    }
    return rows;
  }

  private SlabInput.Cursor spooled() {
    int dimension = slab.dense() == null ? 0 : slab.dimension();
    boolean sparse = slab.sparseRows() != null;
    RowSpool.Shape shape = new RowSpool.Shape(dimension, sparse, slab.manifest().fields());
    spool = new RowSpool(shape, slab.rows(), new Rows(slab), null);
    return spool.open(null);
  }

  @Override
  public boolean next() {
    rank++;
    if (rows != null) {
      rows.next();
    }
    return rank < slab.rows();
  }

  @Override
  public byte[] id() {
    return slab.idAt(rank);
  }

  @Override
  public long lsn() {
    return rows().lsn();
  }

  @Override
  public float[] values() {
    return rows().values();
  }

  @Override
  public SparseVector sparse() {
    return rows().sparse();
  }

  @Override
  public Metadata metadata() {
    return rows().metadata();
  }

  @Override
  public void close() {
    if (spool != null) {
      spool.close();
    }
  }

  /** The rows in the order in which they lie. */
  static final class Rows implements SlabInput.Arrivals {
    private final SlabReader slab;
    private final float[] values;

    /** Of each row the rank of its id, as the ids themselves say it; made when it is asked for. */
    private int[] ranks;

    private int row = -1;

    Rows(SlabReader slab) {
      this.slab = slab;
      this.values = slab.dense() == null ? null : new float[slab.dimension()];
    }

    @Override
    public boolean next() {
      return ++row < slab.rows();
    }

    @Override
    public int rank() {
      if (ranks == null) {
        ranks = new int[slab.rows()];
        for (int rank = 0; rank < ranks.length; rank++) {
          ranks[slab.rowAt(rank)] = rank;
        }
      }
      return ranks[row];
    }

    @Override
    public List<String> fields() {
      return slab.manifest().fields();
    }

    @Override
    public byte[] id() {
      return slab.idAt(rank());
    }

    @Override
    public long lsn() {
      return slab.lsn(row);
    }

    @Override
    public float[] values() {
      if (values != null) {
        slab.dense().copy(row, values);
      }
      return values;
    }

    @Override
    public SparseVector sparse() {
      return slab.sparse(row);
    }

    @Override
    public Metadata metadata() {
      return slab.metadata(row);
    }
  }
}
