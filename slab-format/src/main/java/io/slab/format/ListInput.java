package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rows of a list, sorted by id: for callers that build a slab of their own. A flush reads its
 * memtable instead. Immutable.
 */
public final class ListInput implements SlabInput {
  /** One row. */
  public record Row(byte[] id, long lsn, VectorRecord record) {
    public static Row of(VectorRecord record, long lsn) {
      return new Row(Utf8.bytes(record.id()), lsn, record);
    }
  }

  private final List<Row> rows;

  private ListInput(List<Row> rows) {
    this.rows = rows;
  }

  /** Rows in any order; ids must be distinct. */
  public static ListInput of(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(Row::id, Utf8::compareBytes));
    return new ListInput(sorted);
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public Cursor open() {
    return new ListCursor();
  }

  private final class ListCursor implements Cursor {
    private int at = -1;

    @Override
    public boolean next() {
      at++;
      return at < rows.size();
    }

    @Override
    public byte[] id() {
      return rows.get(at).id();
    }

    @Override
    public long lsn() {
      return rows.get(at).lsn();
    }

    @Override
    public float[] values() {
      return rows.get(at).record().values();
    }

    @Override
    public SparseVector sparse() {
      return rows.get(at).record().sparse();
    }

    @Override
    public Metadata metadata() {
      return rows.get(at).record().metadata();
    }
  }
}
