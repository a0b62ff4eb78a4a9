package io.slab.source.scan;

import io.slab.source.ReadFailure;
import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Files that are packed with gzip or zstd, as they are unpacked: for random reads in a temporary
 * file each time one is opened. Thread-safe.
 */
final class UnpackedFiles implements SourceFiles {
  private final SourceFiles inner;

  UnpackedFiles(SourceFiles inner) {
    this.inner = inner;
  }

  @Override
  public String location() {
    return inner.location();
  }

  @Override
  public String describe(String path) {
    return inner.describe(path);
  }

  @Override
  public Entry entry(String path) {
    return inner.entry(path);
  }

  @Override
  public List<Entry> list(String folder) {
    return inner.list(folder);
  }

  @Override
  public InputStream stream(String path) throws IOException {
    return Unpacked.open(inner, path);
  }

  @Override
  public ByteSource open(String path) {
    try {
      return TemporaryFile.map(describe(path), stream(path));
    } catch (IOException e) {
      throw ReadFailure.of(describe(path), e);
    }
  }
}
