package io.slab.filter;

/**
 * One thing wrong with a filter.
 *
 * @param path where, as a JSON path from the root {@code $}: {@code $.$or[1].price.$gt}
 * @param message what, in the reference service's words where it has some
 * @param suggestion what was probably meant, or null
 */
public record FilterProblem(String path, String message, String suggestion) {
  /** Path, message and suggestion in one line. */
  public String text() {
    return path + ": " + message + (suggestion == null ? "" : " (" + suggestion + ")");
  }
}
