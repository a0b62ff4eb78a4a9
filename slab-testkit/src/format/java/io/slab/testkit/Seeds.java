package io.slab.testkit;

/**
 * Seeds of tests with chance in them. By default each test has its own, the same in every run, so
 * that a build answers alike twice. The system property {@code slab.seed} says otherwise: {@code
 * free} takes another one each time, as long runs should, and a number is the seed itself, which
 * repeats a run that failed. Every seed is printed.
 */
public final class Seeds {
  private static final String PROPERTY = "slab.seed";

  private Seeds() {}

  /**
   * The seed of a test.
   *
   * @param name of the test or the part of it, printed with the seed; different names have different
   *     seeds by default
   */
  public static long of(String name) {
    long seed = choose(System.getProperty(PROPERTY, "fixed"), name);
    System.out.println(name + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }

  /** The seed of a test that has the name of its class. */
  public static long of(Class<?> test) {
    return of(test.getSimpleName());
  }

  private static long choose(String value, String name) {
    return switch (value) {
      case "fixed", "" -> name.hashCode();
      case "free" -> System.nanoTime();
      default -> Long.parseLong(value);
    };
  }
}
