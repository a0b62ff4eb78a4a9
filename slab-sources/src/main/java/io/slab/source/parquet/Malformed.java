package io.slab.source.parquet;

/**
 * Bytes that are not in their format; the code that catches it knows where they stand. Decoders
 * find by their own checks what damaged bytes can do to them, and throw this and nothing else for
 * it. Any other exception in them is a mistake of this program, which must not be reported as the
 * user's damaged file.
 */
final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Malformed(String message) {
    super(message, null, false, false);
  }
}
