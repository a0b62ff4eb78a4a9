package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.model.MetaValue;
import io.slab.query.FacetCount;
import io.slab.query.FieldFacet;
import io.slab.query.SnapshotSource;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab facet}. */
@Command
public final class Facet extends Verb {
  private static final int DEFAULT_TOP = 20;

  private static final Listing LISTING =
      new Listing(
          "facets",
          "facet",
          List.of(
              Column.text("field"),
              Column.text("kind"),
              Column.text("value"),
              Column.number("count")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();
  @Mixin FilterOption filter = new FilterOption();

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "metadata field whose values are counted; may be repeated")
  List<String> names;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "the N most frequent values of each field (default 20); the others in one line")
  Integer top;

  @Option(names = "--all", description = "every value")
  boolean all;

  @Override
  public String about() {
    return "Counts records by their values of a field. A record counts once for each text of a list; records that lack the"
        + " field, and lists without a text, have lines of their own.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "facet books --field genre",
        "facet books --field genre --field year --filter '{\"year\":{\"$gte\":1900}}' --top 5 --json");
  }

  @Override
  public ExitCode run(Session session) {
    if (names == null) {
      throw new UsageException("--field is missing", "name a metadata field, as in --field genre");
    }
    if (top != null && (all || top < 1)) {
      throw new UsageException(
          all ? "--top and --all exclude each other" : "--top must be at least 1", null);
    }
    try (SlabIndex index = target.open(namespace);
        Snapshot snapshot = asOf.snapshot(index, namespace)) {
      Filter matching = filter.parse(session, index.spec());
      List<FieldFacet> facets = new ArrayList<>();
      int most = all ? Integer.MAX_VALUE : top == null ? DEFAULT_TOP : top;
      for (String name : new LinkedHashSet<>(names)) {
        facets.add(
            FieldFacet.of(FacetCount.of(snapshot, name, matching, session.cancellation()), most));
      }
      FilterAdvice advice = new FilterAdvice().add(snapshot);
      advice.warn(session, matching);
      for (FieldFacet facet : facets) {
        if (facet.records() > 0 && facet.missing() == facet.records()) {
          advice.warnMissing(session, facet.field(), matching != null);
        }
      }
      print(session, facets, matching, records(snapshot, matching));
    }
    return ExitCode.OK;
  }

  private static long records(Snapshot snapshot, Filter matching) {
    return matching == null ? snapshot.count() : SnapshotSource.count(snapshot, matching);
  }

  private void print(Session session, List<FieldFacet> facets, Filter matching, long records) {
    session.output().begin(LISTING);
    boolean cut = false;
    for (FieldFacet facet : facets) {
      for (FieldFacet.Count count : facet.values()) {
        session.output().row(row(facet, kind(count.value()), plain(count.value()), count.count()));
      }
      cut |= facet.otherValues() > 0;
      if (facet.otherValues() > 0) {
        boolean table = session.output().format() == OutputFormat.TABLE;
        String text = table ? Human.plural(facet.otherValues(), "value") : null;
        session
            .output()
            .row(row(facet, "others", text, facet.otherCount()).put("values", facet.otherValues()));
      }
      if (facet.empty() > 0) {
        session.output().row(row(facet, "empty", null, facet.empty()));
      }
      session.output().row(row(facet, "missing", null, facet.missing()));
    }
    Doc summary = new Doc().put("namespace", namespace.name()).put("records", records);
    if (matching != null) {
      summary.put("filter", new Doc.RawJson(matching.toJson()));
    }
    session.output().end(summary);
    if (cut && top == null) {
      session.say("more: --top N, or --all");
    }
  }

  private static Doc row(FieldFacet facet, String kind, Object value, long count) {
    return new Doc()
        .put("field", facet.field())
        .put("kind", kind)
        .put("value", value)
        .put("count", count);
  }

  private static String kind(MetaValue value) {
    return value instanceof MetaValue.Str
        ? "text"
        : value instanceof MetaValue.Num ? "number" : "boolean";
  }

  private static Object plain(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      return text;
    }
    return value instanceof MetaValue.Num(double number)
        ? (Object) number
        : (Object) ((MetaValue.Bool) value).value();
  }
}
