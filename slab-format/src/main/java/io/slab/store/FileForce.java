package io.slab.store;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** How the content of a file is made durable before the file gets its name. */
interface FileForce {
  /** Comes back when content and length outlive a crash. */
  void force(FileChannel written) throws IOException;

  /** The way of all but tests: asks the system, which asks the disk. */
  static void system(FileChannel written) throws IOException {
    written.force(true);
  }
}
