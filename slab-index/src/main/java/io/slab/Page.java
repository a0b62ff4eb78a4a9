package io.slab;

import io.slab.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Part of a listing. Immutable and thread-safe.
 *
 * @param items in unsigned order of the UTF-8 bytes of the ids
 * @param next what continues the listing, or null at its end
 * @param <T> ids or records
 */
public record Page<T>(List<T> items, String next) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  static String token(byte[] last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last);
  }

  static byte[] parse(String token) {
    if (token == null) {
      return null;
    }
    try {
      return Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "'" + token + "' is no pagination token", "pass what the page before gave", e);
    }
  }
}
