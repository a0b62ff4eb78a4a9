package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.BitmapsWriter;
import io.slab.format.section.ColumnCodesWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.RankSlicesWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the sections of columns, one column after the other. Small dictionaries wait for the hot
 * tail. One thread only.
 */
final class SlabColumnsWriter {
  /** Larger dictionaries stay out of the hot tail, which every opening reads. */
  static final int HOT_BYTES = 1 << 16;

  /** Most bytes of dictionaries in the hot tail, however many columns there are. */
  static final long HOT_TOTAL_BYTES = 1 << 20;

  private final SlabFileWriter out;
  private final int rows;
  private final int[] rowOf;
  private final List<Runnable> hotSections = new ArrayList<>();
  private final List<SlabManifest.Column> entries = new ArrayList<>();
  private long hotBytes;

  /**
   * @param rowOf the row of each rank; null where rows keep the order of their ids
   */
  SlabColumnsWriter(SlabFileWriter out, int rows, int[] rowOf) {
    this.out = out;
    this.rows = rows;
    this.rowOf = rowOf;
  }

  /** The columns written so far, as the manifest lists them. */
  List<SlabManifest.Column> entries() {
    return entries;
  }

  void write(ColumnBuilder column) {
    int id = entries.size();
    ColumnValues found = column.finish();
    ColumnValues values = rowOf == null ? found : found.renumbered(rowOf);
    entries.add(
        new SlabManifest.Column(
            id, column.field(), column.type(), values.rows().length, values.distinct()));
    if (isHot(column.dictionaryLength())) {
      hotSections.add(() -> column.writeDictionary(out, id));
    } else {
      column.writeDictionary(out, id);
    }
    ColumnCodesWriter.write(out, id, values, rows);
    BitmapsWriter bitmaps = new BitmapsWriter(out, id, values);
    if (isHot(bitmaps.dictionaryLength())) {
      hotSections.add(bitmaps::writeDictionary);
    } else {
      bitmaps.writeDictionary();
    }
    if (column.type() == ColumnType.NUMBER) {
      RankSlicesWriter.write(out, id, values);
    }
  }

  /** True when a dictionary shall lie in the hot tail: first come, first served. */
  private boolean isHot(long bytes) {
    if (bytes > HOT_BYTES || hotBytes + bytes > HOT_TOTAL_BYTES) {
      return false;
    }
    hotBytes += bytes;
    return true;
  }

  /** Writes the dictionaries that waited. */
  void writeHot() {
    hotSections.forEach(Runnable::run);
  }
}
