package io.slab.output;

import io.slab.error.StoreException;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Output that a user named and that is all there or not at all: a new file beside the real one,
 * forced to disk, takes its place when {@link #commit} is called. What is no file (see {@link
 * OutputPlace}) is written into as the bytes come. One thread only.
 */
public final class OutputFile implements AutoCloseable {
  private final OutputPlace place;

  /** What holds the bytes until the end; null for what is written into. */
  private final Path temporary;

  private final OutputStream out;
  private long bytes;
  private boolean finished;

  private OutputFile(OutputPlace place, Path temporary, OutputStream out) {
    this.place = place;
    this.temporary = temporary;
    this.out = out;
  }

  /**
   * Begins.
   *
   * @throws io.slab.error.InvalidInputException when a folder is there
   * @throws StoreException when it cannot be written
   */
  public static OutputFile open(Path named) {
    OutputPlace place = OutputPlace.of(named).requireFile();
    try {
      if (place.streams()) {
        return new OutputFile(place, null, place.stream());
      }
      Path temporary = UnfinishedFiles.add(temporary(place.real()));
      return new OutputFile(place, temporary, new FileOutputStream(temporary.toFile()));
    } catch (IOException e) {
      throw OutputPlace.failure(named, e);
    }
  }

  /** Beside the file where that is possible: only there a rename can put it into its place. */
  private static Path temporary(Path real) throws IOException {
    FileMode mode = FileMode.of(real);
    StaleOutput.sweep(real.toAbsolutePath().getParent(), System.currentTimeMillis());
    try {
      return mode.create(real.resolveSibling(".slab-" + UUID.randomUUID() + ".tmp"));
    } catch (FileSystemException e) {
      if (e instanceof NoSuchFileException || !Files.isWritable(real)) {
        throw e;
      }
      // A file that we may write, in a folder that we may not: it is filled at the end.
      return Files.createTempFile("slab-", ".tmp");
    }
  }

  /** Where the bytes go; closing it ends nothing. */
  public OutputStream stream() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        OutputFile.this.bytes += count;
      }

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  /** Bytes written so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Everything is written: puts the file into its place.
   *
   * @throws StoreException when that failed, with what was there before untouched unless the
   *     message says otherwise
   */
  public void commit() {
    finished = true;
    try {
      if (temporary == null) {
        out.close();
        return;
      }
      ((FileOutputStream) out).getFD().sync();
      out.close();
      replace();
    } catch (IOException e) {
      throw OutputPlace.failure(place.named(), e);
    } finally {
      remove();
    }
  }

  private void replace() throws IOException {
    Path real = place.real();
    // Looked at again: it may have become a device since.
    if (!place.equals(OutputPlace.of(place.named()).requireFile())) {
      throw new FileSystemException(real.toString(), null, "another file came in its place");
    }
    boolean beside = real.getParent().equals(temporary.getParent());
    try {
      if (!beside) {
        throw new FileSystemException(real.toString(), null, "its folder cannot be written");
      }
      Files.move(
          temporary, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      if (!Files.isWritable(real)) {
        throw e;
      }
      // Mounted by itself, or another user's in a folder with the sticky bit.
      fill(real);
      return;
    }
    force(real.getParent());
  }

  /** Overwrites a file that cannot be replaced. */
  private void fill(Path real) throws IOException {
    long growth = Files.size(temporary) - Files.size(real);
    if (growth > Files.getFileStore(real).getUsableSpace()) {
      throw new FileSystemException(real.toString(), null, "No space left on device");
    }
    try (FileOutputStream to = new FileOutputStream(real.toFile())) {
      Files.copy(temporary, to);
      to.getFD().sync();
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; it is incomplete now", e);
    }
  }

  /** A folder that cannot be opened or forced only makes the new name less durable. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  /** Drops what was not committed; what was written into a stream stays written. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    finished = true;
    try {
      out.close();
    } catch (IOException e) {
      // The file is thrown away.
    } finally {
      remove();
    }
  }

  private void remove() {
    if (temporary != null) {
      UnfinishedFiles.abandon(temporary);
    }
  }
}
