package io.slab.bench;

import io.slab.filter.FieldIndex;
import io.slab.format.SlabView;
import io.slab.format.section.DenseRows;
import io.slab.format.section.SparseIndex;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;

/** A slab whose inverted index is hidden, so that searches read its rows. */
record WithoutSparseIndex(SlabView slab) implements SlabView {
  @Override
  public Ulid id() {
    return slab.id();
  }

  @Override
  public int rows() {
    return slab.rows();
  }

  @Override
  public int dimension() {
    return slab.dimension();
  }

  @Override
  public long lsn(int row) {
    return slab.lsn(row);
  }

  @Override
  public byte[] rowId(int row) {
    return slab.rowId(row);
  }

  @Override
  public int find(byte[] id) {
    return slab.find(id);
  }

  @Override
  public int find(byte[] id, long hash) {
    return slab.find(id, hash);
  }

  @Override
  public int lowerBound(byte[] key) {
    return slab.lowerBound(key);
  }

  @Override
  public DenseRows dense() {
    return slab.dense();
  }

  @Override
  public SparseVector sparse(int row) {
    return slab.sparse(row);
  }

  @Override
  public SparseIndex sparseIndex() {
    return null;
  }

  @Override
  public Metadata metadata(int row) {
    return slab.metadata(row);
  }

  @Override
  public VectorRecord record(int row) {
    return slab.record(row);
  }

  @Override
  public FieldIndex fields() {
    return slab.fields();
  }

  @Override
  public void close() {}
}
