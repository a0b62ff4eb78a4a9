package io.slab.cli;

/** What this program is. A test compares the number with the build's. */
public final class Version {
  public static final String NUMBER = "0.1.0";

  /** Version of the slab files that are written. */
  public static final String FORMAT = "1.0";

  private Version() {}
}
