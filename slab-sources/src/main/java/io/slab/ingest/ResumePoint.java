package io.slab.ingest;

import io.slab.error.InvalidInputException;

/**
 * The first line of an input whose record is not known to be durable. Every line before it was
 * either acknowledged or refused: a job that begins here loses nothing. Lines after it that were
 * refused already are refused again.
 *
 * @param file name of the input
 * @param line line number, from 1
 */
public record ResumePoint(String file, long line) {
  /** The text form, {@code file:line}. */
  public String token() {
    return file + ":" + line;
  }

  /**
   * Reads a {@link #token}.
   *
   * @throws InvalidInputException when it has another form
   */
  public static ResumePoint parse(String token) {
    int colon = token.lastIndexOf(':');
    if (colon > 0) {
      try {
        long line = Long.parseLong(token, colon + 1, token.length(), 10);
        if (line > 0) {
          return new ResumePoint(token.substring(0, colon), line);
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
    }
    throw new InvalidInputException(
        "'" + token + "' is no resume token",
        "a resume token is FILE:LINE as an ingest printed it");
  }
}
