package io.slab.check;

import io.slab.bytes.BitPacking;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.BitmapsReader;
import io.slab.format.section.ColumnCodesReader;
import io.slab.format.section.ColumnType;
import io.slab.format.section.NumberDictionary;
import io.slab.format.section.RankSlicesReader;
import io.slab.format.section.RoaringBlob;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksReader;
import io.slab.inspect.BitmapInfo;
import io.slab.inspect.ColumnView;
import io.slab.inspect.SlabManifestView;
import io.slab.model.MetaValue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Compares the sections of one column with what the metadata rows say it must hold. */
final class ColumnCheck {
  private static final int SLICE_ENTRY = 16;
  private static final int SINGLE = 1;

  private final SlabFile file;
  private final SlabManifestView.Column column;
  private final ExpectedColumn expected;
  private final List<MetaValue> values;
  private final int rows;
  private final Findings findings;

  private ColumnCheck(
      SlabFile file,
      SlabManifestView.Column column,
      ExpectedColumn expected,
      int rows,
      Findings findings) {
    this.file = file;
    this.column = column;
    this.expected = expected;
    this.values = new ArrayList<>(expected.values().keySet());
    this.rows = rows;
    this.findings = findings;
  }

  /** Notes the first disagreement of each section. */
  static void check(
      SlabFile file,
      SlabManifestView.Column column,
      ExpectedColumn expected,
      int rows,
      Findings findings) {
    ColumnCheck check = new ColumnCheck(file, column, expected, rows, findings);
    check.part(SectionKind.MANIFEST, check::manifest);
    check.part(SectionKind.COLUMN_DICT, check::dictionary);
    check.part(SectionKind.BITMAP_DATA, check::bitmaps);
    check.part(SectionKind.COLUMN_CODES, check::codes);
    check.part(SectionKind.RANK_SLICES, check::slices);
  }

  private void part(SectionKind kind, Runnable check) {
    try {
      check.run();
    } catch (SlabException e) {
      findings.failure(file.name(), label(kind), e);
    }
  }

  private String label(SectionKind kind) {
    return kind.name() + "[" + column.id() + "]";
  }

  private void error(SectionKind kind, String problem) {
    Section section = file.find(kind, column.id());
    findings.error(
        file.name(),
        label(kind),
        section == null ? -1 : section.entry().offset(),
        problem + " (" + column.type() + " column " + column.field() + ")");
  }

  /** A section that every column of the manifest has. */
  private Section section(SectionKind kind) {
    Section section = file.find(kind, column.id());
    if (section == null) {
      throw new CorruptException(file.name(), -1, "no " + label(kind), "that section");
    }
    return section;
  }

  private void manifest() {
    long present = expected.present().getLongCardinality();
    if (column.rows() != present || column.distinct() != values.size()) {
      error(
          SectionKind.MANIFEST,
          column.rows()
              + " rows with "
              + column.distinct()
              + " values, the metadata rows have "
              + present
              + " with "
              + values.size());
    }
  }

  /** The readers of the query path know what else a dictionary must be. */
  private void dictionary() {
    if (column.type().equals(ColumnType.BOOLEAN.label())) {
      return;
    }
    Section section = section(SectionKind.COLUMN_DICT);
    if (column.type().equals(ColumnType.NUMBER.label())) {
      new NumberDictionary(section, values.size());
    } else {
      new StringBlocksReader(section, StringBlocksLayout.MAX_VALUE_BYTES, 1).verify();
    }
  }

  private void bitmaps() {
    // The readers of the query path know what else a section must be.
    new BitmapsReader(
        section(SectionKind.BITMAP_DICT), section(SectionKind.BITMAP_DATA), rows, values.size());
    ColumnView view = new ColumnView(file, column);
    if (view.values() != values.size()) {
      error(
          SectionKind.BITMAP_DICT, view.values() + " bitmaps of values, expected " + values.size());
      return;
    }
    for (int rank = -1; rank < values.size(); rank++) {
      BitmapInfo info = view.bitmap(rank);
      MetaValue value = rank < 0 ? null : values.get(rank);
      if (rank >= 0 && !value.equals(info.value())) {
        error(
            SectionKind.COLUMN_DICT,
            "rank " + rank + " is " + info.value() + ", expected " + value);
        return;
      }
      MutableRoaringBitmap wanted = rank < 0 ? expected.present() : expected.values().get(value);
      ImmutableRoaringBitmap found = bitmap(info);
      if (ImmutableRoaringBitmap.xorCardinality(wanted, found) != 0) {
        int row = ImmutableRoaringBitmap.xor(wanted, found).first();
        error(
            SectionKind.BITMAP_DATA,
            "the bitmap of "
                + (rank < 0 ? "presence" : "rank " + rank)
                + " is wrong, for row "
                + row
                + " first");
        return;
      }
    }
  }

  private ImmutableRoaringBitmap bitmap(BitmapInfo info) {
    if (info.cardinality() == 0) {
      return new MutableRoaringBitmap();
    }
    if (info.cardinality() == 1) {
      if (info.row() >= rows) {
        throw new CorruptException(file.name(), -1, "row " + info.row(), "one below " + rows);
      }
      return MutableRoaringBitmap.bitmapOf((int) info.row());
    }
    Section data = section(SectionKind.BITMAP_DATA);
    return decode(data, info.offset() - data.entry().offset(), info.length(), info.cardinality());
  }

  private ImmutableRoaringBitmap decode(Section section, long at, long length, long cardinality) {
    byte[] bytes = section.slice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return RoaringBlob.map(section.resource(), 0, MemorySegment.ofArray(bytes), cardinality, rows);
  }

  /** The rank of each row, -1 where the column has no value; only for one value per row. */
  private int[] ranks() {
    int[] ranks = new int[rows];
    Arrays.fill(ranks, -1);
    for (int rank = 0; rank < values.size(); rank++) {
      int current = rank;
      expected.values().get(values.get(rank)).forEach((int row) -> ranks[row] = current);
    }
    return ranks;
  }

  private void codes() {
    Section section = section(SectionKind.COLUMN_CODES);
    ColumnCodesReader reader =
        new ColumnCodesReader(
            section, rows, values.size(), column.type().equals(ColumnType.LIST.label()));
    int before = findings.size();
    if (section.entry().encoding() == SINGLE) {
      singleCodes(section);
    } else {
      listCodes(section);
    }
    if (findings.size() == before) {
      reader.verifyPadding();
    }
  }

  private void singleCodes(Section section) {
    int width = BitPacking.width(values.size());
    MemorySegment words = packed(section, 0, rows, width);
    int[] ranks = ranks();
    for (int row = 0; words != null && row < rows; row++) {
      long code = width == 0 ? 0 : BitPacking.get(words, width, row);
      if (code != ranks[row] + 1L) {
        error(
            SectionKind.COLUMN_CODES,
            "row " + row + " has the code " + code + ", expected " + (ranks[row] + 1));
        return;
      }
    }
  }

  private void listCodes(Section section) {
    int width = Math.max(1, BitPacking.width(Math.max(0, values.size() - 1L)));
    long[] sizes = new long[rows + 1];
    expected.values().values().forEach(bitmap -> bitmap.forEach((int row) -> sizes[row + 1]++));
    for (int row = 0; row < rows; row++) {
      sizes[row + 1] += sizes[row];
    }
    long start = (4L * (rows + 1) + 7) & ~7L;
    MemorySegment words = packed(section, start, sizes[rows], width);
    if (words == null) {
      return;
    }
    MemorySegment offsets = section.slice(0, 4L * (rows + 1));
    long[] next = sizes.clone();
    for (int row = 0; row <= rows; row++) {
      if (Integer.toUnsignedLong(offsets.get(LittleEndian.INT, 4L * row)) != sizes[row]) {
        error(SectionKind.COLUMN_CODES, "the ranks of row " + row + " begin elsewhere");
        return;
      }
    }
    // Ranks ascend in this loop as they do inside every row.
    for (int rank = 0; rank < values.size(); rank++) {
      var rowsOfRank = expected.values().get(values.get(rank)).getIntIterator();
      while (rowsOfRank.hasNext()) {
        int row = rowsOfRank.next();
        if (BitPacking.get(words, width, next[row]++) != rank) {
          error(SectionKind.COLUMN_CODES, "row " + row + " lacks the rank " + rank);
          return;
        }
      }
    }
  }

  /**
   * The bit-packed words from {@code start} to the section's end, or null when their length is
   * wrong.
   */
  private MemorySegment packed(Section section, long start, long count, int width) {
    long needed = start + BitPacking.byteLength(count, width);
    if (section.length() != needed || section.entry().param() != width) {
      error(
          SectionKind.COLUMN_CODES,
          section.length()
              + " bytes of width "
              + section.entry().param()
              + ", expected "
              + needed
              + " of width "
              + width);
      return null;
    }
    return section.slice(start, needed - start);
  }

  private void slices() {
    Section section = file.find(SectionKind.RANK_SLICES, column.id());
    if (section == null) {
      return;
    }
    new RankSlicesReader(section, rows, values.size());
    int count = values.size() < 2 ? 0 : BitPacking.width(values.size() - 1L);
    if (section.entry().items() != count) {
      error(SectionKind.RANK_SLICES, section.entry().items() + " slices, expected " + count);
      return;
    }
    int[] ranks = ranks();
    for (int slice = 0; slice < count; slice++) {
      int bit = count - 1 - slice;
      MutableRoaringBitmap wanted = new MutableRoaringBitmap();
      for (int row = 0; row < rows; row++) {
        if (ranks[row] >= 0 && (ranks[row] >>> bit & 1) != 0) {
          wanted.add(row);
        }
      }
      MemorySegment entry = section.slice((long) SLICE_ENTRY * slice, SLICE_ENTRY);
      long cardinality = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 0));
      long length = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 4));
      ImmutableRoaringBitmap found =
          cardinality == 0
              ? new MutableRoaringBitmap()
              : decode(section, entry.get(LittleEndian.LONG, 8), length, cardinality);
      if (ImmutableRoaringBitmap.xorCardinality(wanted, found) != 0) {
        error(SectionKind.RANK_SLICES, "the slice of bit " + bit + " is wrong");
        return;
      }
    }
  }
}
