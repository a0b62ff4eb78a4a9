package io.slab.format;

import io.slab.format.file.Section;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Limits;
import java.util.AbstractList;
import java.util.RandomAccess;

/** Deletes by id as a slab holds them, read when they are asked for. Thread-safe. */
final class StoredTombstones extends AbstractList<SlabRequest.Tombstone> implements RandomAccess {
  private static final int CACHED_BLOCKS = 4;

  private final StringBlocksReader ids;
  private final RowLsnReader lsns;

  StoredTombstones(Section ids, Section lsns) {
    this.ids = new StringBlocksReader(ids, Limits.MAX_ID_BYTES, CACHED_BLOCKS);
    this.lsns = new RowLsnReader(lsns, this.ids.items());
  }

  @Override
  public int size() {
    return ids.items();
  }

  @Override
  public SlabRequest.Tombstone get(int index) {
    return new SlabRequest.Tombstone(ids.get(index), lsns.lsn(index));
  }
}
