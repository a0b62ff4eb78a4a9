package io.slab.format;

import io.slab.bytes.XxHash64;
import io.slab.error.CorruptException;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.BloomReader;
import io.slab.format.section.IdTopReader;
import io.slab.format.section.StringBlock;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Limits;
import java.util.Objects;

/** The ids of a slab: rows by id and ids by row. Thread-safe. */
final class SlabIds {
  private static final int CACHED_BLOCKS = 64;

  /**
   * Results come from all over a slab, ten ids from ten blocks: about six bytes a row hold all
   * blocks of short ids, and of large slabs a part.
   */
  private static final int PLAIN_ROW_BYTES = 6;

  private static final int MAX_PLAIN_BYTES = 64 << 20;

  private final SlabFile file;
  private final Lazy<StringBlocksReader> blocks;
  private final Lazy<IdTopReader> top;
  private final Lazy<BloomReader> bloom;
  private final boolean hasBloom;
  private final int rows;

  SlabIds(SlabFile file, int rows) {
    this.file = file;
    this.rows = rows;
    Section ids = file.require(SectionKind.ID_BLOCKS);
    Section firsts = file.require(SectionKind.ID_TOP);
    Section filter = file.find(SectionKind.ID_BLOOM);
    blocks =
        new Lazy<>(() ->
            new StringBlocksReader(
                ids,
                Limits.MAX_ID_BYTES,
                CACHED_BLOCKS,
                (int) Math.min(MAX_PLAIN_BYTES, (long) PLAIN_ROW_BYTES * rows)));
    top = new Lazy<>(() -> new IdTopReader(firsts, blocks.get().blocks()));
    hasBloom = filter != null;
    bloom = new Lazy<>(() -> new BloomReader(filter, rows));
  }

  /** A block, decoded, whose first id is the one that ID_TOP names. */
  private StringBlock block(int index) {
    StringBlock block = blocks.get().block(index);
    if (block.compare(0, top.get().first(index)) != 0) {
      Section section = file.require(SectionKind.ID_TOP);
      throw new CorruptException(
          section.resource(),
          section.entry().offset(),
          "another first id of block " + index,
          "the one in ID_BLOCKS");
    }
    return block;
  }

  byte[] id(int row) {
    Objects.checkIndex(row, rows);
    return blocks.get().get(row);
  }

  /** Adds what {@link #id} reads; the table must be at hand. */
  void announce(ReadAhead ahead, int row) {
    blocks.get().announce(ahead, row);
  }

  /** False when no row has this id for certain. */
  boolean mayContain(byte[] id) {
    return !hasBloom || bloom.get().mayContain(XxHash64.hash(id));
  }

  /** Adds what {@link #find} and {@link #lowerBound} read; the table must be at hand. */
  void announce(ReadAhead ahead, byte[] key) {
    int index = top.get().blockOf(key);
    if (index >= 0) {
      blocks.get().announce(ahead, index * blocks.get().perBlock());
    }
  }

  int find(byte[] id) {
    return find(id, hasBloom ? XxHash64.hash(id) : 0);
  }

  int find(byte[] id, long hash) {
    if (hasBloom && !bloom.get().mayContain(hash)) {
      return -1;
    }
    int index = top.get().blockOf(id);
    if (index < 0) {
      return -1;
    }
    StringBlock block = block(index);
    int at = block.lowerBound(id);
    boolean found = at < block.size() && block.compare(at, id) == 0;
    return found ? index * blocks.get().perBlock() + at : -1;
  }

  int lowerBound(byte[] key) {
    int index = top.get().blockOf(key);
    return index < 0 ? 0 : index * blocks.get().perBlock() + block(index).lowerBound(key);
  }
}
