package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.format.section.RankSlicesReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.MetaValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Reads everything in a slab and compares the derived parts with what they are derived from. */
final class SlabContents {
  private final SlabReader slab;
  private final SlabIds ids;
  private final Consumer<SlabException> problems;

  SlabContents(SlabReader slab, SlabIds ids, Consumer<SlabException> problems) {
    this.slab = slab;
    this.ids = ids;
    this.problems = problems;
  }

  void run() {
    part(ids::verify);
    part(this::lsns);
    part(this::tombstones);
    if (slab.vectors() != null) {
      part(this::vectors);
      part(slab.vectors()::verifyNorms);
    }
    if (slab.sparseRows() != null) {
      part(slab.sparseRows()::verify);
      part(this::sparseIndex);
    }
    part(this::records);
    for (SlabColumn column : slab.columns()) {
      part(() -> column(column));
    }
  }

  private void part(Runnable check) {
    try {
      check.run();
    } catch (SlabException e) {
      problems.accept(e);
    }
  }

  private void lsns() {
    SlabManifest manifest = slab.manifest();
    slab.verifyLsnPadding();
    for (int row = 0; row < slab.rows(); row++) {
      long lsn = slab.lsn(row);
      if (Long.compareUnsigned(lsn, manifest.lsnMin()) < 0
          || Long.compareUnsigned(lsn, manifest.lsnMax()) > 0) {
        throw corrupt(
            SectionKind.ROW_LSN,
            "LSN " + Long.toUnsignedString(lsn) + " of row " + row,
            "one in the range that the manifest states");
      }
    }
  }

  private void tombstones() {
    StringBlocksReader tombstones = slab.tombstones();
    if (tombstones != null) {
      tombstones.verify();
    }
    for (int i = 0; tombstones != null && i < tombstones.items(); i++) {
      if (slab.find(tombstones.get(i)) >= 0) {
        throw corrupt(SectionKind.TOMBSTONES, "an id that has a row here", "ids without a row");
      }
    }
  }

  private void sparseIndex() {
    if (slab.sparseIndex() != null) {
      slab.sparseIndex().verify(slab.sparseRows());
    }
  }

  /** Touches every chunk, so that every checksum is compared. */
  private void vectors() {
    int step = Math.max(1, (4 << 20) / (4 * slab.dimension()));
    for (int row = 0; row < slab.rows(); row += step) {
      slab.dense().slice(row, Math.min(step, slab.rows() - row));
    }
  }

  /** Every row must decode, every id must be UTF-8. */
  private void records() {
    for (int row = 0; row < slab.rows(); row++) {
      slab.record(row);
    }
  }

  /** Metadata, codes, bitmaps and slices of a column must tell the same. */
  private void column(SlabColumn column) {
    column.verifyDictionary();
    column.verifyCodesPadding();
    int present = 0;
    long items = 0;
    for (int row = 0; row < slab.rows(); row++) {
      MetaValue value = slab.metadata(row).get(column.info().field());
      boolean has = value != null && ColumnBuilder.typeOf(value) == column.info().type();
      int[] ranks = has ? ranksOf(column, value) : new int[0];
      int[] stored = column.ranks(row);
      if (!Arrays.equals(ranks, stored == null ? new int[0] : stored)
          || column.presence().contains(row) != has) {
        throw mismatch(column, row);
      }
      checkBitmaps(column, row, ranks);
      present += has ? 1 : 0;
      items += ranks.length;
    }
    checkCounts(column, present, items);
  }

  private int[] ranksOf(SlabColumn column, MetaValue value) {
    List<MetaValue> values =
        value instanceof MetaValue.StrList(List<String> elements)
            ? elements.stream().<MetaValue>map(MetaValue.Str::new).toList()
            : List.of(value);
    return values.stream().mapToInt(column::rankOf).sorted().distinct().toArray();
  }

  private void checkBitmaps(SlabColumn column, int row, int[] ranks) {
    RankSlicesReader slices = column.slices();
    for (int rank : ranks) {
      if (rank < 0 || !column.bitmap(rank).contains(row)) {
        throw mismatch(column, row);
      }
    }
    for (int i = 0; slices != null && i < slices.count(); i++) {
      boolean bit = ranks.length > 0 && (ranks[0] >>> (slices.count() - 1 - i) & 1) != 0;
      if (slices.slice(i).contains(row) != bit) {
        throw mismatch(column, row);
      }
    }
  }

  /** With every pair found in its bitmap, equal totals mean that no bitmap has a row too many. */
  private void checkCounts(SlabColumn column, int present, long items) {
    SlabManifest.Column info = column.info();
    long total = IntStream.range(0, info.distinct()).mapToLong(column::count).sum();
    boolean unused =
        info.type() != ColumnType.BOOLEAN
            && IntStream.range(0, info.distinct()).anyMatch(rank -> column.count(rank) == 0);
    if (present != info.rows() || total != items || unused) {
      throw corrupt(
          SectionKind.BITMAP_DICT,
          total
              + " entries in the bitmaps of column "
              + info.id()
              + " over "
              + info.rows()
              + " rows",
          items + " over " + present + " rows as in the metadata");
    }
  }

  private CorruptException mismatch(SlabColumn column, int row) {
    return corrupt(
        SectionKind.COLUMN_CODES,
        "column " + column.info().id() + " at odds with row " + row,
        "what the metadata says about " + column.info().field());
  }

  private CorruptException corrupt(SectionKind kind, String found, String expected) {
    return new CorruptException(slab.file().name() + " " + kind, -1, found, expected);
  }
}
