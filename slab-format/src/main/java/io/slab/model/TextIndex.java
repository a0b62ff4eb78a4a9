package io.slab.model;

import java.util.regex.Pattern;

/**
 * The field of an index whose texts can be asked for by their words (spec/text.md).
 *
 * @param field of the metadata
 * @param language which analyzer makes terms of its texts, in lower case
 */
public record TextIndex(String field, String language) {
  /** Of a text index for which no language is named. */
  public static final String DEFAULT_LANGUAGE = "english";

  private static final Pattern LANGUAGE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public TextIndex {
    if (!isLanguage(language)) {
      throw new IllegalArgumentException(
          "'" + language + "' cannot be a language: expected lower-case letters, as in english");
    }
  }

  /** True for what can be the name of a language. */
  public static boolean isLanguage(String name) {
    return LANGUAGE.matcher(name).matches();
  }

  /** Reads {@code FIELD} or {@code FIELD:LANGUAGE}; a field with a colon needs its language. */
  public static TextIndex parse(String text) {
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? new TextIndex(text, DEFAULT_LANGUAGE)
        : new TextIndex(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return field + ":" + language;
  }
}
