package io.slab.writer;

import io.slab.error.InvalidInputException;
import io.slab.format.LedgerSum;
import io.slab.format.SlabInput;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;

/**
 * Rows that come from outside, on their way into a builder: each must keep the rules of records,
 * and their ids must ascend. A part of a row is checked, and added to the ledger of what came in,
 * when it is first read, so that no pass is made for it. Holds 8 bytes a row. One thread only.
 */
final class CheckedInput implements SlabInput {
  private final SlabInput rows;
  private final IndexSpec spec;

  /** Rows of which a part was checked: all below these numbers. */
  private int ids;

  private int dense;
  private int sparse;
  private int metadata;

  private final LedgerSum ledger = new LedgerSum();

  /** Of each row whose id was read, for its other parts. */
  private final long[] keys;

  /** The last id that was checked, or the one that the ids must come after; null for none. */
  private byte[] last;

  /** The first id that was checked, or null. */
  private byte[] first;

  /**
   * @param after the id of the row before the first one; null for none
   */
  CheckedInput(SlabInput rows, IndexSpec spec, byte[] after) {
    this.rows = rows;
    this.spec = spec;
    this.last = after;
    this.keys = new long[rows.rows()];
  }

  /** The ledger of the rows, once all their parts were read. */
  Ledger ledger() {
    return ledger.ledger();
  }

  /** The id of the first row, once it was read. */
  byte[] firstId() {
    return first;
  }

  /** The id of the last row, once the rows were read to the end. */
  byte[] lastId() {
    return last;
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public Cursor open() {
    return new Checked(rows.open());
  }

  private final class Checked implements Cursor {
    private final Cursor cursor;
    private int row = -1;

    Checked(Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean next() {
      row++;
      return cursor.next();
    }

    @Override
    public byte[] id() {
      byte[] id = cursor.id();
      if (row == ids) {
        require(RecordRules.id(id));
        absent();
        if (last != null && Utf8.compareBytes(last, id) >= 0) {
          throw new InvalidInputException(
              what() + " comes after '" + Utf8.string(last) + "'",
              "a bulk load takes records in ascending order of their id bytes, each id once");
        }
        last = id.clone();
        first = first == null ? last : first;
        keys[row] = ledger.id(last, cursor.lsn());
        ids++;
      }
      return id;
    }

    @Override
    public long lsn() {
      return cursor.lsn();
    }

    @Override
    public float[] values() {
      float[] values = cursor.values();
      if (row == dense) {
        if (RecordRules.dense("", values, spec) != null) {
          require(RecordRules.dense(Utf8.string(cursor.id()), values, spec));
        }
        ledger.dense(key(), values);
        dense++;
      }
      return values;
    }

    @Override
    public SparseVector sparse() {
      SparseVector vector = cursor.sparse();
      if (row == sparse) {
        require(RecordRules.storedSparse(vector, spec));
        ledger.sparse(key(), vector);
        sparse++;
      }
      return vector;
    }

    @Override
    public Metadata metadata() {
      Metadata fields = cursor.metadata();
      if (row == metadata) {
        require(RecordRules.metadata(fields));
        ledger.metadata(key(), fields);
        metadata++;
      }
      return fields;
    }

    /** The key of the row, whose id is read first. */
    private long key() {
      if (row >= ids) {
        throw new IllegalStateException("a part of row " + row + " is read before its id");
      }
      return keys[row];
    }

    /** No builder reads what the index has no place for. */
    private void absent() {
      if (!spec.vectorType().hasDense()) {
        require(RecordRules.dense("", cursor.values(), spec));
      }
      if (!spec.vectorType().hasSparse()) {
        require(RecordRules.sparse(cursor.sparse(), spec));
      }
    }

    private void require(RecordRules.Finding finding) {
      if (finding != null) {
        RecordRules.require(what(), finding);
      }
    }

    private String what() {
      return "record '" + Utf8.string(cursor.id()) + "'";
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
