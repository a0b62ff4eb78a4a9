package io.slab.vector;

/** The tests of the scoring kernels for a process that has no test framework. */
public final class KernelChecks {
  private KernelChecks() {}

  /** Throws where vector instructions and plain loops differ by more than they may. */
  public static void run() {
    KernelTest test = new KernelTest();
    test.resultsLieWithinTheBound();
    test.cosineBoundHoldsWithStoredReciprocals();
  }
}
