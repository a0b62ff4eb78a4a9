package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.PhaseProgress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.WorkPhase;
import io.slab.format.SlabAhead;
import io.slab.index.SlabIndex;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.Together;
import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab warm}. */
@Command
public final class Warm extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = "--codes",
      description =
          "ids and the codes of approximate indexes as well: a query then fetches rows only")
  boolean codes;

  @Option(names = "--all", description = "whole slabs: nothing is fetched any more")
  boolean all;

  @Override
  public String about() {
    return "Fetches what queries of a remote index begin with into the local cache, so that the first of them needs fewer"
        + " rounds. What is there already is not fetched again.";
  }

  @Override
  public List<String> examples() {
    return List.of("warm s3://bucket/books", "warm s3://bucket/books --codes --namespace fiction");
  }

  @Override
  public ExitCode run(Session session) {
    if (codes && all) {
      throw new UsageException("--codes and --all exclude each other", "--all includes the codes");
    }
    if (target.local()) {
      throw new UsageException(
          target.text() + " is on a local disk: there is nothing to fetch",
          "name an index on S3: s3://bucket/prefix");
    }
    try (SlabIndex index = target.open(namespace);
        Snapshot snapshot = namespace.snapshot(index)) {
      fetch(session, snapshot);
      print(session, snapshot);
    }
    return ExitCode.OK;
  }

  private void fetch(Session session, Snapshot snapshot) {
    snapshot.slabs().forEach(slab -> slab.view().expectSearch());
    try (PhaseProgress progress = session.phases("warm")) {
      WorkPhase phase = new WorkPhase(progress, "fetching", "slabs", snapshot.slabs().size());
      List<Runnable> tasks = new ArrayList<>();
      for (LiveSlab slab : snapshot.slabs()) {
        tasks.add(() -> {
          fetch(slab);
          phase.add(1);
        });
      }
      Together.run(tasks);
    }
  }

  private void fetch(LiveSlab slab) {
    SlabAhead ahead = slab.view().ahead();
    if (all) {
      ahead.all();
    } else if (codes) {
      ahead.codes();
    } else {
      ahead.searchStart().idTable();
    }
    ahead.run();
  }

  private void print(Session session, Snapshot snapshot) {
    Traffic.Counts counts = snapshot.traffic().counts();
    long bytes = snapshot.slabs().stream().mapToLong(slab -> slab.entry().bytes()).sum();
    session
        .output()
        .document(
            new Doc()
                .put("namespace", namespace.name())
                .put("slabs", snapshot.slabs().size())
                .put("bytes", bytes)
                .put("fetchedBytes", counts.bytesRead())
                .put("presentBytes", counts.cachedBytes())
                .put("requests", counts.requests()));
    session.say(
        Human.bytes(counts.bytesRead())
            + " fetched, "
            + Human.bytes(counts.cachedBytes())
            + " were there, of slabs of "
            + Human.bytes(bytes)
            + "; next: slab stats "
            + target.word());
  }
}
