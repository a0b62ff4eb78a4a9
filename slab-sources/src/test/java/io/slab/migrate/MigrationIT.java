package io.slab.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.migrate.ListSource.Death;
import io.slab.migrate.ListSource.Item;
import io.slab.model.Environment;
import io.slab.model.VectorRecord;
import io.slab.s3.S3Store;
import io.slab.source.Declared;
import io.slab.source.Source;
import io.slab.store.LocalStore;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Runs of a migration: to the end, broken off, gone on with. */
class MigrationIT extends MigrationFixture {
  @Test
  void aProcessThatDiesAnywhereIsFollowedByOneThatGoesOn() throws Exception {
    long seed = Seeds.of("MigrationIT.aProcessThatDiesAnywhereIsFollowedByOneThatGoesOn");
    Random random = new Random(seed);
    ListSource source = source(random, 1_500);
    Path rejects = folder.resolve("rejects");
    MigrationOptions options = options().rejectingTo(rejects);
    Migration undisturbed = new Migration(source.source(), SPEC, options, SILENT);
    undisturbed.dryRun();
    String counts = counts(report(undisturbed, source, true));
    String refused = Files.readString(rejects);
    Files.delete(rejects);
    int deaths = 0;
    Migration migration = null;
    for (boolean done = false; !done; ) {
      long from = source.handedOut();
      long life = 100 + random.nextInt(500);
      boolean writes = random.nextBoolean();
      source.dying(handedOut -> handedOut > from + life);
      MigrationProgress progress =
          (stage, records, fraction) -> {
            if (stage == MigrationProgress.Stage.WRITE && writes) {
              throw new Death();
            }
          };
      migration = new Migration(source.source(), SPEC, options, progress);
      try (SlabIndex index = index()) {
        migration.run(index);
        done = true;
      } catch (Death e) {
        deaths++;
        // What a process leaves that dies while it writes.
        Files.writeString(folder.resolve("work/run-000099.records"), "half");
        if (random.nextBoolean()) {
          Path journal = folder.resolve("work/journal");
          byte[] bytes = Files.readAllBytes(journal);
          Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - random.nextInt(50)));
        }
        if (random.nextInt(4) == 0 && Files.exists(rejects)) {
          Files.writeString(rejects, "half a li", java.nio.file.StandardOpenOption.APPEND);
        }
      }
    }
    System.out.println("deaths: " + deaths);
    source.dying(handedOut -> false);
    // No process reads more than 600 of the 1,500 records.
    assertTrue(deaths > 1);
    assertEquals(counts, counts(report(migration, source, false)));
    assertEquals(refused, Files.readString(rejects));
    migration.discard();
    assertFalse(Files.exists(folder.resolve("work")));
    try (SlabIndex index = index()) {
      assertHolds(index, expected(source));
      List<NamespaceProof> proofs =
          new Verification(source.source(), index, options, 4, seed, SILENT).run();
      assertTrue(proofs.stream().allMatch(NamespaceProof::holds), proofs::toString);
      assertTrue(report(migration, source, false).with(proofs, 4, seed).verification().holds());
    }
  }

  @Test
  void aNamespaceThatHoldsRecordsIsWrittenThroughItsLog() {
    long seed = Seeds.of("MigrationIT.aNamespaceThatHoldsRecordsIsWrittenThroughItsLog");
    ListSource source = source(new Random(seed), 3_000);
    Map<String, Map<String, VectorRecord>> expected = expected(source);
    VectorRecord old = new RandomRecords(new Random(1), SPEC).record("an older record");
    try (SlabIndex index = index()) {
      try (NamespaceWriter writer = index.writer("b")) {
        writer.append(List.of(new WriteOp.Upsert(old)));
      }
      int[] updates = {0};
      MigrationProgress dies =
          (stage, records, fraction) -> {
            if (stage == MigrationProgress.Stage.WRITE && ++updates[0] == 2) {
              throw new Death();
            }
          };
      assertThrows(
          Death.class, () -> new Migration(source.source(), SPEC, options(), dies).run(index));
      Migration migration = new Migration(source.source(), SPEC, options(), SILENT);
      migration.run(index);
      assertTrue(migration.resumed());
      List<String> ways =
          report(migration, source, false).namespaces().stream()
              .map(MigrationReport.NamespaceReport::way)
              .toList();
      assertEquals(List.of("slabs", "slabs", "log"), ways);
      List<NamespaceProof> proofs =
          new Verification(source.source(), index, options(), 3, 5, SILENT).run();
      assertTrue(proofs.stream().allMatch(NamespaceProof::holds), proofs::toString);
      assertEquals(1, proofs.getLast().others());
      expected.get("b").put(old.id(), old);
      assertHolds(index, expected);
    }
  }

  /** Finished slabs and a log that is half written, each undone before the migration goes on. */
  @Test
  void whatWasUndoneMeanwhileIsWrittenAgain() {
    long seed = Seeds.of("MigrationIT.whatWasUndoneMeanwhileIsWrittenAgain");
    ListSource source = source(new Random(seed), 3_000);
    for (int steps = 2; steps <= 4; steps++) {
      Path place = folder.resolve("after" + steps);
      MigrationOptions options = MigrationOptions.in(place.resolve("work")).skipping(-1);
      try (SlabIndex index =
          SlabIndex.create(
              new LocalStore(place.resolve("index")), SPEC, false, Environment.system())) {
        VectorRecord old = new RandomRecords(new Random(1), SPEC).record("an older record");
        try (NamespaceWriter writer = index.writer("b")) {
          writer.append(List.of(new WriteOp.Upsert(old)));
        }
        AtomicInteger updates = new AtomicInteger();
        int last = steps;
        MigrationProgress dies =
            (stage, records, fraction) -> {
              if (stage == MigrationProgress.Stage.WRITE && updates.incrementAndGet() == last) {
                throw new Death();
              }
            };
        assertThrows(
            Death.class, () -> new Migration(source.source(), SPEC, options, dies).run(index));
        index.dropNamespace("a");
        try (NamespaceWriter writer = index.writer("b")) {
          writer.append(List.of(new WriteOp.DeleteAll()));
        }
        Migration on = new Migration(source.source(), SPEC, options, SILENT);
        on.run(index);
        assertTrue(on.resumed());
        assertHolds(index, expected(source));
      }
    }
  }

  @Test
  void aRefusedRecordStopsUnlessToldOtherwise() {
    VectorRecord good = new RandomRecords(new Random(1), SPEC).record("a");
    ListSource source =
        new ListSource()
            .part(
                List.of(
                    new Item(null, good, null),
                    new Item(null, null, null),
                    new Item(null, null, null),
                    new Item(null, good, null)));
    MigrationOptions abort = MigrationOptions.in(folder.resolve("work"));
    try (SlabIndex index = index()) {
      Migration stopped = new Migration(source.source(), SPEC, abort, SILENT);
      stopped.run(index);
      assertEquals("part0:2: it is broken", stopped.stopped().text());
      assertEquals(List.of(), index.namespaces());
      Migration still = new Migration(source.source(), SPEC, abort.skipping(1), SILENT);
      still.run(index);
      assertEquals("part0:3: it is broken", still.stopped().text());
      assertEquals(MigrationReport.Status.STOPPED, report(still, source, false).status());
      Migration on = new Migration(source.source(), SPEC, abort.skipping(2), SILENT);
      on.run(index);
      assertNull(on.stopped());
      assertTrue(on.resumed());
      assertEquals(2, on.rejected());
      assertEquals(1, on.written());
      assertEquals(MigrationReport.Status.PARTIAL, report(on, source, false).status());
    }
  }

  /** Wherever it is cancelled, nothing is lost, and the next run goes on to the same end. */
  @Test
  void aCancelledMigrationGoesOnWhenItIsRunAgain() {
    long seed = 77;
    ListSource source = source(new Random(seed), 600);
    for (int at : new int[] {1, 200, 601, 650, 800}) {
      Path place = folder.resolve("at" + at);
      AtomicInteger asked = new AtomicInteger();
      MigrationOptions whole =
          MigrationOptions.in(place.resolve("work")).withRunBytes(30_000).skipping(-1);
      MigrationOptions cancelled = whole.withCancellation(() -> asked.incrementAndGet() >= at);
      LocalStore store = new LocalStore(place.resolve("index"));
      Environment environment = new Environment(() -> 1, new SplittableRandom(seed));
      try (SlabIndex index = SlabIndex.create(store, SPEC, false, environment)) {
        Migration first = new Migration(source.source(), SPEC, cancelled, SILENT);
        assertThrows(CancellationException.class, () -> first.run(index), "at " + at);
        Migration second = new Migration(source.source(), SPEC, whole, SILENT);
        second.run(index);
        assertHolds(index, expected(source));
        assertThrows(
            CancellationException.class,
            () -> new Verification(source.source(), index, cancelled, 2, seed, SILENT).run());
        assertTrue(
            new Verification(source.source(), index, whole, 2, seed, SILENT)
                .run().stream().allMatch(NamespaceProof::holds));
      }
    }
  }

  @Test
  void aPartThatBreaksOffIsReported() {
    RandomRecords records = new RandomRecords(new Random(1), SPEC);
    ListSource source =
        new ListSource()
            .part(records.list(50).stream().map(r -> new Item(null, r, null)).toList())
            .part(records.list(50).stream().map(r -> new Item("n", r, null)).toList())
            .cut(0, 30);
    try (SlabIndex index = index()) {
      MigrationOptions abort = MigrationOptions.in(folder.resolve("work"));
      Migration stopped = new Migration(source.source(), SPEC, abort, SILENT);
      assertThrows(CorruptException.class, () -> stopped.run(index));
      Migration skipping = new Migration(source.source(), SPEC, abort.skipping(-1), SILENT);
      skipping.run(index);
      assertEquals(80, skipping.written());
      MigrationReport report = report(skipping, source, false);
      assertEquals(MigrationReport.Status.PARTIAL, report.status());
      assertEquals(
          List.of("part0: part0 at byte 30: found noise, expected a record"), report.cutParts());
    }
  }

  @Test
  void aJournalBelongsToOneMigration() {
    ListSource source = source(new Random(1), 300);
    MigrationProgress dies =
        (stage, records, fraction) -> {
          if (stage == MigrationProgress.Stage.WRITE) {
            throw new Death();
          }
        };
    try (SlabIndex index = index()) {
      assertThrows(
          Death.class, () -> new Migration(source.source(), SPEC, options(), dies).run(index));
      ListSource other = source(new Random(1), 301);
      ConflictException conflict =
          assertThrows(
              ConflictException.class,
              () -> new Migration(other.source(), SPEC, options(), SILENT).run(index));
      assertTrue(conflict.getMessage().contains("which has written records"));
      Migration anew = new Migration(other.source(), SPEC, options().restarting(), SILENT);
      anew.run(index);
      assertFalse(anew.resumed());
      assertHolds(index, expected(other));
    }
  }

  @Test
  void aRunThatWroteNothingIsForgottenUnderOtherOptions() {
    ListSource source = source(new Random(1), 300).dying(handedOut -> handedOut > 250);
    try (SlabIndex index = index()) {
      assertThrows(
          Death.class, () -> new Migration(source.source(), SPEC, options(), SILENT).run(index));
      ListSource whole = source(new Random(1), 300);
      Source elsewhere =
          new Source(
              "elsewhere",
              whole.source().shape(),
              whole.source().parts(),
              Declared.NOTHING,
              List.of(),
              false);
      assertThrows(
          ConflictException.class,
          () -> new Migration(elsewhere, SPEC, options(), SILENT).run(index));
      Migration other =
          new Migration(whole.source(), SPEC, options().only(Set.of("a", "b")), SILENT);
      other.run(index);
      assertTrue(other.forgot());
      assertFalse(other.resumed());
      assertEquals(List.of("a", "b"), index.namespaces());
    }
  }

  @Test
  void anIndexThatIsNotThereIsMadeWhenAllIsRead() {
    VectorRecord good = new RandomRecords(new Random(1), SPEC).record("a");
    ListSource source =
        new ListSource().part(List.of(new Item(null, good, null), new Item(null, null, null)));
    MigrationOptions abort = MigrationOptions.in(folder.resolve("work"));
    Migration stopped = new Migration(source.source(), SPEC, abort, SILENT);
    stopped.run(
        "place",
        null,
        () -> {
          throw new AssertionError("made");
        });
    assertEquals(1, stopped.stopped().ordinal());
    Migration on = new Migration(source.source(), SPEC, abort.skipping(-1), SILENT);
    try (SlabIndex index = index()) {
      on.run("place", null, () -> index);
      assertTrue(on.resumed());
      assertEquals(
          List.of("1 x it is broken (first: part0:2)"),
          report(on, source, false).refusals().stream().map(kind -> kind.text()).toList());
    }
  }

  @Test
  void theIndexMayLieOnS3() {
    ListSource source = source(new Random(12), 60);
    try (S3Store store = S3Server.newStore();
        SlabIndex index = SlabIndex.create(store, SPEC, false, Environment.system())) {
      Migration migration = new Migration(source.source(), SPEC, options(), SILENT);
      migration.run(index);
      List<NamespaceProof> proofs =
          new Verification(source.source(), index, options(), 0, 5, SILENT).run();
      assertTrue(proofs.stream().allMatch(NamespaceProof::holds), proofs::toString);
      assertEquals(migration.written(), proofs.stream().mapToLong(NamespaceProof::equal).sum());
    }
  }
}
