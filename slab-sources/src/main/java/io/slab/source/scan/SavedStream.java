package io.slab.source.scan;

import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import io.slab.store.MappedSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What came through a pipe, saved: one file of the name of the pipe. Thread-safe. */
final class SavedStream implements SourceFiles {
  private final String name;
  private final Path file;

  private SavedStream(String name, Path file) {
    this.name = name;
    this.file = file;
  }

  /** Reads a stream to its end. */
  static SavedStream of(String name, InputStream in) {
    return new SavedStream(name, TemporaryFile.keep(name, in));
  }

  @Override
  public String location() {
    return name;
  }

  @Override
  public String describe(String path) {
    return name;
  }

  @Override
  public Entry entry(String path) {
    return path.isEmpty() ? new Entry("", false, file.toFile().length()) : null;
  }

  @Override
  public List<Entry> list(String folder) {
    return List.of();
  }

  @Override
  public InputStream stream(String path) throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public ByteSource open(String path) {
    return MappedSource.open(name, file);
  }
}
