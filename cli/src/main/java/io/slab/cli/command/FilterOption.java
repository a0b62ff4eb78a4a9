package io.slab.cli.command;

import io.slab.cli.input.ShellQuotes;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterRules;
import io.slab.model.IndexSpec;
import picocli.CommandLine.Option;

/** A metadata filter. */
final class FilterOption {
  @Option(
      names = {"-f", "--filter"},
      paramLabel = "JSON",
      description = "only records that match (slab help filters)")
  String filter;

  /** As it was given. */
  String text() {
    return filter;
  }

  boolean given() {
    return filter != null;
  }

  /** The filter, or null when none was given; fails for a field that the index does not index. */
  Filter parse(Session session, IndexSpec spec) {
    if (filter == null) {
      return null;
    }
    Filter parsed = read(session.input().text("--filter", filter));
    FilterRules.require(parsed);
    FilterEvaluator.requireIndexed(parsed, spec);
    return parsed;
  }

  private static Filter read(String text) {
    try {
      return FilterParser.parse(text);
    } catch (InvalidInputException e) {
      String slip = ShellQuotes.hint("--filter", text);
      throw slip == null ? e : new UsageException(e.getMessage(), slip);
    }
  }
}
