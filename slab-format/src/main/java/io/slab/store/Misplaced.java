package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The errors for what stands in a {@link LocalStore} where an object or a folder of objects belongs
 * and is none: a folder, a pipe, a link that leads nowhere; a file in place of a folder
 * (spec/index.md, section 8).
 */
final class Misplaced {
  private static final String NOT_OURS = ": nothing that belongs to an index looks so";

  private final Path root;

  Misplaced(Path root) {
    this.root = root;
  }

  /** For a name at which something else than a file stands. */
  static CorruptException noFile(String name, Path path, FileKind kind) {
    return new CorruptException(
        name, -1, text(kind), "a file", "move " + path + " away" + NOT_OURS);
  }

  /** For a symbolic link that leads nowhere. */
  static CorruptException leadsNowhere(String name, Path link) {
    String where;
    try {
      where = Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      where = "another place";
    }
    return new CorruptException(
        name,
        -1,
        "the symbolic link " + link + " to " + where + ", where nothing is",
        "what the link is meant to lead to",
        "mount the disk that it leads to, put back what was there, or move the link away");
  }

  /**
   * For a path that could not be reached since a file stands in place of a folder on the way.
   *
   * @param otherwise what to report when that is the root or above it, which is no damage
   */
  SlabException noFolder(Path path, StoreException otherwise) {
    for (Path at = path; at.startsWith(root) && !at.equals(root); at = at.getParent()) {
      BasicFileAttributes is = attributes(at);
      if (is != null && !is.isDirectory()) {
        String folder = root.relativize(at).toString().replace('\\', '/') + "/";
        String found = is.isRegularFile() ? "a file" : text(FileKind.OTHER);
        String hint = "move " + at + " away, and put the folder back if it was moved";
        return new CorruptException(folder, -1, found, "a folder", hint);
      }
    }
    return otherwise;
  }

  private static BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Returns when an object has a name that a create found taken, or had it until a moment ago.
   *
   * @throws StoreException that says that nothing was written, when something else stands there
   */
  static void requireObject(String name, Path path) {
    String found = null;
    Throwable cause = null;
    try {
      FileKind kind = FileKind.of(path);
      if (kind == FileKind.ABSENT && Files.isSymbolicLink(path)) {
        found = "a symbolic link that leads nowhere";
      } else if (kind == FileKind.FOLDER || kind == FileKind.OTHER) {
        found = text(kind);
      }
    } catch (StoreException e) {
      if (Files.isSymbolicLink(path)) {
        found = "a symbolic link that cannot be followed";
        cause = e;
      }
    }
    if (found != null) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "cannot create " + path + ": " + found + " stands where the object " + name + " belongs",
          "nothing was written; move it away" + NOT_OURS,
          cause);
    }
  }

  private static String text(FileKind kind) {
    return kind == FileKind.FOLDER ? "a folder" : "a pipe, a socket or a device";
  }
}
