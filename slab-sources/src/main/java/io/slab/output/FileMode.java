package io.slab.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Owner, group and permissions of a file or folder that another one is going to replace.
 *
 * @param attributes null when there is none yet: then the umask decides, as for any new file
 */
public record FileMode(PosixFileAttributes attributes) {
  /** Those of what is there now. */
  public static FileMode of(Path path) throws IOException {
    PosixFileAttributeView view = view(path);
    boolean there = view != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    return new FileMode(there ? view.readAttributes() : null);
  }

  private static PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes an empty file that only those users can read who could read the one before. */
  public Path create(Path path) throws IOException {
    Files.createFile(path, initial());
    adopt(path);
    return path;
  }

  /** Makes an empty folder; the same. */
  public Path createFolder(Path path) throws IOException {
    Files.createDirectory(path, initial());
    adopt(path);
    return path;
  }

  private FileAttribute<?>[] initial() {
    return attributes == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(attributes.permissions())};
  }

  private void adopt(Path path) throws IOException {
    if (attributes == null) {
      return;
    }
    PosixFileAttributeView view = view(path);
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.group().equals(attributes.group())) {
        view.setGroup(attributes.group());
      }
      if (!now.owner().equals(attributes.owner())) {
        view.setOwner(attributes.owner());
      }
    } catch (IOException e) {
      // Only root can give a file away: it is ours then, as far as that goes.
      view.setPermissions(attributes.permissions());
      return;
    }
    // Last, since a change of the owner takes some of them away, and the umask did.
    view.setPermissions(attributes.permissions());
  }
}
