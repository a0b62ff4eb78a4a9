package io.slab.format.file;

/** Kinds of sections (spec/slab-file.md, "Section kinds"). */
public enum SectionKind {
  MANIFEST(0x01, true, false),
  CHUNK_CRCS(0x02, true, false),
  ID_BLOCKS(0x10, true, false),
  ID_TOP(0x11, true, true),
  ID_BLOOM(0x12, false, true),
  ROW_LSN(0x13, true, false),
  TOMBSTONES(0x14, false, false),
  TOMBSTONE_LSN(0x15, false, false),
  RANGE_TOMBSTONES(0x16, false, false),
  RAW_VECTORS(0x20, true, false),
  SPARSE_ROWS(0x21, true, false),
  SPARSE_DICT(0x22, false, true),
  SPARSE_POSTINGS(0x23, false, true),
  INVERSE_NORMS(0x24, false, true),
  META_ROWS(0x30, true, false),
  META_BLOCKS(0x31, true, false),
  COLUMN_DICT(0x40, false, true),
  COLUMN_CODES(0x41, false, true),
  BITMAP_DICT(0x42, false, true),
  BITMAP_DATA(0x43, false, true),
  RANK_SLICES(0x44, false, true),
  ROTATION(0x51, false, true),
  IVF_CENTROIDS(0x52, false, true),
  IVF_DIR(0x53, false, true),
  IVF_LISTS(0x54, false, true),
  PQ_CODEBOOK(0x55, false, true);

  private final int code;
  private final boolean critical;
  private final boolean derived;

  SectionKind(int code, boolean critical, boolean derived) {
    this.code = code;
    this.critical = critical;
    this.derived = derived;
  }

  public int code() {
    return code;
  }

  /** True when a reader that does not know the kind must refuse the slab. */
  public boolean critical() {
    return critical;
  }

  /** True when the content can be rebuilt from ids, vectors and metadata rows. */
  public boolean derived() {
    return derived;
  }

  /** True when there is a section of this kind for a column, and not one for the slab. */
  public boolean perColumn() {
    return switch (this) {
      case COLUMN_DICT, COLUMN_CODES, BITMAP_DICT, BITMAP_DATA, RANK_SLICES -> true;
      default -> false;
    };
  }

  /**
   * True when there is a section of this kind for a vector that records have: its number is the
   * part of the section, and this version knows vector 0 alone (spec/slab-file.md, 9.16).
   */
  public boolean perVector() {
    return switch (this) {
      case RAW_VECTORS, SPARSE_ROWS, SPARSE_DICT, SPARSE_POSTINGS, INVERSE_NORMS -> true;
      case ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS, PQ_CODEBOOK -> true;
      default -> false;
    };
  }

  /** True for an encoding that this version defines. */
  public boolean hasEncoding(int encoding) {
    return switch (this) {
      case ID_BLOCKS, COLUMN_DICT, COLUMN_CODES -> encoding == 1 || encoding == 2;
      case ROTATION, IVF_LISTS -> encoding == 2;
      default -> encoding == 1;
    };
  }

  /** True when the param of a directory entry means something. */
  public boolean hasParam(int encoding) {
    return switch (this) {
      case ID_BLOCKS, ID_BLOOM, TOMBSTONES, RAW_VECTORS, SPARSE_DICT, COLUMN_CODES -> true;
      case COLUMN_DICT -> encoding == 1;
      default -> false;
    };
  }

  /** The id of the kind's row in the table of kinds, for errors. */
  public String rule() {
    return (code < 0x10 ? "K-0x0" : "K-0x") + Integer.toHexString(code);
  }

  /** The kind that a label of a section begins with, or null for no such label. */
  public static SectionKind ofLabel(String label) {
    for (SectionKind kind : values()) {
      if (label != null
          && (label.equals(kind.name())
              || label.startsWith(kind.name() + "[")
              || label.startsWith(kind.name() + "#"))) {
        return kind;
      }
    }
    return null;
  }

  /** The kind of a code, or null when this version does not know it. */
  public static SectionKind ofCode(int code) {
    for (SectionKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
