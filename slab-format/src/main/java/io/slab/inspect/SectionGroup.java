package io.slab.inspect;

import io.slab.format.file.SectionKind;
import java.util.Locale;

/** What sections are for: few enough to be shown side by side, in the order of a slab's layout. */
public enum SectionGroup {
  /** Dense values and their reciprocal norms. */
  VECTORS,
  /** Sparse values and their inverted index. */
  SPARSE,
  /** Metadata as it was written. */
  METADATA,
  /** Ids with their look-up structures, and the log position of each row. */
  IDS,
  /** Quantised codes, which are scanned first. */
  CODES,
  /** What tells which codes to scan: rotation, centroids, cell directory, codebook. */
  ANN,
  /** Metadata by field: dictionaries and a code for each row. */
  COLUMNS,
  /** Metadata by field and value: bitmaps and rank slices. */
  BITMAPS,
  /** Header, directory, trailer, manifest, checksums. */
  CONTAINER,
  /** Sections of a kind that this version does not know. */
  OTHER,
  /** Zeros between sections. */
  PADDING;

  /** The group of a section by the name of its kind; {@link #OTHER} for a kind not known. */
  public static SectionGroup of(SectionInfo section) {
    return section.known() ? of(SectionKind.valueOf(section.kind())) : OTHER;
  }

  /** The group of a kind. */
  public static SectionGroup of(SectionKind kind) {
    return switch (kind) {
      case RAW_VECTORS, INVERSE_NORMS -> VECTORS;
      case SPARSE_ROWS, SPARSE_DICT, SPARSE_POSTINGS -> SPARSE;
      case META_ROWS, META_BLOCKS -> METADATA;
      case ID_BLOCKS, ID_TOP, ID_BLOOM, ROW_LSN, TOMBSTONES, TOMBSTONE_LSN, RANGE_TOMBSTONES -> IDS;
      case IVF_LISTS -> CODES;
      case ROTATION, IVF_CENTROIDS, IVF_DIR, PQ_CODEBOOK -> ANN;
      case COLUMN_DICT, COLUMN_CODES -> COLUMNS;
      case BITMAP_DICT, BITMAP_DATA, RANK_SLICES -> BITMAPS;
      case MANIFEST, CHUNK_CRCS -> CONTAINER;
    };
  }

  /** The lower-case name used in JSON and on the screen. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
