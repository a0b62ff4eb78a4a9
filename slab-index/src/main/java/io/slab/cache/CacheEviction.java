package io.slab.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds a {@link CacheFolder} to its size: counts what its files take and removes those that were
 * used longest ago. Other processes may use the folder meanwhile.
 */
final class CacheEviction {
  /** Age at which a file that is still being made belongs to a process that was killed. */
  private static final long STALE_MILLIS = 3_600_000;

  private final Path root;

  /**
   * Of one folder.
   *
   * @param root with the folders of large and small objects, which need not be there
   */
  CacheEviction(Path root) {
    this.root = root;
  }

  private record Kept(Path path, long bytes, long usedMillis) {}

  /** Bytes in the folder, about; 0 when it cannot be read. */
  long used() {
    try {
      return kept().stream().mapToLong(Kept::bytes).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Removes files until the rest fits; does nothing while another process does it.
   *
   * @param size most bytes that stay
   */
  void trim(long size) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (FileChannel channel =
            FileChannel.open(
                root.resolve("lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        trimTo(size);
        removeStale();
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Another process does it, or the next one will.
    }
  }

  private void trimTo(long size) throws IOException {
    List<Kept> kept = kept();
    long sum = kept.stream().mapToLong(Kept::bytes).sum();
    kept.sort(Comparator.comparingLong(Kept::usedMillis));
    for (Kept file : kept) {
      if (sum <= size) {
        return;
      }
      Files.deleteIfExists(file.path());
      sum -= file.bytes();
    }
  }

  private List<Kept> kept() throws IOException {
    List<Kept> kept = new ArrayList<>();
    for (String kind : List.of(CacheFolder.LARGE, CacheFolder.SMALL)) {
      Path folder = root.resolve(kind);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path path : (Iterable<Path>) files::iterator) {
          add(kept, path, kind.equals(CacheFolder.LARGE));
        }
      }
    }
    return kept;
  }

  private static void add(List<Kept> kept, Path path, boolean large) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      long used = large ? CacheFile.used(path) : -1;
      // Of a file that is not sparse the length says what it takes.
      long bytes = used < 0 ? attributes.size() : used + CacheFile.HEADER;
      kept.add(new Kept(path, bytes, attributes.lastModifiedTime().toMillis()));
    } catch (IOException e) {
      // Removed meanwhile.
    }
  }

  /** Removes what processes that were killed left half-made. */
  private void removeStale() throws IOException {
    long limit = System.currentTimeMillis() - STALE_MILLIS;
    try (Stream<Path> files = Files.list(root)) {
      for (Path path : (Iterable<Path>) files::iterator) {
        if (path.getFileName().toString().startsWith(CacheFolder.TEMPORARY)
            && Files.getLastModifiedTime(path).toMillis() < limit) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
