package io.slab.manifest;

import io.slab.format.SlabTombstones;
import io.slab.model.Extent;
import io.slab.model.Ledger;
import io.slab.model.Ulid;
import io.slab.model.Vintage;
import java.util.List;

/** Names the parts of a {@link SlabEntry} while it is put together. One thread only. */
public final class SlabEntryBuilder {
  private final Ulid id;
  private int level;
  private long bytes;
  private long hotOffset;
  private int rows;
  private long lsnMin;
  private long lsnMax;
  private long lsnAsOf = SlabTombstones.UNKNOWN;
  private int tombstones;
  private Ledger ledger = Ledger.EMPTY;
  private String algorithm;
  private Vintage vintage = Vintage.FIRST;
  private List<Extent> ahead = List.of();
  private List<ColumnStatistics> columns = List.of();
  private SlabDeletes deletes = SlabDeletes.NONE;

  /** An entry of a slab without rows, dead rows and statistics, to be changed. */
  public SlabEntryBuilder(Ulid id) {
    this.id = id;
  }

  /** An entry to be changed. */
  public SlabEntryBuilder(SlabEntry of) {
    id = of.id();
    level = of.level();
    bytes = of.bytes();
    hotOffset = of.hotOffset();
    rows = of.rows();
    lsnMin = of.lsnMin();
    lsnMax = of.lsnMax();
    lsnAsOf = of.lsnAsOf();
    tombstones = of.tombstones();
    ledger = of.ledger();
    algorithm = of.algorithm();
    vintage = of.vintage();
    ahead = of.ahead();
    columns = of.columns();
    deletes = of.deletes();
  }

  /** Its level, and its rows, dead ones included. */
  public SlabEntryBuilder rows(int atLevel, int count) {
    level = atLevel;
    rows = count;
    return this;
  }

  /**
   * Its file.
   *
   * @param length bytes
   * @param tail where the hot tail begins
   */
  public SlabEntryBuilder file(long length, long tail) {
    bytes = length;
    hotOffset = tail;
    return this;
  }

  /** The smallest and the largest LSN of a row or a tombstone. */
  public SlabEntryBuilder lsns(long min, long max) {
    lsnMin = min;
    lsnMax = max;
    return this;
  }

  /** LSN of a write after which all its rows were alive; -1 for none that is known. */
  public SlabEntryBuilder asOf(long lsn) {
    lsnAsOf = lsn;
    return this;
  }

  /** How many deletes it carries, by id and of many records. */
  public SlabEntryBuilder tombstones(int count) {
    tombstones = count;
    return this;
  }

  /** The ledger of its rows, dead ones included. */
  public SlabEntryBuilder ledger(Ledger of) {
    ledger = of;
    return this;
  }

  /**
   * How it is searched.
   *
   * @param how the algorithm
   * @param by what made the derived sections
   * @param first stretches of the file that a search needs first
   */
  public SlabEntryBuilder search(String how, Vintage by, List<Extent> first) {
    algorithm = how;
    vintage = by;
    ahead = first;
    return this;
  }

  /** Statistics by field and type. */
  public SlabEntryBuilder columns(List<ColumnStatistics> statistics) {
    columns = statistics;
    return this;
  }

  /** Dead rows. */
  public SlabEntryBuilder deletes(SlabDeletes dead) {
    deletes = dead;
    return this;
  }

  /**
   * The entry.
   *
   * @throws IllegalArgumentException for numbers that contradict each other
   */
  public SlabEntry build() {
    return new SlabEntry(
        id,
        level,
        bytes,
        hotOffset,
        rows,
        lsnMin,
        lsnMax,
        lsnAsOf,
        tombstones,
        ledger,
        algorithm,
        vintage,
        ahead,
        columns,
        deletes);
  }
}
