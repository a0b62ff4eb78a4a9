package io.slab.store;

import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Gives a finished file its name, in one step and only when no file has it (spec/index.md, section
 * 8). By a hard link where there are any. Where there are none, by renaming without replacement;
 * and where the system cannot do that either, by a plain rename under a lock. A whole file appears
 * or none, in each of these ways. Thread-safe; any number of processes.
 */
final class Publication {
  /** How, from the best on. */
  enum Way {
    LINK,
    RENAME,
    LOCKED_RENAME
  }

  /** Tells readers, and later versions, that the index was written without hard links. */
  static final String MARK = "no-hard-links";

  private static final String MARK_TEXT =
      """
      This index was written on a file system without hard links. Slab renames files there instead
      of linking them, and takes a lock on this file where it has to. Leave it where it is.
      """;

  /** What a failed link has nothing to do with links for; anything else is tried without them. */
  private static final List<String> OTHER_TROUBLE =
      List.of(
          "No space left",
          "Disk quota exceeded",
          "Read-only file system",
          "Input/output error",
          "Too many levels of symbolic links",
          "Not a directory",
          "File name too long",
          "Stale file handle");

  /** A lock of the system is held by a process; threads need one among themselves. */
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path root;
  private final Path mark;
  private volatile Way way;

  /**
   * @param way the first one to try; for tests, which have hard links
   */
  Publication(Path root, Way way) {
    this.root = root;
    this.mark = root.resolve(MARK);
    this.way = way;
  }

  /**
   * Names a forced file; a name that was given may still have to be made durable. When there was no
   * hard link, the temporary name is gone afterwards.
   *
   * @return false when the name is taken
   */
  boolean publish(Path temporary, Path target) throws IOException {
    if (way == Way.LINK) {
      try {
        Files.createLink(target, temporary);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (NoSuchFileException | AccessDeniedException e) {
        throw e;
      } catch (UnsupportedOperationException e) {
        way = Way.RENAME;
      } catch (FileSystemException e) {
        if (isOtherTrouble(e)) {
          throw e;
        }
        way = Way.RENAME;
      }
    }
    leaveMark();
    if (way == Way.RENAME) {
      RenameNoReplace.Answer answer = RenameNoReplace.rename(temporary, target);
      if (answer != RenameNoReplace.Answer.NOT_DONE) {
        return answer == RenameNoReplace.Answer.RENAMED;
      }
      way = Way.LOCKED_RENAME;
    }
    return locked(() -> {
      if (LocalListing.isThere(target)) {
        return false;
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    });
  }

  private static boolean isOtherTrouble(FileSystemException e) {
    String reason = String.valueOf(e.getReason());
    return OTHER_TROUBLE.stream().anyMatch(reason::contains);
  }

  /** True where objects may have been written without hard links. */
  boolean isMarked() {
    return FileKind.isFile(mark);
  }

  private void leaveMark() throws IOException {
    if (isMarked()) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(mark, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      ByteBuffer text = ByteBuffer.wrap(MARK_TEXT.getBytes(StandardCharsets.UTF_8));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    DurableFolders.forceFolder(root);
  }

  /**
   * Moves away an object that a crash cut short, where that can happen.
   *
   * @param content what was read of it; another content means that another process was faster
   * @param aside where it goes
   * @return false when it was left where it is
   */
  boolean setAside(Path target, byte[] content, Path aside) throws IOException {
    if (!isMarked()) {
      return false;
    }
    return locked(() -> {
      if (!LocalListing.isThere(target) || !Arrays.equals(Files.readAllBytes(target), content)) {
        return false;
      }
      Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
      DurableFolders.forceFolder(target.getParent());
      return true;
    });
  }

  private interface Step {
    boolean run() throws IOException;
  }

  private boolean locked(Step step) throws IOException {
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        return lock.isValid() && step.run();
      }
    }
  }

  private FileLock lock(FileChannel channel) {
    try {
      return channel.lock();
    } catch (IOException e) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "cannot lock " + mark + ": " + e.getMessage(),
          "this file system has neither hard links, nor renaming without replacement, nor locks:"
              + " keep the index on another one",
          e);
    }
  }
}
