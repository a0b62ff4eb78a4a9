package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.snapshot.Snapshot;
import io.slab.writer.FlushResult;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab flush}. */
@Command
public final class Flush extends Verb {
  private static final Listing LISTING =
      new Listing(
          "flushes",
          "flush",
          List.of(
              Column.text("namespace"),
              Column.number("flushedRecords"),
              Column.text("slabs"),
              Column.number("manifest"),
              Column.number("walFlushedThrough")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(names = "--all-namespaces", description = "flush every namespace")
  boolean all;

  @Override
  public String about() {
    return "Writes what is only in the log into slabs, which queries read faster. Nothing to flush is no error.";
  }

  @Override
  public List<String> examples() {
    return List.of("flush books", "flush books --all-namespaces --json");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    long records = 0;
    String due = null;
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      List<String> names = all ? index.namespaces() : List.of(namespace.name());
      session.output().begin(LISTING);
      for (String name : names) {
        Doc row = consent.dryRun() ? plan(index, name) : flush(session, index, name, records);
        records += (Long) row.get("flushedRecords");
        session.output().row(row);
        due = due == null ? Debt.after(session, index, name, target.text()) : due;
      }
      session.output().end(new Doc());
    }
    String done = records == 0 ? "nothing to flush" : "flushed " + Human.plural(records, "record");
    session.say(
        consent.dryRun()
            ? "dry run: " + Human.plural(records, "record") + " would be flushed"
            : done + "; next: " + (due == null ? "slab stats " + target.word() : due));
    return ExitCode.OK;
  }

  private static Doc plan(SlabIndex index, String name) {
    try (Snapshot snapshot = index.snapshot(name)) {
      return new Doc()
          .put("namespace", name)
          .put("flushedRecords", (long) snapshot.memtable().size())
          .put("slabs", List.of())
          .put("manifest", snapshot.manifest() == null ? 0 : snapshot.manifest().id())
          .put("walFlushedThrough", null);
    }
  }

  /**
   * @param before records of other namespaces that were flushed by now
   */
  private static Doc flush(Session session, SlabIndex index, String name, long before) {
    try {
      return flush(index, name);
    } catch (RuntimeException e) {
      if (before > 0) {
        session.say(Human.plural(before, "record") + " of other namespaces flushed before this:");
      }
      throw e;
    }
  }

  private static Doc flush(SlabIndex index, String name) {
    if (!index.namespaceExists(name)) {
      return plan(index, name);
    }
    try (NamespaceWriter writer = index.writer(name)) {
      FlushResult result = writer.flush();
      return new Doc()
          .put("namespace", name)
          .put("flushedRecords", result.rows())
          .put("slabs", result.slabs().stream().map(Object::toString).toList())
          .put("manifest", result.manifest())
          .put("walFlushedThrough", result.walFlushedThrough());
    }
  }
}
