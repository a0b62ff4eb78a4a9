package io.slab.search;

import io.slab.format.SlabView;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.List;

/** Where candidates come from: the rows of one slab, or the records of the memtable in id order. */
sealed interface Rows {
  int size();

  byte[] id(int row);

  /** The place of a row's id among the ids of this source in byte order. */
  default int rankOf(int row) {
    return row;
  }

  /** The row of a rank. */
  default int rowAt(int rank) {
    return rank;
  }

  /** The id of a rank. */
  default byte[] idAt(int rank) {
    return id(rank);
  }

  /**
   * The canonical score of a row; not finite where a value of the row is not.
   *
   * @param buffer exactly as many floats as the index has dimensions
   */
  double canonical(PreparedQuery target, int row, float[] buffer);

  /** The sparse values of a row; null when it has none. */
  SparseVector sparse(int row);

  /** What a match carries of a row. */
  VectorRecord record(int row, boolean values, boolean metadata);

  /** Rows of a slab. */
  record OfSlab(SlabView view) implements Rows {
    @Override
    public int size() {
      return view.rows();
    }

    @Override
    public byte[] id(int row) {
      return view.rowId(row);
    }

    @Override
    public int rankOf(int row) {
      return view.rankOf(row);
    }

    @Override
    public int rowAt(int rank) {
      return view.rowAt(rank);
    }

    @Override
    public byte[] idAt(int rank) {
      return view.idAt(rank);
    }

    @Override
    public double canonical(PreparedQuery target, int row, float[] buffer) {
      if (target.isDense()) {
        view.dense().copy(row, buffer);
      }
      return canonical(target, row, buffer, target.sparse() == null ? null : view.sparse(row));
    }

    /** The same when the row's values are at hand. */
    double canonical(PreparedQuery target, int row, float[] vector, SparseVector sparse) {
      return target.canonical(target.isDense() ? vector : null, sparse);
    }

    @Override
    public SparseVector sparse(int row) {
      return view.sparse(row);
    }

    @Override
    public VectorRecord record(int row, boolean values, boolean metadata) {
      if (values && metadata) {
        return view.record(row);
      }
      String id = Utf8.string(view.rowId(row));
      if (metadata) {
        return new VectorRecord(id, null, null, view.metadata(row));
      }
      float[] dense = null;
      if (view.dense() != null) {
        dense = new float[view.dimension()];
        view.dense().copy(row, dense);
      }
      return new VectorRecord(id, dense, view.sparse(row), Metadata.EMPTY);
    }
  }

  /** Records in memory. */
  record OfMemtable(List<VectorRecord> records) implements Rows {
    @Override
    public int size() {
      return records.size();
    }

    @Override
    public byte[] id(int row) {
      return Utf8.bytes(records.get(row).id());
    }

    @Override
    public double canonical(PreparedQuery target, int row, float[] buffer) {
      VectorRecord record = records.get(row);
      return target.canonical(record.values(), record.sparse());
    }

    @Override
    public SparseVector sparse(int row) {
      return records.get(row).sparse();
    }

    @Override
    public VectorRecord record(int row, boolean values, boolean metadata) {
      VectorRecord record = records.get(row);
      return new VectorRecord(
          record.id(),
          values ? record.values() : null,
          values ? record.sparse() : null,
          metadata ? record.metadata() : Metadata.EMPTY);
    }
  }
}
