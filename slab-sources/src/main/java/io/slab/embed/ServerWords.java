package io.slab.embed;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the body of an error says, for people. */
final class ServerWords {
  private static final int MOST = 400;
  private static final List<String> NAMES =
      List.of("error", "message", "detail", "msg", "error_type", "type");

  private ServerWords() {}

  /**
   * The words of a body.
   *
   * @param key what must not be shown, or null
   */
  static String of(byte[] body, String key) {
    String text = new String(body, StandardCharsets.UTF_8);
    String words = text;
    try {
      String found = message(Json.parse("the answer", text), 0);
      words = found == null ? text : found;
    } catch (InvalidInputException e) {
      // A page, or plain text: shown as it is.
      words = text;
    }
    return plain(hidden(words, key));
  }

  /** Without the key, which may be null. */
  static String hidden(String words, String key) {
    return key == null ? words : words.replace(key, "***");
  }

  private static String message(JsonNode node, int depth) {
    if (node.isString()) {
      return node.stringValue();
    }
    if (depth > 4) {
      return null;
    }
    if (node.isArray()) {
      return node.isEmpty() ? null : message(node.get(0), depth + 1);
    }
    for (String name : NAMES) {
      JsonNode member = node.get(name);
      String found = member == null ? null : message(member, depth + 1);
      if (found != null && !found.isEmpty()) {
        return found;
      }
    }
    return null;
  }

  /** Text on one line, without what a terminal would obey, and not too long. */
  static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return line.length() <= MOST ? line : line.substring(0, MOST) + "...";
  }

  /** True for an answer of "too many requests" that waiting does not change. */
  static boolean isFinal(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, 1 << 14), StandardCharsets.UTF_8);
    return text.contains("insufficient_quota");
  }
}
