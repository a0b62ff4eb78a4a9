package io.slab.cli.command;

import io.slab.cli.usage.Suggest;
import io.slab.cli.verb.Session;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterRules;
import io.slab.model.IndexSpec;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.Set;
import java.util.TreeSet;
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
    FilterRules.require(parsed);
    FilterEvaluator.requireIndexed(parsed, spec::indexes);
    return parsed;
  }

  /**
   * A hint for a filter that nothing matched: a field that no record in a slab has is mostly a
   * misspelt one. Null when there is nothing to say, as while records are in the log only.
   */
  static String hint(Filter filter, Snapshot snapshot) {
    if (filter == null || snapshot.slabs().isEmpty() || !snapshot.memtable().isEmpty()) {
      return null;
    }
    Set<String> known = new TreeSet<>();
    for (LiveSlab slab : snapshot.slabs()) {
      slab.entry().columns().forEach(column -> known.add(column.field()));
    }
    for (String field : filter.fields()) {
      if (!known.isEmpty() && !known.contains(field)) {
        return "no record has the field '" + field + "'; " + Suggest.hint(field, known);
      }
    }
    return null;
  }
}
