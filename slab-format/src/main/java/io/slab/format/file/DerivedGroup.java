package io.slab.format.file;

import io.slab.error.DataException;

/**
 * Derived sections that are of use together only, and that a slab is searched without when one of
 * them is damaged or of a newer version: answers then come from ids, vectors and metadata, and are
 * the same.
 *
 * @param name what {@link #of} tells groups apart by
 * @param column of the sections of a column, else {@link SlabFormat#NO_COLUMN}
 */
public record DerivedGroup(Name name, int column) {
  /** The sections of the index over dense vectors. */
  public static final DerivedGroup VECTOR_INDEX =
      new DerivedGroup(Name.VECTOR_INDEX, SlabFormat.NO_COLUMN);

  /** What the sections are for. */
  public enum Name {
    VECTOR_INDEX,
    SPARSE_INDEX,
    NORMS,
    BLOOM,
    COLUMN
  }

  // Written out: what a record has of its own is linked at the first call, for several ms.
  @Override
  public int hashCode() {
    return 31 * name.ordinal() + column;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DerivedGroup group && group.name == name && group.column == column;
  }

  /** The group of a section; null for sections that a slab cannot do without. */
  static DerivedGroup of(SectionKind kind, int column) {
    return switch (kind) {
      case ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS, PQ_CODEBOOK -> VECTOR_INDEX;
      case SPARSE_DICT, SPARSE_POSTINGS ->
          new DerivedGroup(Name.SPARSE_INDEX, SlabFormat.NO_COLUMN);
      case INVERSE_NORMS -> new DerivedGroup(Name.NORMS, SlabFormat.NO_COLUMN);
      case ID_BLOOM -> new DerivedGroup(Name.BLOOM, SlabFormat.NO_COLUMN);
      case COLUMN_DICT, COLUMN_CODES, BITMAP_DICT, BITMAP_DATA, RANK_SLICES ->
          new DerivedGroup(Name.COLUMN, column);
      default -> null;
    };
  }

  /**
   * The group of the section that an error is about; null when it is about something else.
   *
   * @param file name of the slab, with which the names of its sections begin
   */
  static DerivedGroup of(String file, DataException error) {
    String resource = error.resource();
    if (!resource.startsWith(file + " ")) {
      return null;
    }
    String label = resource.substring(file.length() + 1);
    int end = label.indexOf(' ');
    label = end < 0 ? label : label.substring(0, end);
    int bracket = label.indexOf('[');
    String kindName = bracket < 0 ? label : label.substring(0, bracket);
    for (SectionKind kind : SectionKind.values()) {
      if (kind.name().equals(kindName)) {
        return of(kind, column(label, bracket));
      }
    }
    return null;
  }

  private static int column(String label, int bracket) {
    return bracket < 0
        ? SlabFormat.NO_COLUMN
        : Integer.parseInt(label.substring(bracket + 1, label.length() - 1));
  }
}
