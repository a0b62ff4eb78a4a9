package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.ReadFailure;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folders of tables in which not every data file counts: a log or a tree of metadata says which.
 */
final class TableFormats {
  static final String DELTA_LOG = "_delta_log";

  private static final String HUDI_LOG = ".hoodie";
  private static final String SPARK_LOG = "_spark_metadata";
  private static final String LANCE_VERSIONS = "_versions";
  private static final String ICEBERG_METADATA = "metadata";

  /** Rows that changes touched; they are no part of the table itself. */
  private static final String DELTA_CHANGES = "_change_data";

  private TableFormats() {}

  /** True for the folder of a Delta Lake table. */
  static boolean isDelta(List<SourceFiles.Entry> entries) {
    return folder(entries, DELTA_LOG) != null;
  }

  /** True for the folder of a table of any format on this machine. */
  static boolean isTable(Path folder) {
    for (String log : List.of(DELTA_LOG, HUDI_LOG, SPARK_LOG)) {
      if (Files.isDirectory(folder.resolve(log))) {
        return true;
      }
    }
    Path metadata = folder.resolve(ICEBERG_METADATA);
    if (!Files.isDirectory(metadata)) {
      return false;
    }
    try (Stream<Path> children = Files.list(metadata)) {
      return children.anyMatch(child -> isIceberg(child.getFileName().toString()));
    } catch (IOException e) {
      throw ReadFailure.of(metadata.toString(), e);
    }
  }

  /** True for the name of a folder inside a table that holds files of it. */
  static boolean isInner(String folder) {
    return Place.isColumn(folder) || folder.equals("data");
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
    SourceFiles.Entry metadata = folder(entries, ICEBERG_METADATA);
    if (metadata != null
        && files.list(metadata.path()).stream().anyMatch(entry -> isIceberg(entry.name()))) {
      return refusal(name, "an Iceberg table", "its metadata");
    }
    if (folder(entries, HUDI_LOG) != null) {
      return refusal(name, "a Hudi table", "its timeline (.hoodie)");
    }
    SourceFiles.Entry versions = folder(entries, LANCE_VERSIONS);
    if (versions != null
        && files.list(versions.path()).stream().anyMatch(e -> e.name().endsWith(".manifest"))) {
      return new InvalidInputException(
          name + " is a Lance dataset, which is not read",
          "write it as Parquet: pyarrow.parquet.write_table(lance.dataset('FOLDER').to_table(),"
              + " 'out.parquet')");
    }
    if (folder(entries, SPARK_LOG) != null) {
      return refusal(name, "the output of a Spark stream", "its log (_spark_metadata)");
    }
    if (folder(entries, "_temporary") != null) {
      return new InvalidInputException(
          name + " holds what a job left that did not end: " + name + "/_temporary",
          "let the job end, or remove that folder when its output is not wanted");
    }
    return null;
  }

  private static boolean isIceberg(String name) {
    return name.endsWith(".metadata.json")
        || name.endsWith(".metadata.json.gz")
        || name.equals("version-hint.text");
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
