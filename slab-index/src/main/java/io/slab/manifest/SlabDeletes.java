package io.slab.manifest;

/**
 * Where the deletion vector of a slab is. The array is owned by this record.
 *
 * @param cardinality dead rows; 0 means that there is no vector at all
 * @param inline the portable roaring bitmap, or null
 * @param file name inside the namespace's {@code deletes} folder, or null
 */
public record SlabDeletes(long cardinality, byte[] inline, String file) {
  /** No row is dead. */
  public static final SlabDeletes NONE = new SlabDeletes(0, null, null);

  public SlabDeletes {
    boolean none = cardinality == 0 && inline == null && file == null;
    boolean one = cardinality > 0 && (inline == null) != (file == null);
    if (!none && !one) {
      throw new IllegalArgumentException("a deletion vector is nowhere, inline or in a file");
    }
  }
}
