package io.slab.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What stands at a path; symbolic links are followed. {@link #ABSENT} means that there is no such
 * file and nothing else. The tests of {@link Files} cannot be used for that: they answer "no" as
 * well when a folder on the way may not be entered, when links lead in a circle, when a file stands
 * in place of a folder and when the disk fails.
 */
public enum FileKind {
  ABSENT,
  FILE,
  FOLDER,
  /** A pipe, a device, a socket. */
  OTHER;

  /**
   * Looks.
   *
   * @throws io.slab.error.StoreException when that cannot be found out
   */
  public static FileKind of(Path path) {
    try {
      FileKind kind = look(path);
      if (kind == ABSENT) {
        requireFolderAbove(path);
      }
      return kind;
    } catch (IOException e) {
      throw StoreErrors.of("look at", path, e);
    }
  }

  private static FileKind look(Path path) throws IOException {
    try {
      BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
      return is.isRegularFile() ? FILE : is.isDirectory() ? FOLDER : OTHER;
    } catch (NoSuchFileException e) {
      return ABSENT;
    }
  }

  /**
   * Java says "no such file" as well when a file stands in place of a folder on the way.
   *
   * @throws NotDirectoryException when one does
   */
  private static void requireFolderAbove(Path path) throws IOException {
    for (Path at = path.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
      FileKind kind = look(at);
      if (kind == FILE || kind == OTHER) {
        throw new NotDirectoryException(at.toString());
      }
      if (kind == FOLDER) {
        return;
      }
    }
  }

  /** True when there is nothing at a path. */
  public static boolean isAbsent(Path path) {
    return of(path) == ABSENT;
  }

  /** True for a folder, and for a link to one. */
  public static boolean isFolder(Path path) {
    return of(path) == FOLDER;
  }

  /** True for a regular file, and for a link to one. */
  public static boolean isFile(Path path) {
    return of(path) == FILE;
  }
}
