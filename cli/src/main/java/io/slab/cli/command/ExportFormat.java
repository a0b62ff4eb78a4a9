package io.slab.cli.command;

import io.slab.cli.output.FileName;
import io.slab.cli.usage.UsageException;
import io.slab.model.IndexSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Formats that {@code export} writes. */
enum ExportFormat {
  JSONL,
  PARQUET,
  NPY;

  /** Packings that JSON lines are written in. */
  private static final Set<String> PACKED = Set.of("gz", "zst");

  /**
   * The format that a user means.
   *
   * @param name or null
   * @param out or null
   */
  static ExportFormat of(String name, Path out) {
    FileName file = FileName.of(out);
    ExportFormat format = name == null ? said(file, out) : parse(name);
    format.requireName(file, out);
    return format;
  }

  private static ExportFormat parse(String name) {
    return switch (name) {
      case "jsonl" -> JSONL;
      case "parquet" -> PARQUET;
      case "npy" -> NPY;
      default ->
          throw new UsageException(
              "--format cannot be '" + name + "'", "use jsonl, parquet or npy");
    };
  }

  /** The format that the name of a file says; JSON lines where it says nothing. */
  private static ExportFormat said(FileName file, Path out) {
    return switch (file.extension()) {
      case "parquet" -> PARQUET;
      case "jsonl", "ndjson" -> JSONL;
      case "npy" ->
          throw new UsageException(
              out + " names one matrix, but a matrix is written with the ids beside it",
              "name a folder for both: --format npy --out FOLDER");
      case null, default -> {
        if (file.content() != null) {
          throw new UsageException(
              out + " names " + file.content() + ", which export does not write",
              "it writes --format jsonl (FILE.jsonl), parquet (FILE.parquet) or npy (a folder)");
        }
        yield JSONL;
      }
    };
  }

  /** Refuses a name that contradicts the format. */
  private void requireName(FileName file, Path out) {
    List<String> fitting =
        switch (this) {
          case JSONL -> List.of("jsonl", "ndjson", "json");
          case PARQUET -> List.of("parquet");
          case NPY -> List.of();
        };
    if (file.content() != null && !fitting.contains(file.extension())) {
      throw new UsageException(
          out
              + " names "
              + file.content()
              + ", which --format "
              + label()
              + " does not write there",
          this == NPY
              ? "name a folder: --format npy --out FOLDER"
              : "name FILE." + fitting.getFirst() + ", or another --format");
    }
    if (file.packing() != null && !(this == JSONL && PACKED.contains(file.packing()))) {
      throw new UsageException(
          out + ": --format " + label() + " is not packed into ." + file.packing(),
          this == JSONL
              ? "name FILE.jsonl, FILE.jsonl.gz or FILE.jsonl.zst"
              : "leave ." + file.packing() + " out");
    }
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  void require(IndexSpec spec) {
    if (this == NPY && !spec.vectorType().hasDense()) {
      throw new UsageException("a sparse index has no matrix", "use jsonl or parquet");
    }
  }
}
