package io.slab.check;

/** How bad a problem is. */
public enum Severity {
  /** Data is damaged, missing or unreadable. */
  ERROR,
  /** Nothing is lost, but something is not as it should be. */
  WARNING;

  /** Lower-case name. */
  public String label() {
    return this == ERROR ? "error" : "warning";
  }
}
