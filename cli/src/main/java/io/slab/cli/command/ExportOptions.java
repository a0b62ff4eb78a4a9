package io.slab.cli.command;

import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How an export is to be read. */
final class ExportOptions {
  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "what the export is, where it is not recognised: see `slab help formats`")
  String shape;

  @Option(
      names = "--map",
      split = ",",
      paramLabel = "ROLE=NAME",
      description = "which member or column is which part: id, values, sparse, metadata, namespace")
  List<String> map = new ArrayList<>();

  @Seldom
  @Option(
      names = "--extras",
      paramLabel = "WHAT",
      description =
          "auto (default), metadata or ignore: what members and columns that are no part become")
  String extras = "auto";

  @Seldom
  @Option(
      names = "--nulls",
      paramLabel = "WHAT",
      description =
          "refuse (default of ingest) or drop (default of a migration): what a null in the metadata does")
  String nulls;

  @Seldom
  @Option(
      names = "--nested",
      paramLabel = "WHAT",
      description =
          "refuse (default), text or drop: what becomes of metadata values that no index can hold")
  String nested = "refuse";

  @Seldom
  @Option(
      names = "--keep-markers",
      description = "keep the marks that export programs leave in the metadata")
  boolean keepMarkers;

  @Seldom
  @Option(
      names = "--number-rows",
      description = "tables (CSV, Parquet) without ids too: the id of a row is its number")
  boolean numberRows;

  @Seldom
  @Option(
      names = "--id-prefix",
      paramLabel = "TEXT",
      description = "rows without ids: what their numbers follow")
  String idPrefix = "";

  @Seldom
  @Option(
      names = "--number-from",
      paramLabel = "N",
      description =
          "rows without ids: number of the first one (default 0, and refused where a record has such an id)")
  Long numberFrom;

  @Mixin ThreadsOption threads = new ThreadsOption();

  ScanOptions scan() {
    Shape wanted = shape == null ? null : Shape.of(shape);
    if (shape != null && wanted == null) {
      throw new UsageException(
          "there is no shape '" + shape + "'",
          String.join(", ", Arrays.stream(Shape.values()).map(Shape::label).toList()));
    }
    return new ScanOptions(wanted, FieldMap.parse(map, extras()), numbers());
  }

  /** Ids of rows that have none. */
  RowNumbers numbers() {
    RowNumbers numbers = RowNumbers.of(idPrefix, numberFrom);
    return numberRows ? numbers.withTables() : numbers;
  }

  /** Refuses wishes about numbers where nothing is numbered. */
  static void requireUse(RowNumbers numbers, boolean used) {
    if (numbers.unusual() && !used) {
      throw new UsageException(
          "--number-rows, --id-prefix and --number-from go with matrices and tables without ids",
          numbers.tables()
              ? "these records have ids of their own"
              : "these records have ids of their own; rows of tables are numbered by --number-rows");
    }
  }

  private FieldMap.Extras extras() {
    return switch (extras) {
      case "auto" -> FieldMap.Extras.AUTO;
      case "metadata" -> FieldMap.Extras.METADATA;
      case "ignore" -> FieldMap.Extras.IGNORE;
      default ->
          throw Suggest.unknown(
              "--extras cannot be", extras, List.of("auto", "metadata", "ignore"));
    };
  }

  /**
   * How records are read.
   *
   * @param usual what becomes of nulls unless the user says so
   */
  ReadOptions read(ReadOptions.Nulls usual) {
    int count = threads.or(Math.min(4, Runtime.getRuntime().availableProcessors()));
    ReadOptions.Nested rule =
        switch (nested) {
          case "refuse" -> ReadOptions.Nested.REFUSE;
          case "text" -> ReadOptions.Nested.TEXT;
          case "drop" -> ReadOptions.Nested.DROP;
          default ->
              throw Suggest.unknown(
                  "--nested cannot be", nested, List.of("refuse", "text", "drop"));
        };
    ReadOptions options =
        ReadOptions.defaults()
            .withThreads(count)
            .withNulls(nulls == null ? usual : nulls(nulls))
            .withNested(rule);
    return keepMarkers ? options.keepingMarkers() : options;
  }

  /** The rule of a word of {@code --nulls}. */
  static ReadOptions.Nulls nulls(String word) {
    return switch (word) {
      case "refuse" -> ReadOptions.Nulls.REFUSE;
      case "drop" -> ReadOptions.Nulls.DROP;
      default -> throw Suggest.unknown("--nulls cannot be", word, List.of("refuse", "drop"));
    };
  }
}
