package io.slab.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.estimate.PriceTable;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.migrate.ListSource.Item;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.source.Declared;
import io.slab.source.Source;
import io.slab.testkit.RandomRecords;
import io.slab.writer.NamespaceWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a migration proves, and the differences that its proofs find. */
class MigrationProofTest extends MigrationFixture {
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
