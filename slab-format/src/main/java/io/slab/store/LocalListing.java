package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.model.Utf8;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What folders of a {@link LocalStore} hold: all that its reading can open. A symbolic link counts
 * as what it leads to. A name that cannot be looked at is an error; only what is not there is left
 * out.
 */
final class LocalListing {
  private final Path root;
  private final Misplaced misplacing;

  LocalListing(Path root) {
    this.root = root;
    this.misplacing = new Misplaced(root);
  }

  /** What is done with each entry of a folder. */
  private interface Visitor {
    void visit(String file, Path entry) throws IOException;
  }

  /**
   * The files of a folder, sorted by name.
   *
   * @param misplaced is told of what stands under the name of an object and is no file; where it
   *     returns, that is left out
   */
  List<ObjectInfo> objects(
      String folder, Predicate<String> wanted, Consumer<CorruptException> misplaced) {
    List<ObjectInfo> found = new ArrayList<>();
    each(
        folder,
        (file, entry) -> {
          if (wanted.test(file)) {
            boolean counts = ObjectNames.isOfIndex(file);
            try {
              BasicFileAttributes is = attributes(folder + file, entry, counts);
              if (is != null && is.isRegularFile()) {
                found.add(
                    new ObjectInfo(folder + file, is.size(), is.lastModifiedTime().toMillis()));
              } else if (is != null && counts) {
                FileKind kind = is.isDirectory() ? FileKind.FOLDER : FileKind.OTHER;
                misplaced.accept(Misplaced.noFile(folder + file, entry, kind));
              }
            } catch (CorruptException e) {
              misplaced.accept(e);
            }
          }
        });
    found.sort((a, b) -> Utf8.compare(a.name(), b.name()));
    return found;
  }

  /** The names of the folders in a folder, sorted. */
  List<String> folders(String folder) {
    List<String> found = new ArrayList<>();
    each(
        folder,
        (file, entry) -> {
          BasicFileAttributes is = attributes(folder + file, entry, true);
          if (is != null && is.isDirectory()) {
            found.add(file);
          }
        });
    found.sort(Utf8.ORDER);
    return found;
  }

  private void each(String folder, Visitor visitor) {
    Path path = root.resolve(folder);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        visitor.visit(entry.getFileName().toString(), entry);
      }
    } catch (NoSuchFileException e) {
      requireAbsent(path, folder);
    } catch (NotDirectoryException e) {
      throw misplacing.noFolder(path, StoreErrors.of("list", path, e));
    } catch (DirectoryIteratorException e) {
      throw StoreErrors.of("list", path, e.getCause());
    } catch (IOException e) {
      throw StoreErrors.of("list", path, e);
    }
  }

  /**
   * What an entry is, or leads to; null for one that was deleted since the folder was read.
   *
   * @param counts false for a file of another program: a link of it that leads nowhere (such as the
   *     lock of an editor) is none of ours
   */
  private static BasicFileAttributes attributes(String name, Path entry, boolean counts)
      throws IOException {
    try {
      return Files.readAttributes(entry, BasicFileAttributes.class);
    } catch (IOException e) {
      if (e instanceof NoSuchFileException && !isThere(entry)) {
        return null;
      }
      boolean link =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isSymbolicLink();
      if (link && !counts) {
        return null;
      }
      throw e instanceof NoSuchFileException
          ? Misplaced.leadsNowhere(name, entry)
          : StoreErrors.of("look at", entry, e);
    }
  }

  /**
   * Returns when there is nothing at a path that was not found.
   *
   * @throws CorruptException when it, or a folder on the way, is a symbolic link that leads
   *     nowhere: what it named may be on a disk that is not mounted
   */
  void requireAbsent(Path path, String name) {
    try {
      for (Path at = path; at != null && at.startsWith(root); at = at.getParent()) {
        if (isThere(at)) {
          if (Files.isSymbolicLink(at) && FileKind.isAbsent(at)) {
            throw Misplaced.leadsNowhere(name.isEmpty() ? root.toString() : name, at);
          }
          return;
        }
      }
    } catch (IOException e) {
      throw StoreErrors.of("look at", path, e);
    }
  }

  /** True when there is an entry of this name, wherever it leads. */
  static boolean isThere(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
