package io.slab.cli.command;

import io.slab.cli.UsageException;
import io.slab.model.IndexSpec;
import java.nio.file.Path;

/** Formats that {@code export} writes. */
enum ExportFormat {
  JSONL,
  PARQUET,
  NPY;

  /**
   * The format that a user means.
   *
   * @param name or null
   * @param out or null
   */
  static ExportFormat of(String name, Path out) {
    if (name == null) {
      return out != null && out.toString().endsWith(".parquet") ? PARQUET : JSONL;
    }
    return switch (name) {
      case "jsonl" -> JSONL;
      case "parquet" -> PARQUET;
      case "npy" -> NPY;
      default ->
          throw new UsageException(
              "--format cannot be '" + name + "'", "use jsonl, parquet or npy");
    };
  }

  void require(IndexSpec spec) {
    if (this == NPY && !spec.vectorType().hasDense()) {
      throw new UsageException("a sparse index has no matrix", "use jsonl or parquet");
    }
  }
}
