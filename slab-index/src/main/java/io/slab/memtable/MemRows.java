package io.slab.memtable;

import io.slab.format.SlabInput;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.List;

/** Memtable rows as a slab builder reads them. */
public record MemRows(List<MemRow> list) implements SlabInput {
  @Override
  public int rows() {
    return list.size();
  }

  @Override
  public Cursor open() {
    return new Pass(list);
  }

  private static final class Pass implements SlabInput.Cursor {
    private final List<MemRow> list;
    private int next;
    private MemRow row;

    Pass(List<MemRow> list) {
      this.list = list;
    }

    @Override
    public boolean next() {
      if (next == list.size()) {
        return false;
      }
      row = list.get(next++);
      return true;
    }

    @Override
    public byte[] id() {
      return row.idBytes();
    }

    @Override
    public long lsn() {
      return row.lsn();
    }

    @Override
    public float[] values() {
      return row.record().values();
    }

    @Override
    public SparseVector sparse() {
      return row.record().sparse();
    }

    @Override
    public Metadata metadata() {
      return row.record().metadata();
    }
  }
}
