package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.objects.CommitHistory;
import io.slab.objects.CommitHistory.Entry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab log}. */
@Command
public final class Log extends Verb {
  private static final Listing LISTING =
      new Listing(
          "commits",
          "commit",
          List.of(
              Column.text("time"),
              Column.text("manifest"),
              Column.text("log"),
              Column.text("operation"),
              Column.number("records"),
              Column.number("change"),
              Column.text("checkpoints"),
              Column.text("writer")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      description = "the last N commits (default 20)")
  int limit = 20;

  @Override
  public String about() {
    return "The commits of a namespace, newest first: manifests (flush, compact, restore, ...) with the live records of"
        + " their slabs, and objects of the log with what they write. Of those that gc took only what is left.";
  }

  @Override
  public List<String> examples() {
    return List.of("log books", "log books --limit 5 --json");
  }

  @Override
  public ExitCode run(Session session) {
    if (limit < 1) {
      throw new UsageException("--limit must be at least 1", null);
    }
    try (SlabIndex index = target.open()) {
      String name = namespace.name();
      List<Entry> entries = CommitHistory.of(index.store(), name, limit);
      if (entries.isEmpty()) {
        namespace.require(index);
      }
      index.requireLive();
      session.output().begin(LISTING);
      boolean json = session.output().format().isJson();
      for (Entry entry : entries) {
        List<String> names = entry.checkpoints();
        session.output().row(row(entry, json ? names : String.join(", ", names)));
      }
      session.output().end(new Doc().put("namespace", name));
    }
    return ExitCode.OK;
  }

  private static Doc row(Entry entry, Object checkpoints) {
    return new Doc()
        .put("time", entry.timeMillis() < 0 ? null : CheckpointDocs.time(entry.timeMillis()))
        .put("manifest", entry.manifest() < 0 ? null : Long.toString(entry.manifest()))
        .put("log", entry.log() < 0 ? null : Long.toString(entry.log()))
        .put("operation", entry.operation())
        .put("records", entry.records() < 0 ? null : entry.records())
        .put("change", entry.change())
        .put("checkpoints", checkpoints)
        .put("writer", entry.writer())
        .put("kept", entry.kept());
  }
}
