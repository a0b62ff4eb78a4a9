package io.slab.cache;

import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes what a cache has of some objects, told by the keys that stand in its files. Other
 * processes may use the folder meanwhile.
 */
final class CacheErasure {
  private CacheErasure() {}

  /**
   * Removes the files of a folder whose keys begin so.
   *
   * @param at where the key begins in each file
   * @throws StoreException when a file cannot be read or removed
   */
  static void run(Path folder, int at, String prefix) {
    byte[] wanted = CacheFile.key(prefix);
    try {
      for (Path path : files(folder)) {
        if (begins(path, at, wanted)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          "cannot remove files of the local cache " + folder + ": " + e,
          "delete that folder yourself, and run the command again",
          e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static boolean begins(Path path, int at, byte[] wanted) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(wanted.length);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, at + bytes.position()) <= 0) {
          return false;
        }
      }
      return Arrays.equals(bytes.array(), wanted);
    } catch (NoSuchFileException e) {
      return false; // Evicted meanwhile.
    }
  }
}
