package io.slab.source.scan;

import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import io.slab.source.ReadFailure;
import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import io.slab.store.FileKind;
import io.slab.store.MappedSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A file or folder of this machine. Thread-safe. */
public final class LocalFiles implements SourceFiles {
  private final String location;
  private final Path root;

  /**
   * @throws NotFoundException when there is no such file or folder
   */
  public LocalFiles(String location) {
    this.location = location;
    root = Path.of(location);
    if (FileKind.isAbsent(root)) {
      throw new NotFoundException("no such file or folder: " + location);
    }
  }

  private Path path(String path) {
    return path.isEmpty() ? root : root.resolve(path);
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public String describe(String path) {
    return path(path).toString();
  }

  @Override
  public Entry entry(String path) {
    try {
      Path file = path(path);
      return FileKind.isAbsent(file) ? null : entry(path, file);
    } catch (InvalidPathException e) {
      // What a manifest names may be anything.
      return null;
    }
  }

  /** A link that leads in circles is listed, as one to nothing is: its reader says so. */
  private static FileKind kind(Path file) {
    try {
      return FileKind.of(file);
    } catch (StoreException e) {
      if (Files.isSymbolicLink(file)) {
        return FileKind.ABSENT;
      }
      throw e;
    }
  }

  private Entry entry(String path, Path file) {
    FileKind kind = kind(file);
    try {
      // A pipe or device has no size that means anything.
      long bytes =
          switch (kind) {
            case FILE -> Files.size(file);
            case FOLDER -> 0;
            default -> -1;
          };
      return new Entry(path, kind == FileKind.FOLDER, bytes);
    } catch (IOException e) {
      throw ReadFailure.of(file.toString(), e);
    }
  }

  @Override
  public List<Entry> list(String folder) {
    try (Stream<Path> children = Files.list(path(folder))) {
      return children
          .map(child -> {
            String name = child.getFileName().toString();
            return entry(folder.isEmpty() ? name : folder + "/" + name, child);
          })
          .sorted(Comparator.comparing(Entry::path, NaturalOrder.NAMES))
          .toList();
    } catch (IOException e) {
      throw ReadFailure.of(describe(folder), e);
    }
  }

  @Override
  public String tableAround() {
    Path folder = root.toAbsolutePath().normalize().getParent();
    while (folder != null && !TableFormats.isTable(folder)) {
      boolean ofTable =
          folder.getFileName() != null && TableFormats.isInner(folder.getFileName().toString());
      folder = ofTable ? folder.getParent() : null;
    }
    return folder == null ? null : folder.toString();
  }

  @Override
  public boolean link(String path) {
    return Files.isSymbolicLink(path(path));
  }

  @Override
  public String identity(String path) {
    try {
      return path(path).toRealPath().toString();
    } catch (NoSuchFileException | FileSystemLoopException e) {
      return null;
    } catch (IOException e) {
      if (Files.isSymbolicLink(path(path)) && !Files.exists(path(path))) {
        // A link to itself, which the system calls too many links.
        return null;
      }
      throw ReadFailure.of(describe(path), e);
    }
  }

  @Override
  public InputStream stream(String path) throws IOException {
    return Files.newInputStream(path(path));
  }

  @Override
  public ByteSource open(String path) {
    return MappedSource.open(describe(path), path(path));
  }
}
