package io.slab.sort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Tells whether the files of a run are still what was written, and removes files. */
public final class RunCheck {
  private RunCheck() {}

  /** Reads both files; false when anything is missing or another. */
  public static boolean isIntact(Path folder, Run run) {
    return matches(folder.resolve(run.recordFile()), run.recordBytes(), run.recordCrc())
        && (run.vectorBytes() == 0
            || matches(folder.resolve(run.vectorFile()), run.vectorBytes(), run.vectorCrc()));
  }

  private static boolean matches(Path file, long length, int expected) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != length) {
        return false;
      }
      CRC32C crc = new CRC32C();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      while (channel.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
      return (int) crc.getValue() == expected;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the files of a run, as far as they are there. */
  public static void delete(Path folder, Run run) {
    for (String name : new String[] {run.recordFile(), run.vectorFile()}) {
      try {
        Files.deleteIfExists(folder.resolve(name));
      } catch (IOException e) {
        throw Scratch.failure("delete", folder.resolve(name), e);
      }
    }
  }
}
