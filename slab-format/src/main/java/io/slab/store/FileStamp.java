package io.slab.store;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What tells the present content of a file from an earlier one. The time of the last change of the
 * entry, which no tool can set back, is known on POSIX systems only.
 *
 * @param size bytes
 * @param modified when its content was changed last, as far as that was not set by hand
 * @param changed when anything about it was changed last, or null
 * @param key device and inode, or null
 */
record FileStamp(long size, FileTime modified, FileTime changed, Object key) {
  private static final String ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino";

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  /** Looks at a file. */
  static FileStamp of(Path path) throws IOException {
    if (POSIX) {
      Map<String, Object> is = Files.readAttributes(path, ATTRIBUTES);
      return new FileStamp(
          (long) is.get("size"),
          (FileTime) is.get("lastModifiedTime"),
          (FileTime) is.get("ctime"),
          is.get("ino"));
    }
    BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(is.size(), is.lastModifiedTime(), null, is.fileKey());
  }
}
