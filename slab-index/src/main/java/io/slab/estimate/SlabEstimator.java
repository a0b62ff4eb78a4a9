package io.slab.estimate;

import io.slab.ann.AnnChooser;
import io.slab.ann.AnnIndex;
import io.slab.ann.AnnIndexer;
import io.slab.ann.Rotation;
import io.slab.format.SlabManifest;
import io.slab.format.file.SlabFormat;
import io.slab.inspect.SectionGroup;
import io.slab.model.Metric;
import io.slab.wal.WalLayout;
import java.util.EnumMap;
import java.util.Map;

/**
 * The size of a slab by arithmetic, from what spec/slab-file.md and spec/ann.md say about its
 * sections. Everything that depends on the dimension is exact but for the number of cells; the rest
 * is as good as the shape. Immutable and thread-safe.
 *
 * @param rows what a record takes
 * @param search what an index looks like
 */
public record SlabEstimator(RowShape rows, SearchShape search) {
  /** Cells grow with the square root of the rows at most, by this factor. */
  private static final double ROOT_FACTOR = 1.2;

  /** Rows of the blocks that lists are made of; the last of each list is half empty. */
  private static final int BLOCK = 32;

  /** Of a row in a list: its rank, and three factors of its code and of its fine code. */
  private static final int ROW_BYTES = 28;

  /** Records of one write, where they come by the log. */
  private static final int BATCH = 500;

  /**
   * Header, trailer, manifest without its columns, and a directory of the sections without columns.
   */
  private static final int CONTAINER_BYTES = 64 + 80 + 600 + 15 * 64;

  /** One measured effort in the manifest of a slab with an index, and how many there are. */
  private static final int CURVE_BYTES = 60 * 180;

  /** Zeros before RAW_VECTORS, and half an alignment for each other section. */
  private static final int PADDING_BYTES = 4032 + 15 * 32;

  /**
   * Estimates one slab.
   *
   * @param count rows, at least 1
   * @param level 0 for what a flush writes, which has codes in a single cell
   */
  public SlabEstimate slab(long count, int level) {
    boolean indexed = rows.vectorType().hasDense() && count >= least(level);
    long cells = indexed ? cells(count, level) : 0;
    Map<SectionGroup, Long> bytes = new EnumMap<>(SectionGroup.class);
    long norms = rows.metric() == Metric.COSINE && rows.dimension() > 0 ? 4 * count : 0;
    bytes.put(SectionGroup.VECTORS, 4L * rows.dimension() * count + norms);
    bytes.put(SectionGroup.SPARSE, sparse(count));
    bytes.put(SectionGroup.METADATA, Math.round(rows.metadataBytes() * count));
    bytes.put(SectionGroup.IDS, ids(count));
    if (indexed) {
      bytes.put(SectionGroup.CODES, codes(count, cells));
      bytes.put(SectionGroup.ANN, index(cells));
    }
    bytes.put(
        SectionGroup.COLUMNS,
        Math.round(rows.columnBytes() * count + few(rows.fixedColumnBytes(), count)));
    bytes.put(
        SectionGroup.BITMAPS,
        Math.round(rows.bitmapBytes() * count + few(rows.fixedBitmapBytes(), count)));
    long content = bytes.values().stream().mapToLong(Long::longValue).sum();
    long checksums = content / SlabFormat.CHUNK_BYTES * 4;
    bytes.put(
        SectionGroup.CONTAINER,
        CONTAINER_BYTES + checksums + (cells > 0 && level > 0 ? CURVE_BYTES : 0));
    bytes.put(SectionGroup.PADDING, (long) PADDING_BYTES);
    return new SlabEstimate(level, count, algorithm(indexed, level), cells, bytes);
  }

  private int least(int level) {
    return level > 0 ? AnnChooser.MIN_ROWS : AnnIndexer.leastFlat(rows.dimension());
  }

  private String algorithm(boolean indexed, int level) {
    if (!indexed) {
      return SlabManifest.EXACT;
    }
    return level > 0 ? search.algorithm() : AnnIndex.ANANAS;
  }

  /** Dictionaries of few values are complete early: a tenth of the rows has seen them all. */
  private double few(double fixed, long count) {
    return rows.rows() == 0 ? fixed : fixed * Math.min(1, 10.0 * count / rows.rows());
  }

  private long cells(long count, int level) {
    if (level == 0 || search.algorithm().equals(AnnIndex.ANANAS)) {
      return 1;
    }
    double most = ROOT_FACTOR * Math.sqrt(count);
    return Math.max(1, Math.round(Math.min(most, count / search.rowsPerCell())));
  }

  /** Bytes of one row's rank, code and fine code, which have three bits a dimension. */
  double codeBytes() {
    return ROW_BYTES + Rotation.paddedDimension(rows.dimension()) * 3 / 8.0;
  }

  private long codes(long count, long cells) {
    return Math.round(codeBytes() * (count + BLOCK / 2.0 * cells));
  }

  private long index(long cells) {
    long padded = Rotation.paddedDimension(rows.dimension());
    long panels = (cells + 15) / 16 * 16;
    long codebook = search.algorithm().equals(AnnIndex.PQFS) ? 64 * padded : 0;
    return 4 * panels * padded + 32 * cells + 4 * padded + 40 + codebook;
  }

  private long ids(long count) {
    long bloom = 32 * Math.max(1, (count * 10 + 255) / 256);
    double lsn =
        rows.lsnBytes() < 0 ? (WalLayout.LSN_SHIFT + bits(count / BATCH)) / 8.0 : rows.lsnBytes();
    return Math.round((rows.idBytes() + lsn) * count) + bloom + 16;
  }

  private static int bits(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  private long sparse(long count) {
    if (!rows.vectorType().hasSparse()) {
      return 0;
    }
    double entries = rows.sparseEntries() * count;
    double dimensions = Math.min(rows.sparseDimensions(), entries);
    // A window of 4,096 rows in a list takes 16 bytes, however few of its rows have the dimension.
    double windows =
        dimensions * Math.min(Math.ceil(count / 4096.0), entries / Math.max(1, dimensions));
    return Math.round(
        8.0 * (count + 1) + 8 * entries + 6 * entries + 16 * windows + 32 * dimensions);
  }
}
