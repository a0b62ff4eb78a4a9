package io.slab.output;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files and folders that were begun and have no name of their own yet, for a process that is told
 * to stop. Thread-safe.
 */
public final class UnfinishedFiles {
  private static final Set<Path> PATHS = ConcurrentHashMap.newKeySet();

  private UnfinishedFiles() {}

  /** Keeps in mind what is to be removed unless it gets another name. */
  public static Path add(Path path) {
    PATHS.add(path);
    return path;
  }

  /** Removes an unfinished file or folder, if it is still there. */
  public static void abandon(Path path) {
    delete(path.toFile());
    PATHS.remove(path);
  }

  /** Removes all of them; for a shutdown hook. */
  public static void abandonAll() {
    for (Path path : PATHS) {
      delete(path.toFile());
    }
  }

  /** What is in a folder; null for what is none. A link stands for itself, not for its target. */
  static File[] children(File file) {
    return Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
  }

  private static void delete(File file) {
    File[] children = children(file);
    if (children != null) {
      for (File child : children) {
        delete(child);
      }
    }
    file.delete();
  }
}
