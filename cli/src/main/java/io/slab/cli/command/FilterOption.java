package io.slab.cli.command;

import io.slab.cli.Session;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import picocli.CommandLine.Option;

/** A metadata filter. */
final class FilterOption {
  @Option(
      names = {"-f", "--filter"},
      paramLabel = "JSON",
      description = "only records whose metadata match (see `slab help filters`)")
  String filter;

  boolean given() {
    return filter != null;
  }

  /** The filter, or null when none was given; fails for a field that the index does not index. */
  Filter parse(Session session, IndexSpec spec) {
    if (filter == null) {
      return null;
    }
    Filter parsed = FilterParser.parse(session.input().text("--filter", filter));
    FilterEvaluator.requireIndexed(parsed, spec::indexes);
    return parsed;
  }
}
