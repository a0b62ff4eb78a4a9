package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.SourceFiles;
import java.util.List;

/**
 * Folders of tables in which not every data file counts: a log or a tree of metadata says which.
 */
final class TableFormats {
  static final String DELTA_LOG = "_delta_log";

  /** Rows that changes touched; they are no part of the table itself. */
  private static final String DELTA_CHANGES = "_change_data";

  private TableFormats() {}

  /** True for the folder of a Delta Lake table. */
  static boolean isDelta(List<SourceFiles.Entry> entries) {
    return folder(entries, DELTA_LOG) != null;
  }

  /** True for what lies beside the data files of a Delta table. */
  static boolean isOfLog(SourceFiles.Entry entry) {
    return entry.folder() && (entry.name().equals(DELTA_LOG) || entry.name().equals(DELTA_CHANGES));
  }

  /**
   * Why the folder of another table format is not read, or null.
   *
   * @param entries what lies in the folder
   */
  static InvalidInputException refusal(
      SourceFiles files, String path, List<SourceFiles.Entry> entries) {
    String name = files.describe(path);
    SourceFiles.Entry metadata = folder(entries, "metadata");
    if (metadata != null
        && files.list(metadata.path()).stream().anyMatch(TableFormats::isIceberg)) {
      return refusal(name, "an Iceberg table", "its metadata");
    }
    if (folder(entries, ".hoodie") != null) {
      return refusal(name, "a Hudi table", "its timeline (.hoodie)");
    }
    if (folder(entries, "_spark_metadata") != null) {
      return refusal(name, "the output of a Spark stream", "its log (_spark_metadata)");
    }
    if (folder(entries, "_temporary") != null) {
      return new InvalidInputException(
          name + " holds what a job left that did not end: " + name + "/_temporary",
          "let the job end, or remove that folder when its output is not wanted");
    }
    return null;
  }

  private static boolean isIceberg(SourceFiles.Entry entry) {
    String name = entry.name();
    return !entry.folder()
        && (name.endsWith(".metadata.json")
            || name.endsWith(".metadata.json.gz")
            || name.endsWith(".gz.metadata.json")
            || name.equals("version-hint.text"));
  }

  private static InvalidInputException refusal(String name, String what, String log) {
    return new InvalidInputException(
        name
            + " is "
            + what
            + ": which of its data files and rows count is said by "
            + log
            + ", which is not read",
        "write its rows as plain Parquet, for instance with Spark or DuckDB, and name that folder");
  }

  private static SourceFiles.Entry folder(List<SourceFiles.Entry> entries, String name) {
    for (SourceFiles.Entry entry : entries) {
      if (entry.folder() && entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }
}
