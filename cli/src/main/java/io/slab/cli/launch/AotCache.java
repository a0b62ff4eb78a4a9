package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The JVM's cache of loaded classes, made by running typical commands once. */
final class AotCache {
  private AotCache() {}

  /**
   * Makes a cache in a Java of its own.
   *
   * @param flags of Java, as later starts have them
   * @param classPath what later starts have; it may only be continued
   * @param training the main class to run
   * @return whether the cache was made
   */
  static boolean make(
      Path java, List<String> flags, String classPath, Class<?> training, Path cache)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(cache.getParent(), "training-");
    try {
      List<String> command = new ArrayList<>(List.of(java.toString()));
      command.addAll(flags);
      command.addAll(
          List.of(
              "-XX:AOTCacheOutput=" + cache,
              "-cp",
              classPath,
              training.getName(),
              work.toString()));
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code == 0 && Files.exists(cache) && Files.size(cache) > 0) {
        return true;
      }
      Files.deleteIfExists(cache);
      return false;
    } finally {
      delete(work);
    }
  }

  /** Removes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
