package io.slab.source.scan;

import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What came through a pipe, saved: one file of the name of the pipe. It stays mapped until the
 * program ends, and has no name in any folder. Thread-safe.
 */
final class SavedStream implements SourceFiles {
  private final ByteSource saved;

  private SavedStream(ByteSource saved) {
    this.saved = saved;
  }

  /** Reads a stream to its end. */
  static SavedStream of(String name, InputStream in) {
    return new SavedStream(TemporaryFile.map(name, in));
  }

  @Override
  public String location() {
    return saved.name();
  }

  @Override
  public String describe(String path) {
    return saved.name();
  }

  @Override
  public Entry entry(String path) {
    return path.isEmpty() ? new Entry("", false, saved.length()) : null;
  }

  @Override
  public List<Entry> list(String folder) {
    return List.of();
  }

  @Override
  public InputStream stream(String path) {
    return new StoreFiles.Pieces(open(path));
  }

  @Override
  public ByteSource open(String path) {
    return new View(saved);
  }

  /** The saved bytes for one reader, which closes them for itself alone. */
  private record View(ByteSource saved) implements ByteSource {
    @Override
    public String name() {
      return saved.name();
    }

    @Override
    public long length() {
      return saved.length();
    }

    @Override
    public boolean mapped() {
      return true;
    }

    @Override
    public MemorySegment read(long offset, long length) {
      return saved.read(offset, length);
    }

    @Override
    public void close() {
      // Others read on.
    }
  }
}
