package io.slab.format;

import io.slab.bytes.XxHash64;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.format.file.DerivedGroup;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.BloomReader;
import io.slab.format.section.CellRanksReader;
import io.slab.format.section.IdTopReader;
import io.slab.format.section.StringBlock;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Limits;
import io.slab.model.Utf8;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The ids of a slab: rows by id and ids by row. The <em>rank</em> of an id is its place among the
 * ids in byte order; in a slab without cells it is the row too. Thread-safe.
 */
final class SlabIds {
  private static final int CACHED_BLOCKS = 64;

  /**
   * Results come from all over a slab, ten ids from ten blocks: about six bytes a row hold all
   * blocks of short ids, and of large slabs a part.
   */
  private static final int PLAIN_ROW_BYTES = 6;

  private static final int MAX_PLAIN_BYTES = 64 << 20;

  private final SlabFile file;
  private final Predicate<DataException> withdraw;
  private final boolean numbered;
  private final Lazy<StringBlocksReader> blocks;
  private final Lazy<IdTopReader> top;
  private final Lazy<BloomReader> bloom;
  private final Lazy<RankSource> ranks;
  private volatile boolean leftOutBloom;
  private final int rows;

  /**
   * @param withdraw leaves out the derived sections that an error is about; false when it is about
   *     others
   */
  SlabIds(SlabFile file, int rows, Predicate<DataException> withdraw) {
    this.file = file;
    this.withdraw = withdraw;
    this.rows = rows;
    Section ids = file.require(SectionKind.ID_BLOCKS);
    Section firsts = file.require(SectionKind.ID_TOP);
    Section filter = file.find(SectionKind.ID_BLOOM);
    numbered = ids.entry().encoding() == StringBlocksLayout.NUMBERED;
    blocks =
        new Lazy<>(() ->
            new StringBlocksReader(
                ids,
                Limits.MAX_ID_BYTES,
                CACHED_BLOCKS,
                (int) Math.min(MAX_PLAIN_BYTES, (long) PLAIN_ROW_BYTES * rows)));
    top = new Lazy<>(() -> new IdTopReader(firsts, blocks.get().blocks()));
    bloom = filter == null ? null : new Lazy<>(() -> new BloomReader(filter, rows));
    ranks = new Lazy<>(this::rankSource);
  }

  /** Where ranks come from: the lists of the cells, or else all of ID_BLOCKS turned round. */
  private record RankSource(CellRanksReader lists, int[] positions) {}

  private RankSource rankSource() {
    Section directory = file.find(SectionKind.IVF_DIR);
    Section lists = file.find(SectionKind.IVF_LISTS);
    if (directory != null && lists != null) {
      try {
        return new RankSource(new CellRanksReader(directory, lists, rows), null);
      } catch (DataException e) {
        // Derived sections: what they say can be had from the ids.
        if (!withdraw.test(e)) {
          throw e;
        }
      }
    }
    return turnedRound();
  }

  private RankSource turnedRound() {
    return new RankSource(null, blocks.get().positions());
  }

  /** True when rows are in the order of their ids. */
  boolean inIdOrder() {
    return !numbered;
  }

  /** The rank of the id of a row. */
  int rank(int row) {
    int rank = foundRank(row);
    if (numbered && blocks.get().number(rank) != row) {
      // One of the two is wrong, and nothing tells which: no reason to leave out the derived one.
      throw new CorruptException(
          file.name() + ' ' + SectionKind.ID_BLOCKS,
          -1,
          "row " + blocks.get().number(rank) + " for the id of rank " + rank,
          "row " + row + " as IVF_LISTS has it");
    }
    return rank;
  }

  /** Goes on without the lists. */
  private void leaveOut(DataException cause) {
    if (!withdraw.test(cause)) {
      throw cause;
    }
    ranks.set(turnedRound());
  }

  /** The rank of the id of a row, without a look at the id. */
  private int foundRank(int row) {
    Objects.checkIndex(row, rows);
    if (!numbered) {
      return row;
    }
    RankSource source = ranks.get();
    if (source.lists() != null && file.isWithdrawn(DerivedGroup.VECTOR_INDEX)) {
      source = turnedRound();
      ranks.set(source);
    }
    if (source.positions() != null) {
      return source.positions()[row];
    }
    try {
      return source.lists().rank(row);
    } catch (DataException e) {
      leaveOut(e);
      return foundRank(row);
    }
  }

  /** The row of the id of a rank. */
  int row(int rank) {
    return numbered ? blocks.get().number(rank) : Objects.checkIndex(rank, rows);
  }

  /** The id of a rank. */
  byte[] at(int rank) {
    return checked(rank, blocks.get().get(Objects.checkIndex(rank, rows)));
  }

  /** What is handed out as an id is one. */
  private byte[] checked(int rank, byte[] id) {
    if (id.length == 0 || !Utf8.isIdText(id)) {
      Section section = file.require(SectionKind.ID_BLOCKS);
      throw new CorruptException(
          section.resource(),
          section.entry().offset(),
          "an id of rank " + rank + " that is empty, no UTF-8 or holds a NUL",
          "an id");
    }
    return id;
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

  /** The id of a row. */
  byte[] id(int row) {
    int rank = rank(row);
    return checked(rank, blocks.get().get(rank));
  }

  /** Adds what {@link #rank} reads; the directory must be at hand. */
  void announceRank(ReadAhead ahead, int row) {
    RankSource source = numbered ? ranks.get() : null;
    if (source != null && source.lists() != null) {
      source.lists().announce(ahead, row);
    }
  }

  /** Adds what {@link #id} reads; the table and the rank must be at hand. */
  void announce(ReadAhead ahead, int row) {
    blocks.get().announce(ahead, foundRank(row));
  }

  /** False when no row has this id for certain. */
  boolean mayContain(byte[] id) {
    return bloom == null || mayContain(XxHash64.hash(id));
  }

  /** False when no row has an id of this hash for certain. */
  boolean mayContain(long hash) {
    if (bloom == null || leftOutBloom) {
      return true;
    }
    try {
      return bloom.get().mayContain(hash);
    } catch (DataException e) {
      // Only a shorter way: without it the ids themselves are looked at.
      leftOutBloom = withdraw.test(e);
      if (!leftOutBloom) {
        throw e;
      }
      return true;
    }
  }

  /** Adds what {@link #find} and {@link #lowerBound} read; the table must be at hand. */
  void announce(ReadAhead ahead, byte[] key) {
    int index = top.get().blockOf(key);
    if (index >= 0) {
      blocks.get().announce(ahead, index * blocks.get().perBlock());
    }
  }

  /** The row of an id, or -1. */
  int find(byte[] id) {
    return find(id, bloom == null ? 0 : XxHash64.hash(id));
  }

  int find(byte[] id, long hash) {
    if (!mayContain(hash)) {
      return -1;
    }
    int index = top.get().blockOf(id);
    if (index < 0) {
      return -1;
    }
    StringBlock block = block(index);
    int at = block.lowerBound(id);
    boolean found = at < block.size() && block.compare(at, id) == 0;
    return found ? row(index * blocks.get().perBlock() + at) : -1;
  }

  /** The rank of the first id not less than a key. */
  int lowerBound(byte[] key) {
    int index = top.get().blockOf(key);
    return index < 0 ? 0 : index * blocks.get().perBlock() + block(index).lowerBound(key);
  }
}
