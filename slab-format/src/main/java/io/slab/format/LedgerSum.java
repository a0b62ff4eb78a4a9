package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.XxLanes;
import io.slab.format.section.MetadataCodec;
import io.slab.format.section.NamedRows;
import io.slab.model.Ledger;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/**
 * Adds up the ledger of rows (spec/slab-file.md, "The ledger"). The parts of a row are added one by
 * one, in any order and also between those of other rows, each with the key that the row's id and
 * LSN gave. One thread only.
 */
public final class LedgerSum {
  private static final int DENSE = 4;
  private static final int SPARSE = 8;
  private static final int METADATA = 12;

  private final XxLanes lanes = new XxLanes();
  private final ByteWriter bytes = new ByteWriter();

  /** The ledger of all rows of an input, read in one pass. */
  public static Ledger of(SlabInput rows) {
    LedgerSum sum = new LedgerSum();
    try (SlabInput.Cursor cursor = rows.inIdOrder() ? rows.open() : rows.arrivals()) {
      while (cursor.next()) {
        sum.add(cursor);
      }
    }
    return sum.ledger();
  }

  /** The ledger of what was added so far. */
  public Ledger ledger() {
    return new Ledger(lanes.sum(0), lanes.sum(1), lanes.sum(2), lanes.sum(3));
  }

  /** Adds all parts of a row. */
  public void add(SlabInput.Cursor row) {
    long key = id(row.id(), row.lsn());
    dense(key, row.values());
    sparse(key, row.sparse());
    metadata(key, row.metadata());
  }

  /**
   * Adds the id and the LSN of a row.
   *
   * @param id UTF-8 bytes
   * @return the row's key, for its other parts
   */
  public long id(byte[] id, long lsn) {
    bytes.clear();
    bytes.bytes(id).u64(lsn);
    return lanes.add(bytes.array(), bytes.size(), 0);
  }

  /** Adds the dense values of a row; null where it has none. */
  public void dense(long key, float[] values) {
    if (values != null) {
      bytes.clear();
      add(key + DENSE, bytes.floats(values));
    }
  }

  /** Adds the sparse values of a row; null, or no value, where it has none. */
  public void sparse(long key, SparseVector vector) {
    if (vector == null || vector.size() == 0) {
      return;
    }
    bytes.clear();
    for (int index : vector.indices()) {
      bytes.u32(index);
    }
    add(key + SPARSE, bytes.floats(vector.weights()));
  }

  /** Adds the metadata of a row, possibly empty. */
  public void metadata(long key, Metadata metadata) {
    if (!metadata.isEmpty()) {
      bytes.clear();
      MetadataCodec.writeNamed(bytes, metadata);
      add(key + METADATA, bytes);
    }
  }

  /**
   * Adds the metadata of a row.
   *
   * @param row as META_ROWS has it
   */
  void metadata(long key, byte[] row, NamedRows names) {
    if (row[0] != 0) {
      bytes.clear();
      names.write(bytes, row);
      add(key + METADATA, bytes);
    }
  }

  private void add(long seed, ByteWriter part) {
    lanes.add(part.array(), part.size(), seed);
  }
}
