package io.slab.cli.verb;

import io.slab.cli.output.Doc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/**
 * What went wrong, ready to be shown: the one place where exceptions become exit codes.
 *
 * @param kind stable machine-readable word, part of the output contract
 * @param resource the damaged or missing object, or null
 * @param offset byte offset inside it, or -1
 * @param hint what to do next, or null
 */
public record Failure(
    ExitCode exit, String kind, String message, String resource, long offset, String hint) {

  /** Classifies a throwable. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case SlabException e -> ofLibrary(e);
      case CancellationException e ->
          simple(ExitCode.INTERRUPTED, "interrupted", "interrupted", null);
      case UsageException e -> simple(ExitCode.USAGE, "usage", e.getMessage(), e.hint());
      case IllegalArgumentException e -> simple(ExitCode.USAGE, "invalid", text(e), null);
      case UncheckedIOException e -> ofIo(e.getCause());
      case IOException e -> ofIo(e);
      case OutOfMemoryError e ->
          simple(
              ExitCode.FAILED,
              "memory",
              "out of memory: " + e.getMessage(),
              "give Java more with SLAB_JAVA_OPTS=-Xmx4g");
      case InternalError e when SlabFault.is(e) ->
          simple(
              ExitCode.CORRUPT,
              "corrupt",
              "a mapped file could not be read: it was shortened meanwhile, or the disk failed",
              "`slab verify` tells which file is damaged");
      default ->
          simple(
              ExitCode.FAILED,
              "internal",
              "unexpected " + thrown.getClass().getSimpleName() + ": " + text(thrown),
              "run it again with --debug for the stack trace");
    };
  }

  private static Failure ofLibrary(SlabException thrown) {
    return switch (thrown) {
      case InvalidInputException e -> simple(ExitCode.USAGE, "invalid", text(e), e.hint());
      case NotFoundException e -> simple(ExitCode.NOT_FOUND, "not_found", text(e), e.hint());
      case ConflictException e -> simple(ExitCode.PRECONDITION, "conflict", text(e), e.hint());
      case OutcomeUnknownException e ->
          simple(ExitCode.OUTCOME_UNKNOWN, "outcome_unknown", text(e), e.hint());
      case CorruptException e ->
          new Failure(ExitCode.CORRUPT, "corrupt", text(e), e.resource(), e.offset(), hint(e));
      case MissingException e ->
          new Failure(ExitCode.CORRUPT, "missing", text(e), e.resource(), e.offset(), hint(e));
      case UnsupportedException e ->
          new Failure(
              ExitCode.UNSUPPORTED, "unsupported", text(e), e.resource(), e.offset(), upgrade(e));
      case StoreException e -> ofStore(e);
    };
  }

  private static Failure ofStore(StoreException e) {
    ExitCode exit =
        switch (e.kind()) {
          case FAILED, FULL -> ExitCode.FAILED;
          case TEMPORARY -> ExitCode.TEMPORARY;
          case DENIED -> ExitCode.DENIED;
        };
    return simple(exit, "store_" + e.kind().name().toLowerCase(Locale.ROOT), text(e), e.hint());
  }

  private static Failure ofIo(IOException e) {
    return simple(ExitCode.FAILED, "io", words(e), "check the path and its permissions");
  }

  /** What the system said, in words: the file of an exception without its Java name. */
  private static String words(IOException e) {
    String what = text(e);
    if (e instanceof NoSuchFileException) {
      return "no such file or folder: " + what;
    }
    if (e instanceof AccessDeniedException) {
      return "not permitted: " + what;
    }
    if (e instanceof FileAlreadyExistsException) {
      return "exists already, and is something else: " + what;
    }
    if (e instanceof NotDirectoryException) {
      return "no folder: " + what;
    }
    return e instanceof FileSystemException ? what : "input or output failed: " + what;
  }

  private static Failure simple(ExitCode exit, String kind, String message, String hint) {
    return new Failure(exit, kind, message, null, -1, hint);
  }

  private static String hint(SlabException e) {
    return e.hint() != null ? e.hint() : "run `slab verify` on it to see all that is damaged";
  }

  private static String upgrade(SlabException e) {
    return e.hint() != null ? e.hint() : "update slab, this data was written by a newer version";
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? "no details" : e.getMessage();
  }

  /** The members of the {@code error} object of the machine formats. */
  public Doc toDoc() {
    return new Doc()
        .put("code", exit.code())
        .put("kind", kind)
        .put("message", message)
        .putIfPresent("resource", resource)
        .putIfPresent("offset", offset < 0 ? null : offset)
        .putIfPresent("hint", hint);
  }
}
