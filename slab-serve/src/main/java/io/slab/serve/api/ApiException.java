package io.slab.serve.api;

import java.util.List;

/** A request that is refused, with what the client is told. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Which record of a batch a refusal is about.
   *
   * @param position in the batch, from 0
   * @param id of the record, which may be empty
   * @param field path of the member, such as {@code metadata.genre}
   */
  public record Detail(int position, String id, String field) {}

  private final Status status;
  private final transient List<Detail> details;

  public ApiException(Status status, String message) {
    this(status, message, List.of(), null);
  }

  public ApiException(Status status, String message, List<Detail> details, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.details = List.copyOf(details);
  }

  /** Input that cannot be used, and what is not offered here: clients show its sentence. */
  public static ApiException invalid(String message) {
    return new ApiException(Status.INVALID_ARGUMENT, message);
  }

  /** Something that is not there. */
  public static ApiException notFound(String message) {
    return new ApiException(Status.NOT_FOUND, message);
  }

  /** Something that this caller may not do. */
  public static ApiException forbidden(String message) {
    return new ApiException(Status.FORBIDDEN, message);
  }

  public Status status() {
    return status;
  }

  public List<Detail> details() {
    return details == null ? List.of() : details;
  }
}
