package io.slab.check;

/** How much a check reads. */
public enum CheckLevel {
  /** Structure: headers, trailers, directories, references; a few reads per object. */
  QUICK,
  /** Every byte against its checksum, and every statement against the data it is about. */
  CHECKSUMS;

  /** Lower-case name. */
  public String label() {
    return this == QUICK ? "quick" : "checksums";
  }
}
