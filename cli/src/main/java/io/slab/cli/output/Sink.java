package io.slab.cli.output;

import io.slab.error.StoreException;
import io.slab.output.OutputFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * UTF-8 text to a stream or to an {@link OutputFile}. A vanished reader becomes {@link BrokenPipe}.
 * Any thread may write: the text of one call stays together, and calls follow each other.
 */
public final class Sink implements AutoCloseable {
  /** The reader of our output went away: not an error of ours. */
  public static final class BrokenPipe extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenPipe(IOException cause) {
      super(cause);
    }
  }

  private static final int BUFFER = 1 << 16;

  private final OutputStream stream;

  /** What this is a view of, or null. */
  private final Sink behind;

  /** Null for a stream. */
  private final OutputFile file;

  private final String name;
  private final byte[] buffer = new byte[BUFFER];
  private int used;

  private Sink(OutputStream stream, OutputFile file, String name) {
    this(stream, file, name, null);
  }

  private Sink(OutputStream stream, OutputFile file, String name, Sink behind) {
    this.behind = behind;
    this.stream = stream;
    this.file = file;
    this.name = name;
  }

  /** Text to a stream, which stays open. */
  public static Sink of(OutputStream stream) {
    return new Sink(stream, null, "the output");
  }

  /** Text to a file that appears, complete, when {@link #commit} is called and not before. */
  public static Sink ofFile(Path target) {
    OutputFile file = OutputFile.open(target);
    return new Sink(file.stream(), file, target.toString());
  }

  /** A view whose text is free of what could drive a terminal. */
  Sink numbered() {
    return new Sink(stream, file, name, this);
  }

  public void write(String text) {
    if (behind != null) {
      behind.write(Cells.numbered(text));
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }

  /** Writes bytes as they are. */
  public void write(byte[] bytes, int offset, int length) {
    if (behind != null) {
      behind.write(bytes, offset, length);
      return;
    }
    synchronized (this) {
      put(bytes, offset, length);
    }
  }

  private void put(byte[] bytes, int offset, int length) {
    if (length > BUFFER - used) {
      drain();
    }
    if (length > BUFFER) {
      send(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, buffer, used, length);
    used += length;
  }

  /** Writes the remaining bytes of a buffer as they are. */
  public void write(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    write(copy, 0, copy.length);
  }

  public void flush() {
    if (behind != null) {
      behind.flush();
      return;
    }
    synchronized (this) {
      drain();
      try {
        stream.flush();
      } catch (IOException e) {
        throw failure(name, e);
      }
    }
  }

  private void drain() {
    send(buffer, 0, used);
    used = 0;
  }

  private void send(byte[] bytes, int offset, int length) {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /** What went wrong with output that goes to a place of this name. */
  public static RuntimeException failure(String name, IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean pipe = message.contains("Broken pipe") || message.contains("Pipe closed");
    return pipe
        ? new BrokenPipe(e)
        : new StoreException(
            StoreException.Kind.FAILED,
            "cannot write " + name + ": " + message,
            "check the space and the permissions there",
            e);
  }

  /** Everything is written: makes a file visible under its name. */
  public void commit() {
    flush();
    if (file != null) {
      file.commit();
    }
  }

  /** Drops a file that was not committed; a stream stays open. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
