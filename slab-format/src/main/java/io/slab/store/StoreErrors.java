package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Turns input/output errors of the local file system into {@link StoreException}s a user can act
 * on.
 */
final class StoreErrors {
  private StoreErrors() {}

  /**
   * The error of a step before the last one of a write, the one that gives the object its name:
   * nothing is there, and nothing will be.
   */
  static StoreException before(String operation, Object path, IOException cause) {
    StoreException e = of(operation, path, cause);
    return StoreException.refused(e.kind(), e.getMessage(), e.hint(), cause);
  }

  /** The error of one operation ("write", "list") on one path. */
  static StoreException of(String operation, Object path, IOException cause) {
    String reason = reason(cause);
    String message = "cannot " + operation + " " + path + ": " + reason;
    if (cause instanceof AccessDeniedException || mentions(reason, "Permission denied")) {
      return new StoreException(
          StoreException.Kind.DENIED, message, "check the owner and the permissions", cause);
    }
    if (mentions(reason, "Read-only file system")) {
      return new StoreException(
          StoreException.Kind.DENIED, message, "the file system is mounted read-only", cause);
    }
    if (outOfSpace(reason)) {
      return new StoreException(
          StoreException.Kind.FULL,
          message,
          "free some space (or inodes, or quota) and run the command again: nothing that was"
              + " acknowledged is lost",
          cause);
    }
    if (mentions(reason, "Too many open files")) {
      return new StoreException(
          StoreException.Kind.TEMPORARY,
          message,
          "raise the limit on open files (ulimit -n)",
          cause);
    }
    if (cause instanceof NotDirectoryException) {
      return new StoreException(
          StoreException.Kind.FAILED, message, "move it away: a folder belongs there", cause);
    }
    return new StoreException(
        StoreException.Kind.FAILED, message, "check the disk and the mount of this path", cause);
  }

  /**
   * The error of a read of what is in a file: damage, where the disk gives the bytes no more.
   *
   * @param name the object
   * @param offset of the bytes in it
   */
  static SlabException unreadable(String name, Path path, long offset, IOException cause) {
    if (!mentions(reason(cause), "Input/output error")) {
      return of("read", path, cause);
    }
    return new CorruptException(
        name,
        offset,
        "bytes that the disk cannot read (" + reason(cause) + ")",
        "readable ones",
        "save what is on that disk; `slab verify` tells what else is damaged");
  }

  private static boolean outOfSpace(String reason) {
    return mentions(reason, "No space left on device")
        || mentions(reason, "Disk quota exceeded")
        || mentions(reason, "There is not enough space");
  }

  private static boolean mentions(String reason, String text) {
    return reason.contains(text);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (cause instanceof NotDirectoryException e) {
      return e.getFile() + " is a file and no folder";
    }
    if (cause instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    if (cause instanceof NoSuchFileException e) {
      return "No such file or directory: " + e.getFile();
    }
    if (cause instanceof FileAlreadyExistsException e) {
      return e.getFile() + " is there already";
    }
    String kind = cause.getClass().getSimpleName();
    String message = cause.getMessage();
    return message == null
        ? kind
        : cause.getClass() == IOException.class ? message : kind + " " + message;
  }
}
