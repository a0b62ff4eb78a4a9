package io.slab.vector;

import java.util.function.Supplier;

/**
 * Chooses the kernel. The SIMD kernel needs the incubator module {@code jdk.incubator.vector},
 * which a launcher leaves out of short commands because its mere presence slows the start; no class
 * that mentions it is loaded without it.
 */
public final class Kernels {
  private static final boolean VECTOR_MODULE = present();

  private Kernels() {}

  /**
   * Asks for the class and not for the boot layer's module: a launcher may have loaded the module
   * after the start.
   */
  private static boolean present() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** True when {@link #vector} works in this process. */
  public static boolean vectorAvailable() {
    return VECTOR_MODULE;
  }

  /**
   * The kernel that suits the workload in this process; each call of the supplier makes one for one
   * thread.
   */
  public static Supplier<DenseKernel> select(Workload workload) {
    return workload == Workload.LONG_RUNNING && VECTOR_MODULE ? Kernels::vector : Kernels::scalar;
  }

  /** A new scalar kernel. */
  public static DenseKernel scalar() {
    return new ScalarKernel();
  }

  /** A new SIMD kernel; throws {@link IllegalStateException} without the incubator module. */
  public static DenseKernel vector() {
    if (!VECTOR_MODULE) {
      throw new IllegalStateException(
          "this process was started without --add-modules jdk.incubator.vector");
    }
    return VectorHolder.create();
  }

  /** Keeps the reference to the SIMD class out of {@link Kernels} itself. */
  private static final class VectorHolder {
    static DenseKernel create() {
      return new VectorKernel();
    }
  }
}
