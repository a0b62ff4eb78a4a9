package io.slab.estimate;

import io.slab.format.file.SectionKind;
import io.slab.inspect.SectionInfo;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one record takes in a slab, apart from what follows from the number of dimensions alone:
 * measured on a slab, or assumed for metadata of so many bytes. Averages in bytes as stored, so
 * compressed where the slab compresses. Immutable.
 *
 * @param vectorType which parts records have
 * @param metric cosine adds a reciprocal norm for each row
 * @param dimension dense dimension, 0 for none
 * @param idBytes of ID_BLOCKS and ID_TOP
 * @param lsnBytes of ROW_LSN; negative when it depends on how the rows come
 * @param metadataBytes of META_ROWS and META_BLOCKS
 * @param columnBytes of everything that grows with the rows in column sections
 * @param bitmapBytes the same in bitmap sections
 * @param fixedColumnBytes of a whole slab: dictionaries of fields with few values, however many
 *     rows there are
 * @param fixedBitmapBytes the same in bitmap sections
 * @param sparseEntries entries of the sparse values
 * @param sparseDimensions different sparse dimensions of a whole slab
 * @param rows measured, 0 when all is assumed
 */
public record RowShape(
    VectorType vectorType,
    Metric metric,
    int dimension,
    double idBytes,
    double lsnBytes,
    double metadataBytes,
    double columnBytes,
    double bitmapBytes,
    double fixedColumnBytes,
    double fixedBitmapBytes,
    double sparseEntries,
    double sparseDimensions,
    long rows) {
  /** Mean length of an id where nothing is known. */
  public static final double ID_LENGTH = 16;

  /**
   * Ids are front-coded and compressed; those without any order keep about half of their length.
   */
  private static final double ID_SHARE = 0.5;

  /*
   * Shares of the metadata's JSON text, as found on three sets: text embeddings with 17 fields of 405
   * bytes a record, images with 7 short fields, and facts with a sentence each. They differ by a factor
   * of two either way, so an estimate from plain numbers is that good for metadata, and better in all
   * the rest.
   */
  static final double METADATA_SHARE = 0.22;
  private static final double COLUMN_SHARE = 0.15;
  private static final double BITMAP_SHARE = 0.2;

  /** Sparse dimensions assumed: the vocabulary of a common sparse encoder. */
  private static final double SPARSE_DIMENSIONS = 30_000;

  /** A dictionary with a value for fewer than one row in so many no longer grows. */
  private static final int GROWING = 10;

  /**
   * A shape from plain numbers.
   *
   * @param idLength mean length of an id
   * @param metadataJsonBytes mean length of the metadata as compact JSON
   * @param sparseEntries mean number of sparse entries
   */
  public static RowShape assumed(
      VectorType type,
      Metric metric,
      int dimension,
      double idLength,
      double metadataJsonBytes,
      double sparseEntries) {
    return new RowShape(
        type,
        metric,
        dimension,
        1 + ID_SHARE * idLength,
        -1,
        1 + METADATA_SHARE * metadataJsonBytes,
        COLUMN_SHARE * metadataJsonBytes,
        BITMAP_SHARE * metadataJsonBytes,
        0,
        0,
        type.hasSparse() ? sparseEntries : 0,
        type.hasSparse() ? SPARSE_DIMENSIONS : 0,
        0);
  }

  /**
   * The shape of the rows of a slab.
   *
   * @param sections all of its sections
   */
  public static RowShape measured(
      VectorType type, Metric metric, int dimension, long rows, List<SectionInfo> sections) {
    Map<SectionKind, Long> bytes = new EnumMap<>(SectionKind.class);
    long sparseEntries = 0;
    long sparseDimensions = 0;
    double fixedColumns = 0;
    double fixedBitmaps = 0;
    for (SectionInfo section : sections) {
      if (!section.known()) {
        continue;
      }
      SectionKind kind = SectionKind.valueOf(section.kind());
      bytes.merge(kind, section.storedLength(), Long::sum);
      boolean fixed = section.items() * GROWING < rows;
      if (kind == SectionKind.COLUMN_DICT && fixed) {
        fixedColumns += section.storedLength();
      } else if (kind == SectionKind.BITMAP_DICT && fixed) {
        fixedBitmaps += section.storedLength();
      } else if (kind == SectionKind.SPARSE_POSTINGS) {
        sparseEntries += section.items();
      } else if (kind == SectionKind.SPARSE_DICT) {
        sparseDimensions += section.items();
      }
    }
    double columns = sum(bytes, SectionKind.COLUMN_DICT, SectionKind.COLUMN_CODES);
    double bitmaps =
        sum(bytes, SectionKind.BITMAP_DICT, SectionKind.BITMAP_DATA, SectionKind.RANK_SLICES);
    return new RowShape(
        type,
        metric,
        dimension,
        sum(bytes, SectionKind.ID_BLOCKS, SectionKind.ID_TOP) / rows,
        sum(bytes, SectionKind.ROW_LSN) / rows,
        sum(bytes, SectionKind.META_ROWS, SectionKind.META_BLOCKS) / rows,
        (columns - fixedColumns) / rows,
        (bitmaps - fixedBitmaps) / rows,
        fixedColumns,
        fixedBitmaps,
        (double) sparseEntries / rows,
        sparseDimensions,
        rows);
  }

  private static double sum(Map<SectionKind, Long> bytes, SectionKind... kinds) {
    double sum = 0;
    for (SectionKind kind : kinds) {
      sum += bytes.getOrDefault(kind, 0L);
    }
    return sum;
  }
}
