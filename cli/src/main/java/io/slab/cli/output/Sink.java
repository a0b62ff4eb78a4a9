package io.slab.cli.output;

import io.slab.error.StoreException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * UTF-8 text to a stream or, atomically, to a file. A vanished reader becomes {@link BrokenPipe}.
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

  /** Files begun and not finished, for a process that is told to stop. */
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  private final OutputStream stream;
  private final Path temporary;
  private final Path target;
  private final byte[] buffer = new byte[BUFFER];
  private int used;

  private Sink(OutputStream stream, Path temporary, Path target) {
    this.stream = stream;
    this.temporary = temporary;
    this.target = target;
  }

  /** Text to a stream, which stays open. */
  public static Sink of(OutputStream stream) {
    return new Sink(stream, null, null);
  }

  /** Text to a file that appears, complete, when {@link #commit} is called and not before. */
  public static Sink ofFile(Path target) {
    try {
      Path folder = target.toAbsolutePath().getParent();
      Path temporary = Files.createTempFile(folder, ".slab-", ".tmp");
      UNFINISHED.add(temporary);
      return new Sink(Files.newOutputStream(temporary), temporary, target);
    } catch (NoSuchFileException e) {
      throw unwritable(target.toString(), "there is no such folder", e);
    } catch (IOException e) {
      throw unwritable(target.toString(), e.getMessage(), e);
    }
  }

  public void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }

  /** Writes bytes as they are. */
  public void write(byte[] bytes, int offset, int length) {
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
    drain();
    try {
      stream.flush();
    } catch (IOException e) {
      throw failure(e);
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
      throw failure(e);
    }
  }

  private RuntimeException failure(IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean pipe = message.contains("Broken pipe") || message.contains("Pipe closed");
    return pipe ? new BrokenPipe(e) : unwritable(name(), message, e);
  }

  private String name() {
    return target == null ? "the output" : target.toString();
  }

  private static StoreException unwritable(String name, String why, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write " + name + ": " + why,
        "check the space and the permissions there",
        cause);
  }

  /** Everything is written: makes a file visible under its name. */
  public void commit() {
    flush();
    if (target == null) {
      return;
    }
    try {
      stream.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      UNFINISHED.remove(temporary);
    } catch (IOException e) {
      throw unwritable(target.toString(), e.getMessage(), e);
    }
  }

  /** Drops a file that was not committed; a stream stays open. */
  @Override
  public void close() {
    if (temporary == null) {
      return;
    }
    try {
      stream.close();
      Files.deleteIfExists(temporary);
      UNFINISHED.remove(temporary);
    } catch (IOException e) {
      throw unwritable(temporary.toString(), e.getMessage(), e);
    }
  }

  /** What went wrong with a stream that a verb writes to by itself. */
  public static RuntimeException outputFailure(IOException e) {
    return of(OutputStream.nullOutputStream()).failure(e);
  }

  /** Keeps in mind a file or folder that is to be removed unless it gets another name. */
  public static Path unfinished(Path path) {
    UNFINISHED.add(path);
    return path;
  }

  /** Removes an unfinished file or folder, if it is still there. */
  public static void abandon(Path path) {
    delete(path.toFile());
    UNFINISHED.remove(path);
  }

  private static void delete(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      for (File child : children) {
        delete(child);
      }
    }
    file.delete();
  }

  /** Removes every unfinished file; for a shutdown hook. */
  public static void abandonAll() {
    for (Path path : UNFINISHED) {
      delete(path.toFile());
    }
  }
}
