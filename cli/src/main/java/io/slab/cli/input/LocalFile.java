package io.slab.cli.input;

import io.slab.cli.usage.UsageException;
import io.slab.error.StoreException;
import io.slab.output.OutputPlace;
import io.slab.s3.S3Address;
import io.slab.source.ReadFailure;
import io.slab.store.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of this machine that a command line names. The one way from a word to a path: an address is
 * never taken for one, since {@code gs://b/x} would be the file {@code x} in the folder {@code
 * gs:/b}.
 */
public final class LocalFile {
  private LocalFile() {}

  /** True for {@code word://...} with any word; a path with a slash before that is none. */
  public static boolean isAddress(String word) {
    int end = word.indexOf("://");
    return end > 0 && word.substring(0, end).matches("[\\w+.-]+");
  }

  /**
   * The path of a file to read.
   *
   * @param what the option or command that names it, for errors
   * @throws UsageException for an address
   */
  public static Path of(String what, String word) {
    if (isAddress(word)) {
      throw refusal(what, word, "");
    }
    return Path.of(word);
  }

  /**
   * The path of a file or folder to write.
   *
   * @throws io.slab.error.InvalidInputException for an address
   * @throws UsageException for one of an unknown kind
   */
  public static Path written(String what, String word) {
    Path path = OutputPlace.requireLocal(Path.of(word));
    return isAddress(word) ? of(what, word) : path;
  }

  /**
   * Says that an address is no file.
   *
   * @param more what else to do about it, after a semicolon; may be empty
   */
  static UsageException refusal(String what, String word, String more) {
    if (word.regionMatches(true, 0, "file://", 0, "file://".length())) {
      String path = word.substring("file://".length());
      return new UsageException(
          what + ": '" + word + "' is no path", "write the path alone: " + path + more);
    }
    String hint = "copy it here with your usual tool and name the copy" + more;
    return S3Address.is(word)
        ? new UsageException(
            what + ": '" + word + "' is on S3, and this takes a file of this machine only", hint)
        : new UsageException(
            what + ": '" + word + "' is no file of this machine",
            hint + "; a file that is really called so is ./" + word);
  }

  /**
   * Checks before any work that there is something to read.
   *
   * @return the file
   * @throws io.slab.error.NotFoundException when there is nothing
   */
  public static Path require(String what, Path file) {
    if (FileKind.isAbsent(file)) {
      throw ReadFailure.missing(what, file);
    }
    return file;
  }

  /**
   * Opens a file.
   *
   * @throws io.slab.error.NotFoundException when there is none
   * @throws StoreException when it cannot be read
   */
  public static InputStream open(String what, Path file) {
    try {
      return Files.newInputStream(require(what, file));
    } catch (IOException e) {
      throw unreadable(what, file, e);
    }
  }

  /** Reads a whole file; errors as of {@link #open}. */
  public static byte[] bytes(String what, Path file) {
    try (InputStream in = open(what, file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw unreadable(what, file, e);
    }
  }

  /** Reads a whole file of UTF-8; errors as of {@link #open}. */
  public static String text(String what, Path file) {
    return new String(bytes(what, file), StandardCharsets.UTF_8);
  }

  /** What to say of a file that is there and cannot be read. */
  private static StoreException unreadable(String what, Path file, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        what + ": cannot read " + file + ": " + cause.getMessage(),
        null,
        cause);
  }
}
