package io.slab.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One input of an {@link IngestJob}.
 *
 * @param name what problems and resume tokens call it
 * @param opener opens it, once
 * @param bytes its size, or -1 when not known
 */
public record IngestInput(String name, Opener opener, long bytes) {
  /** Opens an input. */
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /** A file, which is opened when its turn comes. */
  public static IngestInput file(Path file) {
    long bytes;
    try {
      bytes = Files.size(file);
    } catch (IOException e) {
      // The job reports it with its place among the inputs when it opens the file.
      bytes = -1;
    }
    return new IngestInput(file.toString(), () -> Files.newInputStream(file), bytes);
  }

  /** A stream of unknown size, such as standard input; the job closes it. */
  public static IngestInput stream(String name, InputStream in) {
    return new IngestInput(name, () -> in, -1);
  }
}
