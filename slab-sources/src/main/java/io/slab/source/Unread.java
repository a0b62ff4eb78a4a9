package io.slab.source;

import io.slab.error.SlabException;

/**
 * A file that may hold records and is not read.
 *
 * @param file what the user would call it
 * @param reason why not, in a sentence that names the file
 * @param hint what its owner can do about it, or null
 * @param cause the error that says so, or null
 */
public record Unread(String file, String reason, String hint, SlabException cause) {
  public Unread(String file, String reason, String hint) {
    this(file, reason, hint, null);
  }

  /** A file whose reading failed. */
  public static Unread because(String file, SlabException cause) {
    String text = String.valueOf(cause.getMessage());
    return new Unread(file, text.contains(file) ? text : file + ": " + text, cause.hint(), cause);
  }
}
