package io.slab.output;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a name stands for that a user gave for output. The one place that decides it: a file is
 * replaced, everything else that exists (a device, a FIFO, an open descriptor of this or another
 * process, with anything behind it) is written into. Symbolic links are followed, so that a link
 * stays a link.
 *
 * @param named as the user wrote it
 * @param real the file itself, in its real folder
 * @param descriptor number of an open file of this process; -1 for none
 */
public record OutputPlace(Path named, Path real, Kind kind, int descriptor) {
  /** What is there. */
  public enum Kind {
    /** A file, or nothing yet. */
    FILE,
    FOLDER,
    /** A device, a FIFO, an open file of another process. */
    STREAM,
    /** An open file of this process. */
    DESCRIPTOR
  }

  private static final int MAX_LINKS = 40;
  private static final int STDOUT = 1;

  /** Folders whose entries are open files: {@code /dev/fd} where it is no link to the others. */
  private static final Pattern DESCRIPTORS =
      Pattern.compile("(?:/proc/(\\d+)(?:/task/\\d+)?/fd|/dev/fd)");

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:");

  /**
   * Looks at what is there.
   *
   * @throws InvalidInputException for an address ({@code s3://bucket/file})
   * @throws StoreException when its folder is not there or cannot be looked into
   */
  public static OutputPlace of(Path named) {
    requireLocal(named);
    try {
      return resolve(named);
    } catch (NoSuchFileException e) {
      throw failure(named, "there is no such folder", e);
    } catch (IOException e) {
      throw failure(named, e);
    }
  }

  /**
   * Refuses an address ({@code s3://bucket/file}), of which a path was made by the way: two slashes
   * have become one.
   *
   * @return the path
   */
  public static Path requireLocal(Path named) {
    Path first = named.isAbsolute() || named.getNameCount() == 0 ? null : named.getName(0);
    if (first != null && SCHEME.matcher(first.toString()).matches()) {
      String address = named.toString().replaceFirst(":/?", "://");
      throw new InvalidInputException(
          "cannot write '" + address + "': output goes to files of this machine",
          "name a local file and copy it with your usual tool; a file that is really called so is ./"
              + named);
    }
    return named;
  }

  private static OutputPlace resolve(Path named) throws IOException {
    Path at = named.toAbsolutePath();
    for (int links = 0; links < MAX_LINKS; links++) {
      Path parent = at.getParent();
      if (parent == null || at.endsWith("..") || at.endsWith(".")) {
        return new OutputPlace(named, at, Kind.FOLDER, -1);
      }
      parent = parent.toRealPath();
      at = parent.resolve(at.getFileName());
      OutputPlace open = open(named, parent, at);
      if (open != null) {
        return open;
      }
      if (!Files.isSymbolicLink(at)) {
        return new OutputPlace(named, at, kind(at), -1);
      }
      at = parent.resolve(Files.readSymbolicLink(at));
    }
    throw new FileSystemLoopException(named.toString());
  }

  /** An open file, named by its number; null for any other name. */
  private static OutputPlace open(Path named, Path parent, Path at) throws IOException {
    Matcher folder = DESCRIPTORS.matcher(parent.toString());
    String number = at.getFileName().toString();
    if (!folder.matches() || !number.matches("\\d{1,9}")) {
      return null;
    }
    if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(named.toString(), null, "no such descriptor is open");
    }
    boolean own = folder.group(1) == null || isSelf(folder.group(1));
    return own
        ? new OutputPlace(named, at, Kind.DESCRIPTOR, Integer.parseInt(number))
        : new OutputPlace(named, at, Kind.STREAM, -1);
  }

  private static boolean isSelf(String process) throws IOException {
    return Path.of("/proc/self").toRealPath().getFileName().toString().equals(process);
  }

  private static Kind kind(Path real) {
    if (Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
      return Kind.FOLDER;
    }
    boolean file =
        Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)
            || Files.notExists(real, LinkOption.NOFOLLOW_LINKS);
    return file ? Kind.FILE : Kind.STREAM;
  }

  /** True for what is written into as it comes and cannot be replaced. */
  public boolean streams() {
    return kind == Kind.STREAM || kind == Kind.DESCRIPTOR;
  }

  /** True when this is what the process prints to. */
  public boolean isStdout() {
    return descriptor == STDOUT;
  }

  /**
   * Refuses a folder.
   *
   * @return this
   */
  public OutputPlace requireFile() {
    if (kind == Kind.FOLDER) {
      throw new InvalidInputException(
          "cannot write " + named + ": it is a folder", "name a file in it");
    }
    return this;
  }

  /** Opens what {@link #streams}. */
  OutputStream stream() throws IOException {
    if (kind == Kind.DESCRIPTOR) {
      return Descriptor.of(descriptor);
    }
    // Another process's file: what it wrote stays. A block device would be written behind its end.
    return Files.isRegularFile(real)
        ? Files.newOutputStream(real, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
        : Files.newOutputStream(real, StandardOpenOption.WRITE);
  }

  /** What a user is told of a file or folder that could not be written. */
  public static StoreException failure(Path named, IOException cause) {
    return failure(named, reason(cause), cause);
  }

  static StoreException failure(Path named, String why, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write " + named + ": " + why,
        "check the space and the permissions there",
        cause);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException denied -> "Permission denied";
      case FileSystemLoopException loop -> "too many symbolic links";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      // Their message is the name again.
      case NoSuchFileException none -> "no file can be made there";
      case FileAlreadyExistsException there -> "it is there already";
      case FileSystemException other -> "the system refuses it without a reason";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
