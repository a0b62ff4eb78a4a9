package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import io.slab.model.SparseVector;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Reads {@link SparseRowsLayout}. Thread-safe. */
public final class SparseRowsReader {
  private final Section section;
  private final int rows;
  private final long firstByte;

  /** Checks the section against the number of rows. */
  public SparseRowsReader(Section section, int rows) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    Sections.items(section, rows);
    this.section = section;
    this.rows = rows;
    this.firstByte = SparseRowsLayout.OFFSET_BYTES * (rows + 1L);
    if (section.length() < firstByte) {
      throw Sections.corrupt(section, 0, section.length() + " bytes", "at least " + firstByte);
    }
  }

  /** The sparse part of a row, or null when it has none. */
  public SparseVector row(int row) {
    Objects.checkIndex(row, rows);
    long at = (long) SparseRowsLayout.OFFSET_BYTES * row;
    MemorySegment offsets = section.slice(at, 2L * SparseRowsLayout.OFFSET_BYTES);
    long start = offsets.get(LittleEndian.LONG, 0);
    long end = offsets.get(LittleEndian.LONG, SparseRowsLayout.OFFSET_BYTES);
    if (start < firstByte
        || end < start
        || end > section.length()
        || (end - start) % SparseRowsLayout.ITEM_BYTES != 0) {
      throw Sections.corrupt(
          section, at, "row " + row + " from " + start + " to " + end, "whole entries inside");
    }
    long size = (end - start) / SparseRowsLayout.ITEM_BYTES;
    if (size > Integer.MAX_VALUE / SparseRowsLayout.ITEM_BYTES) {
      throw Sections.corrupt(section, at, size + " entries in row " + row, "fewer than 2^28");
    }
    return size == 0 ? null : decode(row, start, (int) size);
  }

  /** Adds what says where a row lies to what is fetched. */
  public void announceOffsets(ReadAhead ahead, int row) {
    ahead.add(
        section, (long) SparseRowsLayout.OFFSET_BYTES * row, 2L * SparseRowsLayout.OFFSET_BYTES);
  }

  /** Adds a row of which the offsets are at hand. */
  public void announce(ReadAhead ahead, int row) {
    long at = (long) SparseRowsLayout.OFFSET_BYTES * row;
    MemorySegment offsets = section.slice(at, 2L * SparseRowsLayout.OFFSET_BYTES);
    long start = offsets.get(LittleEndian.LONG, 0);
    long end = offsets.get(LittleEndian.LONG, SparseRowsLayout.OFFSET_BYTES);
    // The reading of the row says what is wrong with an offset.
    if (start >= firstByte && end >= start && end <= section.length()) {
      ahead.add(section, start, end - start);
    }
  }

  private SparseVector decode(int row, long start, int size) {
    MemorySegment bytes = section.slice(start, (long) size * SparseRowsLayout.ITEM_BYTES);
    int[] indices = bytes.asSlice(0, 4L * size).toArray(LittleEndian.INT);
    for (int i = 1; i < size; i++) {
      if (Integer.compareUnsigned(indices[i - 1], indices[i]) >= 0) {
        throw Sections.corrupt(
            section, start + 4L * i, "row " + row + " with indices out of order", "ascending");
      }
    }
    float[] weights = new float[size];
    Segments.copyFloats(bytes, 4L * size, weights, 0, size);
    return new SparseVector(indices, weights);
  }

  /**
   * Decodes every row; the rows must lie back to back from the end of the offsets to the end of the
   * section.
   */
  public void verify() {
    long expected = firstByte;
    for (int row = 0; row < rows; row++) {
      long at = (long) SparseRowsLayout.OFFSET_BYTES * row;
      long start = section.slice(at, 8).get(LittleEndian.LONG, 0);
      if (start != expected) {
        throw Sections.corrupt(section, at, "row " + row + " at " + start, "at " + expected);
      }
      SparseVector sparse = row(row);
      expected += sparse == null ? 0 : (long) SparseRowsLayout.ITEM_BYTES * sparse.size();
    }
    Sections.length(section, expected);
  }
}
