package io.slab.bench.fuzz;

/** What Jazzer calls; the system property {@code slab.fuzz} names the target. */
public final class Fuzzer {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(
          System.getProperty("slab.fuzz", "slab").toUpperCase(java.util.Locale.ROOT));

  private Fuzzer() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    TARGET.run(bytes);
  }
}
