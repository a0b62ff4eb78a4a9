package io.slab.source.json;

import java.io.IOException;

/** What is next in a JSON text, as far as its first byte says. */
enum Next {
  TEXT,
  NUMBER,
  OBJECT,
  LIST,
  OTHER;

  static Next of(JsonWindow text) throws IOException {
    return switch (text.peek()) {
      case '"' -> TEXT;
      case '{' -> OBJECT;
      case '[' -> LIST;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> NUMBER;
      default -> OTHER;
    };
  }
}
