package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.model.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab namespace list}. */
@Command
public final class NamespaceList extends Verb {
  private static final Listing LISTING =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("name"),
              Column.number("recordCount"),
              Column.number("slabs"),
              Column.number("bytes"),
              Column.number("unflushed"),
              Column.number("manifest")));

  @Mixin Target target = new Target();

  @Option(names = "--prefix", paramLabel = "TEXT", description = "only names that begin with this")
  String prefix = "";

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      description = "at most so many (default 100)")
  int limit = 100;

  @Option(
      names = {"-p", "--pagination-token"},
      paramLabel = "TOKEN",
      description = "go on where the page before ended")
  String token;

  @Override
  public String about() {
    return "Names in byte order, with counts.";
  }

  @Override
  public List<String> examples() {
    return List.of("namespace list books", "namespace list books --prefix customer- --json");
  }

  @Override
  public ExitCode run(Session session) {
    if (limit < 1) {
      throw new UsageException("--limit must be at least 1", null);
    }
    byte[] after = PageToken.parse(token);
    String start = after == null ? null : new String(after, StandardCharsets.UTF_8);
    try (SlabIndex index = target.open()) {
      List<String> names =
          index.namespaces(
              name -> name.startsWith(prefix) && (start == null || Utf8.compare(name, start) > 0),
              limit == Integer.MAX_VALUE ? limit : limit + 1);
      session.output().begin(LISTING);
      List<String> page = names.subList(0, Math.min(limit, names.size()));
      for (String name : page) {
        session.output().row(Namespaces.doc(index, name));
      }
      boolean more = page.size() < names.size();
      Doc summary = new Doc();
      if (more) {
        summary.put("pagination", new Doc().put("next", PageToken.of(page.getLast())));
      }
      session.output().end(summary);
      if (more) {
        session.say("more: --pagination-token " + PageToken.of(page.getLast()));
      }
    }
    return ExitCode.OK;
  }
}
