package io.slab.serve.api;

import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** What a client is told of a failure of the library (spec/serve.md, "Errors"). */
public final class Failures {
  private Failures() {}

  /** The refusal that stands for a failure; one of an unknown kind says nothing of the inside. */
  public static ApiException of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ApiException e -> e;
      case InvalidInputException e -> refusal(Status.INVALID_ARGUMENT, e);
      case NotFoundException e -> refusal(Status.NOT_FOUND, e);
      case ConflictException e -> refusal(Status.ALREADY_EXISTS, e);
      case OutcomeUnknownException e -> refusal(Status.UNAVAILABLE, e);
      case StoreException e -> refusal(Status.UNAVAILABLE, e);
      case DataException e -> refusal(Status.INTERNAL, e);
      case CancellationException e -> tooLate();
      case IllegalArgumentException e -> refusal(Status.INVALID_ARGUMENT, e);
      default ->
          new ApiException(
              Status.INTERNAL, "an internal error; see the server's log", List.of(), cause);
    };
  }

  /** Of a request whose time is over, or whose client left. */
  public static ApiException tooLate() {
    return new ApiException(Status.DEADLINE, "the request was cancelled or took too long");
  }

  private static ApiException refusal(Status status, RuntimeException cause) {
    String hint = cause instanceof SlabException e ? e.hint() : null;
    String message = hint == null ? cause.getMessage() : cause.getMessage() + "; " + hint;
    return new ApiException(status, message, List.of(), cause);
  }
}
