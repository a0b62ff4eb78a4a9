package io.slab.spark;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the log of each process, once, that distances are computed without vector instructions.
 */
final class Kernels {
  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private Kernels() {}

  static void tellOnce() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()
        && TOLD.compareAndSet(false, true)) {
      LOG.warn(
          "slab computes without vector instructions here, several times slower: start the JVM with"
              + " --add-modules jdk.incubator.vector (spark.driver.extraJavaOptions and"
              + " spark.executor.extraJavaOptions)");
    }
  }
}
