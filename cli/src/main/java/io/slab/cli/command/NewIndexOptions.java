package io.slab.cli.command;

import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.migrate.IndexPlan;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a new index shall be, where the export does not say or says something wrong. */
final class NewIndexOptions {
  @Option(
      names = {"-d", "--dimension"},
      paramLabel = "N",
      description = "numbers in each dense vector; default: what the export says, or its vectors")
  Integer dimension;

  @Option(
      names = {"-m", "--metric"},
      paramLabel = "METRIC",
      description =
          "cosine, euclidean or dotproduct; default: what the export says. It is never guessed")
  String metric;

  @Option(
      names = "--vector-type",
      paramLabel = "TYPE",
      description = "dense, sparse or hybrid; default: what the first records have")
  String vectorType;

  @Option(
      names = "--schema",
      split = ",",
      paramLabel = "A,B",
      description =
          "metadata fields to index for filters; default: metadata_config.indexed of the pod index,"
              + " else all")
  List<String> schema;

  @Seldom
  @Option(
      names = "--drop-sparse",
      description = "leave out sparse values for which the index has no place")
  boolean dropSparse;

  @Seldom
  @Option(names = "--name", paramLabel = "NAME", description = "default: the name of the directory")
  String name;

  /** Refuses a list with an empty name in it: no filter could ever use the index. */
  static List<String> requireNamed(List<String> schema) {
    if (schema != null && schema.stream().anyMatch(String::isBlank)) {
      throw new UsageException(
          "--schema has a name that is empty: filters could use none of the fields",
          "leave out --schema to index all fields, or name some: --schema genre,year");
    }
    return schema;
  }

  IndexPlan.Wishes wishes(String defaultName) {
    return new IndexPlan.Wishes(
        name == null ? defaultName : name,
        dimension,
        metric == null ? null : metric(metric),
        vectorType == null ? null : VectorType.ofLabel(vectorType),
        requireNamed(schema),
        dropSparse);
  }

  /** A metric by its name; another word is a usage error that names the nearest. */
  static Metric metric(String label) {
    List<String> known = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      known.add(metric.label());
    }
    if (!known.contains(label)) {
      throw Suggest.unknown("unknown metric", label, known);
    }
    return Metric.ofLabel(label);
  }
}
