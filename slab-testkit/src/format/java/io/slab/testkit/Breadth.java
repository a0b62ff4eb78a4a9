package io.slab.testkit;

/**
 * How much of the same a test tries. A build tries what is likely to find a mistake; with {@code
 * -Dslab.tests=long}, as {@code bench/long-tests} sets it, tests with chance in them go through
 * more rounds, and those on large sets take all of them. What is left out as a whole is a {@link
 * LongTest}.
 */
public final class Breadth {
  static final String PROPERTY = "slab.tests";
  static final String LONG = "long";

  private Breadth() {}

  /** Whether the long tests run. */
  public static boolean isLong() {
    return LONG.equals(System.getProperty(PROPERTY));
  }

  /**
   * A number of rounds, rows or cases.
   *
   * @param build how many in every build
   * @param all how many in the long tests
   */
  public static int of(int build, int all) {
    return isLong() ? all : build;
  }
}
