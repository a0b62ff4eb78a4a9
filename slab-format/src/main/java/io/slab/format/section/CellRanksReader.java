package io.slab.format.section;

import io.slab.bytes.Segments;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Finds the rank of the id of single rows in the lists of cells ({@link CellListsLayout}). Holds 12
 * bytes a cell. Thread-safe.
 */
public final class CellRanksReader {
  private final Section lists;
  private final int[] firstRow;
  private final long[] offset;

  /**
   * Reads the directory.
   *
   * @throws io.slab.error.CorruptException when its lists do not hold the rows
   * @throws io.slab.error.UnsupportedException when this version does not know the sections
   */
  public CellRanksReader(Section directory, Section lists, int rows) {
    Sections.encoding(Sections.codec(directory, SlabFormat.CODEC_NONE), 1);
    this.lists =
        Sections.encoding(Sections.codec(lists, SlabFormat.CODEC_NONE), CellListsLayout.ENCODING);
    int cells = Sections.items(directory);
    Sections.length(directory, (long) CellListsLayout.ENTRY_BYTES * cells);
    MemorySegment bytes = directory.all();
    firstRow = new int[cells + 1];
    offset = new long[cells];
    long row = 0;
    for (int cell = 0; cell < cells; cell++) {
      long at = (long) CellListsLayout.ENTRY_BYTES * cell;
      offset[cell] = Segments.longAt(bytes, at + CellListsLayout.OFFSET);
      long count = Integer.toUnsignedLong(Segments.intAt(bytes, at + CellListsLayout.ROWS));
      row += count;
      boolean fits = offset[cell] >= 0 && offset[cell] <= lists.length() - 4 * count;
      if (row > rows || !fits) {
        throw Sections.corrupt(
            directory, at, count + " rows at " + offset[cell], "a list inside IVF_LISTS");
      }
      firstRow[cell + 1] = (int) row;
    }
    if (row != rows) {
      throw Sections.corrupt(directory, 0, "lists of " + row + " rows", rows + " rows");
    }
  }

  private long at(int row) {
    int place = Arrays.binarySearch(firstRow, Objects.checkIndex(row, firstRow[offset.length]));
    int cell = place >= 0 ? place : -place - 2;
    return offset[cell] + (long) CellListsLayout.RANK_BYTES * (row - firstRow[cell]);
  }

  /**
   * The rank of the id of a row.
   *
   * @throws io.slab.error.CorruptException when it is no rank of a row
   */
  public int rank(int row) {
    long at = at(row);
    int rank = Segments.intAt(lists.slice(at, CellListsLayout.RANK_BYTES), 0);
    if (rank < 0 || rank >= firstRow[offset.length]) {
      throw Sections.corrupt(
          lists,
          at,
          "rank " + Integer.toUnsignedString(rank),
          "a rank below " + firstRow[offset.length]);
    }
    return rank;
  }

  /** Adds what {@link #rank} reads to what is fetched. */
  public void announce(ReadAhead ahead, int row) {
    ahead.add(lists, at(row), CellListsLayout.RANK_BYTES);
  }
}
