package io.slab.source.json;

import java.util.Collection;

/** The lists that Chroma's {@code collection.get()} gives, side by side. */
final class ChromaColumns {
  /** Names the other lists, and is none of them. */
  static final String INCLUDED = "included";

  private ChromaColumns() {}

  /** True for the lists of such an answer. */
  static boolean are(Collection<String> names) {
    return names.contains("ids") && names.contains(INCLUDED);
  }

  /** What one element of a list is called in a record. */
  static String single(String list) {
    return switch (list) {
      case "documents" -> "document";
      case "uris" -> "uri";
      default -> list;
    };
  }
}
