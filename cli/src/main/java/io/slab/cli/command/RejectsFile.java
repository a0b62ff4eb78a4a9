package io.slab.cli.command;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file of refused records. It is no data of the index, so it grows in place where people can
 * watch it, and is forced to disk once, when it is closed. One thread only.
 */
final class RejectsFile extends FilterOutputStream {
  private final FileOutputStream file;
  private final boolean regular;
  private boolean closed;

  private RejectsFile(FileOutputStream file, boolean regular) {
    super(new BufferedOutputStream(file));
    this.file = file;
    this.regular = regular;
  }

  /** Creates the file, or empties it. It may as well be a pipe or a terminal. */
  static OutputStream create(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    FileOutputStream file = new FileOutputStream(path.toFile());
    return new RejectsFile(file, Files.isRegularFile(path));
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
    try (file) {
      flush();
      if (regular) {
        file.getFD().sync();
      }
    }
  }
}
