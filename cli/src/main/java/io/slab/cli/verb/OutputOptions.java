package io.slab.cli.verb;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of every verb about what it prints. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table, json, ndjson, csv, tsv or line; table on a terminal, else tsv")
  String output;

  @Option(
      names = {"-j", "--json"},
      description = "same as --output json")
  boolean json;

  @Option(
      names = "--fields",
      split = ",",
      paramLabel = "A,B",
      description = "which columns or JSON members, in this order")
  List<String> fields = List.of();

  @Written
  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "write the result to a file, atomically; - is stdout")
  Path out;

  @Option(names = "--color", paramLabel = "WHEN", description = "auto, always or never")
  String color = "auto";

  @Option(names = "--width", paramLabel = "N", description = "longest table line; 0 for no limit")
  Integer width;

  @Option(
      names = "--progress",
      paramLabel = "HOW",
      description = "auto, bar, plain, json or none; on stderr")
  String progress = "auto";

  @Option(
      names = {"-q", "--quiet"},
      description = "errors and warnings alone; of verbs that change something no result either")
  boolean quiet;

  @Option(names = "--time", description = "print the time taken to stderr")
  boolean time;

  @Option(names = "--debug", description = "stack traces with errors")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      description = "this text")
  boolean help;

  @Option(names = "--help-all", description = "the same with the options of S3 and output")
  boolean helpAll;

  /** True for {@code -q} alone: no form, fields or file says that the result is wanted. */
  boolean resultIsNotAskedFor() {
    return quiet && output == null && !json && out == null && fields.isEmpty();
  }
}
