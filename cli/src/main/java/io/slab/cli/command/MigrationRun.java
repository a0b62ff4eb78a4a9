package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.SlabException;
import io.slab.estimate.PriceTable;
import io.slab.index.SlabIndex;
import io.slab.migrate.IndexPlan;
import io.slab.migrate.Migration;
import io.slab.migrate.MigrationOptions;
import io.slab.migrate.MigrationReport;
import io.slab.migrate.NamespaceProof;
import io.slab.migrate.Verification;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.snapshot.Snapshot;
import io.slab.source.ReadOptions;
import io.slab.source.Source;
import java.nio.file.Path;
import java.util.List;

/** One migration of the command line: makes the index where there is none, and does the stages. */
final class MigrationRun {
  private final Session session;
  private final Source source;
  private final String target;
  private final StorageOptions storage;
  private final MigrationOptions options;
  private final StageProgress progress;

  /** The migration of a dry run, or null. */
  private Migration dry;

  MigrationRun(
      Session session,
      Source source,
      String target,
      StorageOptions storage,
      MigrationOptions options,
      StageProgress progress) {
    this.session = session;
    this.source = source;
    this.target = target;
    this.storage = storage;
    this.options = options.withCancellation(progress);
    this.progress = progress;
  }

  String target() {
    return target;
  }

  /** Where work in progress of a target lies by default. */
  static Path workOf(String target) {
    if (StorageOptions.isRemote(target)) {
      return Path.of(nameOf(target) + ".migration");
    }
    Path place = Path.of(target).toAbsolutePath().normalize();
    return place.resolveSibling(place.getFileName() + ".migration");
  }

  /** A name for the index at a target. */
  static String nameOf(String target) {
    return Create.nameOf(target);
  }

  MigrationReport migrate(
      IndexPlan.Wishes wishes,
      ReadOptions read,
      Path rejects,
      int queries,
      long seed,
      long began,
      PriceTable prices) {
    if (source.once() && queries >= 0) {
      throw new UsageException(
          "a pipe can be read only once, so that --verify has nothing to compare with",
          "save the export to a file first");
    }
    // Before an index is made for it.
    requireAllRead();
    boolean exists = Target.exists(target, storage);
    List<String> decisions = List.of();
    IndexPlan plan = null;
    if (!exists) {
      plan = IndexPlan.of(source, wishes, read, System.currentTimeMillis());
      decisions = plan.decisions();
      decisions.forEach(session::say);
    }
    try (LateIndex late = exists ? LateIndex.there(target, storage) : planned(plan.spec())) {
      IndexPlan.requireFit(source, late.spec(), wishes);
      Migration migration = new Migration(source, late.spec(), options, progress);
      late.run(migration);
      if (migration.resumed()) {
        session.say("went on where an earlier run had stopped");
      }
      if (migration.forgot()) {
        session.say("an earlier run with other options had written nothing: began anew");
      }
      MigrationReport.Frame frame =
          new MigrationReport.Frame(
              target, late.made(), decisions, false, rejects, millis(began), prices);
      MigrationReport report = MigrationReport.of(migration, source, late.spec(), frame);
      if (migration.stopped() != null) {
        return report;
      }
      report = queries < 0 ? report : verified(report, late.index(), queries, seed);
      session.afterwards("removing the work folder", migration::discard);
      return report;
    }
  }

  private LateIndex planned(IndexSpec spec) {
    return LateIndex.planned(session, target, storage, spec);
  }

  private MigrationReport verified(
      MigrationReport report, SlabIndex index, int queries, long seed) {
    session.say("verifying; the queries are chosen by seed " + seed);
    List<NamespaceProof> proofs =
        new Verification(source, index, options, queries, seed, progress).run();
    return report.with(proofs, queries, seed);
  }

  MigrationReport dry(
      IndexPlan.Wishes wishes, ReadOptions read, Path rejects, long began, PriceTable prices) {
    IndexSpec spec;
    List<String> decisions = List.of();
    try {
      if (Target.exists(target, storage)) {
        spec = fitting(wishes);
      } else {
        IndexPlan plan = IndexPlan.of(source, wishes, read, System.currentTimeMillis());
        spec = plan.spec();
        decisions = plan.decisions();
        decisions.forEach(session::say);
      }
    } catch (SlabException e) {
      // What the migration would meet first is the error.
      requireAllRead();
      throw e;
    }
    // Every refused record is counted: to stop at the first would tell less.
    MigrationOptions all = options.skipBad() ? options : options.skipping(-1);
    Migration migration = new Migration(source, spec, all, progress);
    migration.dryRun();
    dry = migration;
    return MigrationReport.of(
        migration,
        source,
        spec,
        new MigrationReport.Frame(target, false, decisions, true, rejects, millis(began), prices));
  }

  /** The form of the index that is there, which the source must fit. */
  private IndexSpec fitting(IndexPlan.Wishes wishes) {
    try (SlabIndex index = Target.open(target, storage)) {
      IndexPlan.requireFit(source, index.spec(), wishes);
      new Migration(source, index.spec(), options, progress).requireFreeNumbers(index);
      return index.spec();
    }
  }

  private void requireAllRead() {
    if (!options.skipBad()) {
      source.requireAllRead();
    }
  }

  /**
   * After a dry run, which counts everything: ends as the migration itself would.
   *
   * @throws SlabException for a file that would stop it
   */
  void requireWhole() {
    if (dry != null && !options.skipBad()) {
      dry.requireWhole();
    }
  }

  /** Counts as a dry run does, so that the report says what should be there, and compares. */
  MigrationReport verifyOnly(
      IndexPlan.Wishes wishes, int queries, long seed, long began, PriceTable prices) {
    try (SlabIndex index = Target.open(target, storage)) {
      IndexPlan.requireFit(source, index.spec(), wishes);
      // Refused records were dealt with when they were migrated.
      MigrationOptions all = options.skipping(-1);
      Migration migration = new Migration(source, index.spec(), all, progress);
      migration.dryRun();
      MigrationReport.Frame frame =
          new MigrationReport.Frame(target, false, List.of(), false, null, millis(began), prices);
      return verified(
          MigrationReport.of(migration, source, index.spec(), frame), index, queries, seed);
    }
  }

  /** The id of some record of a namespace, to begin with; null when there is none. */
  String someId(String namespace) {
    try (SlabIndex index = Target.open(target, storage);
        Snapshot snapshot = index.snapshot(namespace)) {
      return snapshot.slabs().isEmpty()
          ? null
          : Utf8.string(snapshot.slabs().getFirst().view().idAt(0));
    }
  }

  private static long millis(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }
}
