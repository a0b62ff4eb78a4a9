package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The opaque text that continues a listing: where the page before ended. */
final class PageToken {
  private PageToken() {}

  static String of(byte[] last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last);
  }

  static String of(String last) {
    return of(last.getBytes(StandardCharsets.UTF_8));
  }

  /** The key after which a page begins, or null for the first page. */
  static byte[] parse(String token) {
    if (token == null) {
      return null;
    }
    try {
      return Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "'" + token + "' is no pagination token",
          "pass the value of pagination.next as it was printed");
    }
  }
}
