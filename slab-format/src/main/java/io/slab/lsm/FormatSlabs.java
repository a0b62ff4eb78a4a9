package io.slab.lsm;

import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.util.List;

/** Slabs as the specification has them. Thread-safe. */
public final class FormatSlabs implements SlabFiles {
  @Override
  public long write(ObjectUpload out, Content content) {
    SlabRequest request =
        new SlabRequest(
            content.id(),
            content.createdMillis(),
            content.spec(),
            content.namespace(),
            content.level(),
            List.of(),
            content.tombstones());
    return SlabBuilder.build(request, new Rows(content.rows()), out).hotOffset();
  }

  @Override
  public SlabView open(ByteSource source, IndexSpec spec, long hotOffset) {
    return SlabReader.open(source, hotOffset, spec);
  }

  /** Memtable rows as the builder reads them. */
  private record Rows(List<MemRow> list) implements SlabInput {
    @Override
    public int rows() {
      return list.size();
    }

    @Override
    public Cursor open() {
      return new Pass(list);
    }
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
