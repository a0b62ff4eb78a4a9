package io.slab.cli.output;

import io.slab.cli.Suggest;
import java.util.List;

/** The forms a result can take ({@code slab help formats}). */
public enum OutputFormat {
  TABLE,
  JSON,
  NDJSON,
  CSV,
  TSV,
  LINE;

  /** True for the forms that programs parse: errors are then also given as JSON. */
  public boolean isJson() {
    return this == JSON || this == NDJSON;
  }

  /**
   * Parses a name; null stands for the default: a table on a terminal, tab-separated values
   * elsewhere.
   */
  public static OutputFormat parse(String name, boolean terminal) {
    if (name == null) {
      return terminal ? TABLE : TSV;
    }
    return switch (name) {
      case "table" -> TABLE;
      case "json" -> JSON;
      case "ndjson", "jsonl" -> NDJSON;
      case "csv" -> CSV;
      case "tsv" -> TSV;
      case "line" -> LINE;
      default ->
          throw Suggest.unknown(
              "unknown output format",
              name,
              List.of("table", "json", "ndjson", "csv", "tsv", "line"));
    };
  }
}
