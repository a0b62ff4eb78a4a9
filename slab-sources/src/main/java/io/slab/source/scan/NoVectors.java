package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.json.JsonSniff;

/** Explains dumps that look like an export and hold nothing to search. */
final class NoVectors {
  private NoVectors() {}

  static InvalidInputException explain(String name, JsonSniff sniff) {
    if (sniff.hasScores() || "matches".equals(sniff.list())) {
      return new InvalidInputException(
          name + " holds query matches without vectors: they were asked for without include_values",
          "ask again with include_values=true, or fetch the ids");
    }
    if (sniff.extras().contains("text") || sniff.extras().contains("chunk_text")) {
      return new InvalidInputException(
          name + " holds records with text and without vectors, made for an index that embeds them",
          "`slab ingest --text-field NAME` has an embedder of yours make them; or fetch the records from"
              + " the index: what it returns has their vectors");
    }
    if (!sniff.hasMetadata() && sniff.extras().isEmpty()) {
      return new InvalidInputException(
          name + " is a list of ids without vectors: there is nothing to search in it",
          "fetch the ids with their values and save the responses");
    }
    return new InvalidInputException(
        name + " holds records without vectors: neither 'values' nor 'sparse_values' has content",
        "if another member holds them, name it: --map values=NAME");
  }
}
