package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab list}. */
@Command
public final class ListIds extends Verb {
  private static final int DEFAULT_LIMIT = 100;

  private static final Listing LISTING =
      new Listing("vectors", "record", List.of(Column.text("id")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();

  @Option(names = "--prefix", paramLabel = "TEXT", description = "only ids that begin with this")
  String prefix = "";

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      description = "at most so many (default 100)")
  Integer limit;

  @Option(
      names = {"-p", "--pagination-token"},
      paramLabel = "TOKEN",
      description = "go on where the page before ended")
  String token;

  @Option(names = "--all", description = "every id, without pages")
  boolean all;

  @Override
  public String about() {
    return "Ids in byte order.";
  }

  @Override
  public List<String> examples() {
    return List.of("list books --prefix book-the- --limit 20", "list books --all --output ndjson");
  }

  @Override
  public ExitCode run(Session session) {
    if (limit != null && limit < 1) {
      throw new UsageException("--limit must be at least 1", "or pass --all");
    }
    try (SlabIndex index = target.open(namespace)) {
      try (Snapshot snapshot = asOf.snapshot(index, namespace)) {
        namespace.tellOthers(session, index, snapshot);
        print(
            session, new LiveIds(snapshot, prefix, PageToken.parse(token), session.cancellation()));
      }
    }
    return ExitCode.OK;
  }

  private void print(Session session, LiveIds ids) {
    session.output().begin(LISTING);
    byte[] last = null;
    byte[] id = ids.next();
    long most = all ? Long.MAX_VALUE : limit == null ? DEFAULT_LIMIT : limit;
    for (long n = 0; id != null && n < most; n++) {
      session.output().row(new Doc().put("id", new String(id, StandardCharsets.UTF_8)));
      last = id;
      id = ids.next();
    }
    Doc summary = new Doc();
    if (id != null) {
      summary.put("pagination", new Doc().put("next", PageToken.of(last)));
    }
    session.output().end(summary.put("namespace", namespace.name()));
    if (id != null) {
      String more = "more: --pagination-token " + PageToken.of(last) + ", or --all";
      if (limit == null && !session.console().terminal().stdout()) {
        // A file or a program would take the first page for everything.
        session.console().warn("only the first " + DEFAULT_LIMIT + " ids; " + more);
      } else {
        session.say(more);
      }
    }
  }
}
