package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The JVM's cache of loaded classes, made by running typical commands once. */
final class AotCache {
  /**
   * A training takes seconds; one that hangs must not keep a start, or an installation, waiting.
   */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private AotCache() {}

  /**
   * Makes a cache in a Java of its own.
   *
   * @param flags of Java, as later starts have them
   * @param classPath what later starts have; it may only be continued
   * @param training the main class to run
   * @return whether the cache was made; false too when that took five minutes
   */
  static boolean make(
      Path java, List<String> flags, String classPath, Class<?> training, Path cache)
      throws IOException, InterruptedException {
    return make(java, flags, classPath, training, cache, LIMIT);
  }

  /**
   * The same with another limit.
   *
   * @param limit after which the training is killed, with what it started
   */
  static boolean make(
      Path java,
      List<String> flags,
      String classPath,
      Class<?> training,
      Path cache,
      Duration limit)
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
      boolean ended = endedWell(new ProcessBuilder(command).inheritIO().start(), limit);
      if (ended && Files.exists(cache) && Files.size(cache) > 0) {
        return true;
      }
      Files.deleteIfExists(cache);
      return false;
    } finally {
      delete(work);
    }
  }

  /** Waits for a training, and kills one that does not end. */
  private static boolean endedWell(Process process, Duration limit) throws InterruptedException {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
    } finally {
      // Java makes the cache in a process of its own.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
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
