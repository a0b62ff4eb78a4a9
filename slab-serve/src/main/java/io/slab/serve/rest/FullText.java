package io.slab.serve.rest;

import io.slab.IndexSettings;
import io.slab.error.SlabException;
import io.slab.serve.api.ApiException;
import io.slab.serve.json.Members;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A field of a schema whose texts can be asked for by their words.
 *
 * @param field its name
 * @param language the analyzer of its text index
 */
record FullText(String field, String language) {
  /** Words as they are written, of any language. */
  private static final String PLAIN = "standard";

  private static final Map<String, String> LANGUAGES =
      Map.ofEntries(
          Map.entry("da", "danish"),
          Map.entry("de", "german"),
          Map.entry("en", "english"),
          Map.entry("es", "spanish"),
          Map.entry("fi", "finnish"),
          Map.entry("fr", "french"),
          Map.entry("it", "italian"),
          Map.entry("nl", "dutch"),
          Map.entry("no", "norwegian"),
          Map.entry("pt", "portuguese"),
          Map.entry("ru", "russian"),
          Map.entry("sv", "swedish"),
          Map.entry("tr", "turkish"));

  /**
   * Reads the member {@code full_text_search} of a field, and adds what it leaves out.
   *
   * @throws ApiException for what the text index does not do
   */
  static FullText of(String field, ObjectNode says) {
    Members asked = new Members(says);
    if (asked.has("ngram")) {
      throw ApiException.invalid("parts of words (ngram) are not offered by this server");
    }
    String code = asked.has("language") ? asked.text("language") : "en";
    String language = LANGUAGES.get(code);
    if (language == null) {
      throw ApiException.invalid(
          "the language '" + code + "' is none of " + String.join(", ", languages()));
    }
    boolean stemming = asked.flag("stemming", false);
    if (asked.flag("stop_words", stemming) != stemming) {
      throw ApiException.invalid(
          stemming
              ? "words are stemmed and stop words left out together on this server: set"
                  + " 'stop_words' as 'stemming'"
              : "'stop_words' needs 'stemming'");
    }
    says.put("language", code).put("stemming", stemming).put("stop_words", stemming);
    return new FullText(field, stemming ? language : PLAIN);
  }

  private static Iterable<String> languages() {
    return LANGUAGES.keySet().stream().sorted().toList();
  }

  /** The same settings with a text index. */
  IndexSettings in(IndexSettings settings) {
    try {
      return settings.textIndex(field, language);
    } catch (SlabException e) {
      throw ApiException.invalid(e.getMessage());
    }
  }
}
