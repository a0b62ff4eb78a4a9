package io.slab.output;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Output that a user named and that grows in place, where people can watch it: a list of refused
 * records, a transcript. A file is forced to disk once, when it is closed. What is no file (see
 * {@link OutputPlace}) is written into. One thread only.
 */
public final class GrowingFile extends OutputStream {
  private final Path named;

  private final OutputStream out;
  private boolean closed;

  private GrowingFile(Path named, OutputStream out) {
    this.named = named;
    this.out = out;
  }

  /** Creates the file, or empties it. */
  public static GrowingFile open(Path named) {
    return open(named, 0);
  }

  /**
   * Opens the file, or creates it.
   *
   * @param keep bytes of it that stay; what follows them is cut off
   */
  public static GrowingFile open(Path named, long keep) {
    OutputPlace place = OutputPlace.of(named).requireFile();
    try {
      if (place.streams()) {
        return new GrowingFile(named, place.stream());
      }
      try (FileChannel file =
          FileChannel.open(place.real(), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
        file.truncate(keep);
      }
      // No channel: an interrupt would close it for the next writer.
      return new GrowingFile(named, new FileOutputStream(place.real().toFile(), true));
    } catch (IOException e) {
      throw OutputPlace.failure(named, e);
    }
  }

  /** Bytes that are in the file now; 0 where there is none, or what is there is no file. */
  public static long length(Path named) {
    OutputPlace place = OutputPlace.of(named);
    try {
      boolean file = place.kind() == OutputPlace.Kind.FILE && Files.exists(place.real());
      return file ? Files.size(place.real()) : 0;
    } catch (IOException e) {
      throw OutputPlace.failure(named, e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    out.write(bytes, from, count);
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      if (out instanceof FileOutputStream file) {
        file.getFD().sync();
      }
    }
  }

  @Override
  public String toString() {
    return named.toString();
  }
}
