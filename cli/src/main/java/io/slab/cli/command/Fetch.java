package io.slab.cli.command;

import io.slab.cli.input.IdInput;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.NotFoundException;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.VectorRecord;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab fetch}. */
@Command
public final class Fetch extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();
  @Mixin FilterOption filter = new FilterOption();

  @Option(
      names = {"--ids", "--id"},
      paramLabel = "A,B",
      description = "ids A,B, a JSON array, @FILE, - for stdin")
  List<String> ids;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      description = "with --filter: at most so many (default 100)")
  int limit = 100;

  @Seldom
  @Option(
      names = {"-p", "--pagination-token"},
      paramLabel = "TOKEN",
      description = "with --filter: the next page")
  String token;

  @Option(
      names = "--include-values",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "with or without the vectors (default: with)")
  boolean values;

  @Option(
      names = "--include-metadata",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "with or without the metadata (default: with)")
  boolean metadata;

  @Seldom
  @Option(names = "--require-all", description = "exit 3 when an id is not there")
  boolean requireAll;

  @Override
  public String about() {
    return "Whole records, by id (in the order asked for) or by filter (in the order of the ids). An id that is not there"
        + " is reported on stderr and is no failure, except with --require-all.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "fetch books --ids book-dune,book-emma",
        "fetch books --ids @ids.txt --require-all",
        "fetch books --filter '{\"year\":1984}' --no-include-values --json");
  }

  @Override
  public ExitCode run(Session session) {
    if ((ids == null) == !filter.given()) {
      throw new UsageException("give either --ids or --filter", null);
    }
    if (limit < 1) {
      throw new UsageException("--limit must be at least 1", null);
    }
    try (SlabIndex index = target.open(namespace)) {
      Filter matching = filter.parse(session, index.spec());
      List<String> wanted = ids == null ? List.of() : IdInput.parse("--ids", session.input(), ids);
      try (Snapshot snapshot = asOf.snapshot(index, namespace)) {
        session.output().begin(listing(index.spec()));
        return matching == null
            ? byId(session, index, snapshot, wanted)
            : byFilter(session, index, snapshot, matching);
      }
    }
  }

  private Listing listing(IndexSpec spec) {
    List<Column> columns = new ArrayList<>(List.of(Column.text("id")));
    if (values && spec.vectorType().hasDense()) {
      columns.add(Column.text("values"));
    }
    if (values && spec.takesSparse()) {
      columns.add(Column.text("sparse_values"));
    }
    if (metadata) {
      columns.add(Column.text("metadata"));
    }
    return new Listing("vectors", "record", columns, "id");
  }

  private ExitCode byId(Session session, SlabIndex index, Snapshot snapshot, List<String> wanted) {
    List<String> missing = new ArrayList<>();
    snapshot.findAhead(wanted);
    for (String id : new LinkedHashSet<>(wanted)) {
      VectorRecord record = snapshot.find(id);
      if (record == null) {
        missing.add(id);
      } else {
        session.output().row(Records.doc(record, values, metadata));
      }
    }
    if (missing.size() == wanted.size()) {
      namespace.tellOthers(session, index, snapshot);
    }
    session.output().end(new Doc().put("namespace", namespace.name()).put("missing", missing));
    if (!missing.isEmpty() && requireAll) {
      throw new NotFoundException("not found: " + String.join(", ", missing));
    }
    if (!missing.isEmpty()) {
      session.say("not found: " + String.join(", ", missing));
    }
    return ExitCode.OK;
  }

  private ExitCode byFilter(Session session, SlabIndex index, Snapshot snapshot, Filter matching) {
    FilterAdvice.warn(session, matching, snapshot);
    LiveIds ids =
        new LiveIds(snapshot, "", PageToken.parse(token), matching, session.cancellation());
    byte[] last = null;
    boolean more = false;
    int found = 0;
    for (byte[] id = ids.next(); id != null && !more; id = more ? id : ids.next()) {
      if (found == limit) {
        more = true;
      } else {
        session.output().row(Records.doc(ids.record(), values, metadata));
        last = id;
        found++;
      }
    }
    Doc summary = new Doc();
    if (more) {
      summary.put("pagination", new Doc().put("next", PageToken.of(last)));
    }
    if (found == 0) {
      namespace.tellOthers(session, index, snapshot);
    }
    session.output().end(summary.put("namespace", namespace.name()));
    if (more) {
      session.say("more: --pagination-token " + PageToken.of(last));
    }
    return ExitCode.OK;
  }
}
