package io.slab.cli.output;

import io.slab.cli.usage.Suggest;
import java.nio.file.Path;
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
   * The format of a result that goes to a file: what was said, else what the name of the file says.
   *
   * @param name or null
   * @param file or null for stdout
   * @throws io.slab.cli.usage.UsageException when the two contradict each other
   */
  public static OutputFormat of(String name, Path file, boolean terminal) {
    OutputFormat format = parse(name, terminal);
    if (file == null) {
      return format;
    }
    if (name == null) {
      String extension = FileName.of(file).extension();
      format =
          switch (extension) {
            case "json" -> JSON;
            case "ndjson", "jsonl" -> NDJSON;
            case "csv" -> CSV;
            case null, default -> format;
          };
    }
    FileName.require(file, "--out", format.text(), format.extensions());
    return format;
  }

  private String text() {
    return switch (this) {
      case TABLE -> "a table in text";
      case LINE -> "text";
      case JSON -> "JSON";
      case NDJSON -> "JSON, an object on each line,";
      case CSV -> "CSV";
      case TSV -> "a table with tabs";
    };
  }

  private List<String> extensions() {
    return switch (this) {
      case TABLE, LINE -> List.of("txt");
      case JSON, NDJSON ->
          this == JSON ? List.of("json", "jsonl", "ndjson") : List.of("ndjson", "jsonl", "json");
      case CSV -> List.of("csv");
      case TSV -> List.of("tsv");
    };
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
