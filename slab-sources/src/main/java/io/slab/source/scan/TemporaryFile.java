package io.slab.source.scan;

import io.slab.error.OnFailure;
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
  private TemporaryFile() {}

  /**
   * Copies a stream and maps the copy, whose name is gone before this returns where the system
   * allows that: nothing of it stays when the program is killed.
   *
   * @param name what errors call the stream, which is closed
   */
  static ByteSource map(String name, InputStream in) {
    try (in) {
      Path file = create();
      try {
        return MappedSource.open(name, fill(file, in));
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

  private static Path fill(Path file, InputStream in) throws IOException {
    return OnFailure.undo(
        () -> Files.deleteIfExists(file),
        () -> {
          try (OutputStream out = Files.newOutputStream(file)) {
            in.transferTo(out);
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
