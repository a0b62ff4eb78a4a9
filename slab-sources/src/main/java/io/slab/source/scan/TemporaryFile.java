package io.slab.source.scan;

import io.slab.error.OnFailure;
import io.slab.source.ForeignFile;
import io.slab.source.ReadFailure;
import io.slab.store.ByteSource;
import io.slab.store.MappedSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What can be read in order only, in a file of the folder for temporary files ({@code TMPDIR}), so
 * that it can be read at any place.
 */
final class TemporaryFile {
  private static final int PIECE = 1 << 16;

  private TemporaryFile() {}

  /**
   * Copies a stream and maps the copy, whose name is gone before this returns where the system
   * allows that: nothing of it stays when the program is killed.
   *
   * @param name what errors call the stream, which is closed
   */
  static ByteSource map(String name, InputStream in) {
    return map(name, in, Long.MAX_VALUE);
  }

  /**
   * The same of a stream whose length is known.
   *
   * @param most bytes; packed ones may become a thousand times as many on the disk
   * @throws io.slab.error.CorruptException when there are more
   */
  static ByteSource map(String name, InputStream in, long most) {
    try (in) {
      Path file = create();
      try {
        return MappedSource.open(name, fill(name, file, in, most));
      } finally {
        delete(file);
      }
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private static Path create() throws IOException {
    String named = System.getenv("TMPDIR");
    Path file =
        named == null || named.isEmpty()
            ? Files.createTempFile("slab-", ".input")
            : Files.createTempFile(Path.of(named), "slab-", ".input");
    // Where a signal ends the program while the copy is made, or the system keeps open files.
    file.toFile().deleteOnExit();
    return file;
  }

  private static Path fill(String name, Path file, InputStream in, long most) throws IOException {
    return OnFailure.undo(
        () -> Files.deleteIfExists(file),
        () -> {
          try (OutputStream out = Files.newOutputStream(file)) {
            byte[] piece = new byte[PIECE];
            long size = 0;
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
              size += n;
              if (size > most) {
                throw ForeignFile.corrupt(name, most, "more bytes", "an end after " + most);
              }
              out.write(piece, 0, n);
            }
          }
          return file;
        });
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A system that keeps open files: at the end, then.
      return;
    }
  }
}
