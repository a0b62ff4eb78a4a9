package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.manifest.SlabEntry;
import io.slab.query.SnapshotSource;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code slab stats}. */
@Command
public final class Stats extends Verb {
  /** Sums over slabs. */
  private static final class Sums {
    long slabs;
    long rows;
    long dead;
    long tombstones;
    long bytes;
  }

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();
  @Mixin FilterOption filter = new FilterOption();

  private final TreeMap<Integer, Sums> levels = new TreeMap<>();
  private long total;
  private long unflushed;
  private long flushedLogObjects;
  private final List<Doc> due = new ArrayList<>();
  private String next;

  @Override
  public String about() {
    return "Counts per namespace and level, and what upkeep is due. With --filter only the records that match are counted.";
  }

  @Override
  public List<String> examples() {
    return List.of("stats books", "stats books --filter '{\"year\":{\"$lt\":1900}}' --json");
  }

  @Override
  public ExitCode run(Session session) {
    try (SlabIndex index = target.open()) {
      if (!asOf.given()) {
        namespace.require(index);
      }
      Filter matching = filter.parse(session, index.spec());
      List<String> names =
          namespace.namespace == null ? asOf.namespaces(index) : List.of(namespace.name());
      Doc namespaces = new Doc();
      FilterAdvice advice = new FilterAdvice();
      for (String name : names) {
        try (Snapshot snapshot = asOf.snapshot(index, name)) {
          long count =
              matching == null ? snapshot.count() : SnapshotSource.count(snapshot, matching);
          namespaces.put(name, new Doc().put("vectorCount", count));
          total += count;
          advice.add(snapshot);
          unflushed += snapshot.memtable().size();
          snapshot.slabs().forEach(this::add);
        }
        if (asOf.given()) {
          continue; // What is due is due now.
        }
        Debt debt = Debt.of(index, name);
        flushedLogObjects += debt.flushedLogObjects();
        if (debt.plan() != null) {
          due.add(debt.doc());
        }
        if (next == null) {
          next = debt.next(target.text());
        }
      }
      advice.warn(session, matching);
      print(session, index, namespaces, matching);
    }
    return ExitCode.OK;
  }

  private void add(LiveSlab slab) {
    SlabEntry entry = slab.entry();
    Sums sums = levels.computeIfAbsent(entry.level(), level -> new Sums());
    sums.slabs++;
    sums.rows += entry.rows();
    sums.dead += slab.dead() == null ? 0 : slab.dead().getLongCardinality();
    sums.tombstones += entry.tombstones();
    sums.bytes += entry.bytes();
  }

  private void print(Session session, SlabIndex index, Doc namespaces, Filter matching) {
    Doc doc =
        new Doc()
            .put(
                "dimension", index.spec().vectorType().hasDense() ? index.spec().dimension() : null)
            .put("metric", index.spec().metric().label())
            .put("vectorType", index.spec().givenType().label())
            .put("totalVectorCount", total);
    if (matching != null) {
      doc.put("filter", new Doc.RawJson(matching.toJson()));
    }
    Doc byLevel = new Doc();
    levels.forEach((level, sums) ->
        byLevel.put(
            "L" + level,
            new Doc()
                .put("slabs", sums.slabs)
                .put("records", sums.rows - sums.dead)
                .put("deleted", sums.dead)
                .put("tombstones", sums.tombstones)
                .put("bytes", sums.bytes)));
    doc.put("namespaces", namespaces).put("levels", byLevel).put("unflushed", unflushed);
    doc.put("flushedLogObjects", flushedLogObjects);
    boolean json = session.output().format().isJson();
    // For people the reason of the first one; compact --dry-run says the rest.
    Object reason = due.isEmpty() ? null : due.getFirst().get("reason");
    doc.put("compactionDue", json ? due : reason);
    session.output().document(json ? doc : FlatDoc.of(doc));
    if (unflushed > 0 && !asOf.given() && session.output().format() == OutputFormat.TABLE) {
      session.say(unflushed + " records are in the log only; next: slab flush " + target.word());
    }
    if (next != null && session.output().format() == OutputFormat.TABLE) {
      session.say("next: " + next);
    }
  }
}
