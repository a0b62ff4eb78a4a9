package io.slab.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.estimate.PriceTable;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.migrate.ListSource.Death;
import io.slab.migrate.ListSource.Item;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.s3.S3Store;
import io.slab.snapshot.Snapshot;
import io.slab.source.Declared;
import io.slab.source.Note;
import io.slab.source.Source;
import io.slab.store.LocalStore;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
  private static final IndexSpec SPEC =
      new IndexSpec("t", 6, Metric.COSINE, VectorType.DENSE, null, 7);
  private static final MigrationProgress SILENT = (stage, records, fraction) -> {};

  private static long seeds = Seeds.of(MigrationTest.class);

  @TempDir Path folder;

  private SlabIndex index() {
    LocalStore store = new LocalStore(folder.resolve("index"));
    Environment environment = new Environment(() -> 1, new SplittableRandom(seeds++));
    return Files.exists(folder.resolve("index/index.json"))
        ? SlabIndex.open(store, environment)
        : SlabIndex.create(store, SPEC, false, environment);
  }

  private MigrationOptions options() {
    return MigrationOptions.in(folder.resolve("work")).withRunBytes(30_000).skipping(-1);
  }

  /** Random records of three namespaces with repeats and broken ones, in two parts. */
  private static ListSource source(Random random, int count) {
    RandomRecords records = new RandomRecords(random, SPEC);
    List<VectorRecord> base = records.list(count / 2);
    ListSource source = new ListSource();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String namespace = random.nextInt(3) == 0 ? null : random.nextBoolean() ? "b" : "a";
      VectorRecord known = base.get(random.nextInt(base.size()));
      VectorRecord record = random.nextInt(3) == 0 ? known : records.record(known.id());
      if (random.nextInt(20) == 0) {
        record =
            random.nextBoolean()
                ? null
                : new VectorRecord(known.id(), new float[3], null, Metadata.EMPTY);
      }
      Note note = random.nextInt(9) == 0 ? new Note(Note.Kind.NULL_DROPPED, "metadata.x") : null;
      items.add(new Item(namespace, record, note));
      if (i == count / 3) {
        source.part(items);
        items = new ArrayList<>();
      }
    }
    return source.part(items);
  }

  private static Map<String, Map<String, VectorRecord>> expected(ListSource source) {
    Map<String, Map<String, VectorRecord>> expected = new TreeMap<>(Utf8.ORDER);
    source
        .source()
        .parts()
        .forEach(part -> {
          var reader = part.open(io.slab.source.ReadOptions.defaults());
          while (reader.next()) {
            VectorRecord record = reader.record();
            String name = reader.namespace() == null ? "__default__" : reader.namespace();
            if (record != null && record.values().length == SPEC.dimension()) {
              expected.computeIfAbsent(name, n -> new TreeMap<>()).put(record.id(), record);
            }
          }
        });
    return expected;
  }

  private static void assertHolds(
      SlabIndex index, Map<String, Map<String, VectorRecord>> expected) {
    assertEquals(expected.keySet(), new HashSet<>(index.namespaces()));
    expected.forEach((name, records) -> {
      try (Snapshot snapshot = index.snapshot(name)) {
        assertEquals(records.size(), snapshot.count(), name);
        records.forEach((id, record) ->
            assertTrue(TargetRows.same(record, snapshot.find(id)), name + " " + id));
      }
    });
  }

  private MigrationReport report(Migration migration, ListSource source, boolean dry) {
    return MigrationReport.of(
        migration,
        source.source(),
        SPEC,
        new MigrationReport.Frame("t", true, List.of(), dry, null, 0, PriceTable.listPrices()));
  }

  /** Counts of a report that do not depend on how often the work was interrupted. */
  private static String counts(MigrationReport report) {
    StringBuilder text = new StringBuilder();
    report
        .namespaces()
        .forEach(n ->
            text.append(n.namespace() + " " + n.read() + " " + n.rejected() + " " + n.identical())
                .append(" " + n.replaced() + " " + n.written() + "\n"));
    report.remarks().forEach(r -> text.append(r.kind() + " " + r.count() + "\n"));
    return text.toString();
  }

  @Test
  void aProcessThatDiesAnywhereIsFollowedByOneThatGoesOn() throws Exception {
    long seed = Seeds.of("MigrationTest.aProcessThatDiesAnywhereIsFollowedByOneThatGoesOn");
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
    long seed = Seeds.of("MigrationTest.aNamespaceThatHoldsRecordsIsWrittenThroughItsLog");
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
  void plantedDifferencesAreFound() {
    ListSource source = source(new Random(11), 900);
    Map<String, Map<String, VectorRecord>> expected = expected(source);
    List<String> ids = List.copyOf(expected.get("a").keySet());
    try (SlabIndex index = index()) {
      Migration migration = new Migration(source.source(), SPEC, options(), SILENT);
      migration.run(index);
      VectorRecord first = expected.get("a").get(ids.get(0));
      float[] nudged = first.values().clone();
      nudged[0] = Math.nextUp(nudged[0]);
      try (NamespaceWriter writer = index.writer("a")) {
        writer.append(
            List.of(
                new WriteOp.Upsert(new VectorRecord(first.id(), nudged, null, first.metadata())),
                new WriteOp.PartialUpdate(
                    ids.get(1), null, null, Metadata.of(Map.of("new", new MetaValue.Bool(true)))),
                new WriteOp.DeleteId(ids.get(2))));
      }
      List<NamespaceProof> proofs =
          new Verification(source.source(), index, options(), 3, 5, SILENT).run();
      NamespaceProof proof =
          proofs.stream().filter(p -> p.namespace().equals("a")).findFirst().orElseThrow();
      assertEquals(2, proof.different());
      assertTrue(proof.missing() >= 1);
      assertEquals(ids.size() - 3, proof.equal());
      assertEquals(Set.of(ids.get(0), ids.get(1), ids.get(2)), new HashSet<>(proof.examples()));
      MigrationReport report = report(migration, source, false).with(proofs, 3, 5);
      assertEquals(MigrationReport.Status.DIFFERS, report.status());
      assertFalse(report.verification().holds());
    }
  }

  @Test
  void sampledQueriesFindWhatComparisonsOfRecordsCannot() {
    IndexSpec spec = SPEC;
    RandomRecords records = new RandomRecords(new Random(3), spec);
    SampledQuery query = new SampledQuery(spec, records.record("q"), 3);
    List<VectorRecord> all = records.list(50);
    all.forEach(query::offer);
    all.forEach(query::offer);
    assertEquals(3, query.nearest().size());
    assertTrue(query.nearest().get(0).score() >= query.nearest().get(1).score());
    assertEquals(3, query.nearest().stream().map(m -> m.id()).distinct().count());
  }

  @Test
  void onlyTheNamespacesThatWereAskedFor() {
    ListSource source = source(new Random(2), 300);
    try (SlabIndex index = index()) {
      Migration one = new Migration(source.source(), SPEC, options().only(Set.of("a")), SILENT);
      one.run(index);
      assertEquals(List.of("a"), index.namespaces());
      assertTrue(report(one, source, false).skipped() > 50);
      assertEquals(300, report(one, source, false).skipped() + one.read());
    }
    // Records without a namespace fill the one that was asked for.
    assertEquals("x", options().only(Set.of("x")).namespace(null));
    assertNull(options().only(Set.of("x")).namespace("y"));
    assertNull(options().only(Set.of("x")).namespace(""));
    assertEquals("__default__", options().namespace(""));
  }

  @Test
  void whatTheExportSaysIsComparedWithWhatIsFound() {
    RandomRecords records = new RandomRecords(new Random(1), SPEC);
    Declared declared =
        new Declared(
            "old",
            6,
            Metric.COSINE,
            51,
            Map.of("", 50L, "n", 1L),
            List.of("genre", "year"),
            Map.of("pod_type", "p1.x2", "replicas", "2"),
            List.of("manifest.json"));
    ListSource source =
        new ListSource()
            .part(records.list(50).stream().map(r -> new Item("", r, null)).toList())
            .saying(declared);
    IndexPlan.Wishes none = new IndexPlan.Wishes("t", null, null, null, null, false);
    IndexPlan plan = IndexPlan.of(source.source(), none, io.slab.source.ReadOptions.defaults(), 5);
    assertEquals(List.of("genre", "year"), plan.spec().schema());
    assertEquals(Metric.COSINE, plan.spec().metric());
    assertEquals(6, plan.spec().dimension());
    Migration migration = new Migration(source.source(), plan.spec(), options(), SILENT);
    migration.dryRun();
    MigrationReport report =
        MigrationReport.of(
            migration,
            source.source(),
            plan.spec(),
            new MigrationReport.Frame(
                "t", true, plan.decisions(), false, null, 0, PriceTable.listPrices()));
    List<String> wrong =
        report.checks().stream()
            .filter(check -> !check.agrees())
            .map(check -> check.what() + " " + check.declared() + " " + check.found())
            .toList();
    assertEquals(List.of("records 51 50", "records of n 1 0"), wrong.stream().sorted().toList());
    assertEquals(MigrationReport.Status.PARTIAL, report.status());
    assertTrue(report.pods().getFirst().here().startsWith("carried over"));
    assertNotNull(report.pods().stream().filter(p -> p.name().equals("replicas")).findAny());
    assertTrue(MigrationReportPage.html(report).contains("p1.x2"));
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

  @Test
  void aMetricIsNeverGuessed() {
    RandomRecords records = new RandomRecords(new Random(1), SPEC);
    ListSource source =
        new ListSource().part(records.list(5).stream().map(r -> new Item("", r, null)).toList());
    IndexPlan.Wishes none = new IndexPlan.Wishes("t", null, null, null, null, false);
    var error =
        assertThrows(
            io.slab.error.InvalidInputException.class,
            () -> IndexPlan.of(source.source(), none, io.slab.source.ReadOptions.defaults(), 5));
    assertTrue(error.hint().contains("--metric"));
  }

  @Test
  void ofAPipeWithoutADimensionThePipeIsTheReason() {
    Source file = new ListSource().part(List.of()).source();
    Source pipe =
        new Source("stdin", file.shape(), file.parts(), Declared.NOTHING, List.of(), true);
    IndexPlan.Wishes wishes = new IndexPlan.Wishes("t", null, Metric.COSINE, null, null, false);
    var error =
        assertThrows(
            io.slab.error.InvalidInputException.class,
            () -> IndexPlan.of(pipe, wishes, io.slab.source.ReadOptions.defaults(), 5));
    assertTrue(error.getMessage().contains("stdin can be read only once"), error.getMessage());
    assertTrue(error.hint().contains("--dimension"), error.hint());
  }

  @Test
  void numbersThatWentThrough32BitsLeaveATrace() {
    Random random = new Random(4);
    FieldNumbers exact = new FieldNumbers();
    FieldNumbers narrowed = new FieldNumbers();
    FieldNumbers round = new FieldNumbers();
    for (int i = 0; i < 100; i++) {
      double time = 1_600_000_000 + random.nextInt(100_000_000);
      exact.add(time);
      narrowed.add((float) time);
      round.add(1_000_000 * (double) random.nextInt(400));
      narrowed.add(random.nextInt(1000));
      narrowed.add(0.5);
    }
    assertFalse(exact.looksNarrowed());
    assertTrue(narrowed.looksNarrowed());
    assertFalse(round.looksNarrowed());
  }
}
