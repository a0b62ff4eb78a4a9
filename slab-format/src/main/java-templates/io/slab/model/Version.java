package io.slab.model;

/** What this program is; the number is the build's. */
public final class Version {
  /** Version of the program. */
  public static final String NUMBER = "${project.version}";

  /** What writers put into the files that they write; informative. */
  public static final String PROGRAM = "slab " + NUMBER;

  /** Version of the slab files that are written. */
  public static final String FORMAT = "1.0";

  private Version() {}
}
