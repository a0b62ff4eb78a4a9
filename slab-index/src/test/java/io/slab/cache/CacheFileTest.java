package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the cache belongs to one object, by what it says of itself and not by its name. */
class CacheFileTest {
  @TempDir Path folder;

  private CacheFile open(Path file, String key, long length) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    CacheFile opened = CacheFile.open(file, channel, CacheFile.key(key), length);
    if (opened == null) {
      channel.close();
    }
    return opened;
  }

  @Test
  void aFileOfAnotherObjectIsNotTaken() throws IOException {
    Path file = folder.resolve("file");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      CacheFile.format(channel, CacheFile.key("store\na"), 100);
    }
    // Names are hashes: two objects may have one, and then only the key tells them apart.
    assertNull(open(file, "store\nb", 100));
    assertNull(open(file, "store\na", 101));
    CacheFile same = open(file, "store\na", 100);
    assertNotNull(same);
    same.close();
  }
}
