package io.slab.serve.imports;

import io.slab.serve.api.ApiException;
import io.slab.source.SourceFiles;
import io.slab.source.scan.LocalFiles;
import io.slab.store.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Files of this machine of which none is read that lies elsewhere in the end. Thread-safe. */
final class RootedFiles implements SourceFiles {
  private final Path root;
  private final Predicate<Path> allowed;
  private final LocalFiles files;

  /**
   * @param root without links
   * @param allowed whether a path without links may be read
   */
  RootedFiles(Path root, Predicate<Path> allowed) {
    this.root = root;
    this.allowed = allowed;
    this.files = new LocalFiles(root.toString());
  }

  private String checked(String path) {
    try {
      Path real = root.resolve(path).toRealPath();
      if (!allowed.test(real)) {
        throw ApiException.forbidden(
            files.describe(path) + " leads out of the places that this server imports from");
      }
    } catch (IOException | InvalidPathException e) {
      return path; // Nothing is there, which the reader says.
    }
    return path;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public String describe(String path) {
    return files.describe(path);
  }

  @Override
  public Entry entry(String path) {
    return files.entry(checked(path));
  }

  @Override
  public List<Entry> list(String folder) {
    return files.list(checked(folder));
  }

  @Override
  public boolean link(String path) {
    return files.link(path);
  }

  @Override
  public String identity(String path) {
    return files.identity(path);
  }

  @Override
  public InputStream stream(String path) throws IOException {
    return files.stream(checked(path));
  }

  @Override
  public ByteSource open(String path) {
    return files.open(checked(path));
  }

  @Override
  public void close() {
    files.close();
  }
}
