package io.slab.check;

/** How much a check reads. */
public enum CheckLevel {
  /** Structure: headers, trailers, directories, references; a few reads per object. */
  QUICK,
  /** Every byte against its checksum, and every statement against the data it is about. */
  CHECKSUMS,
  /**
   * All of that, and everything derived is built anew from ids, vectors, sparse rows and metadata
   * and compared with what is stored, as are the terms of texts; takes as long as writing the
   * slabs, and scratch space of the size of the largest.
   */
  DEEP;

  /** Lower-case name. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
