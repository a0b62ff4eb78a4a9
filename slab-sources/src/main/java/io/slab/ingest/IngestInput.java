package io.slab.ingest;

import io.slab.source.SourcePart;
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
 * @param part reads the records of an input that is not JSON lines, else null
 */
public record IngestInput(String name, Opener opener, long bytes, SourcePart part) {
  public IngestInput(String name, Opener opener, long bytes) {
    this(name, opener, bytes, null);
  }

  /** A part of a source of any shape; its line numbers are those of its records, from 1. */
  public static IngestInput part(SourcePart part) {
    return new IngestInput(part.name(), null, part.bytes(), part);
  }

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
