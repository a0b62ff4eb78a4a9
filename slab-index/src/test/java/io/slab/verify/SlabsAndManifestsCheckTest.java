package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabReader;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFormat;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.SlabSurgeon;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Slabs and manifests that are whole, and that do not say the same. */
class SlabsAndManifestsCheckTest extends CheckedIndex {
  @Test
  void aManifestThatDisagreesWithItsSlabs() {
    NamespaceManifest old = ManifestJson.decode("m", 2, store.read(manifestName(2), 1 << 20));
    SlabEntry a = old.slabs().getFirst();
    SlabEntry other =
        new SlabEntryBuilder(a)
            .rows(0, a.rows() + 1)
            .file(a.bytes(), a.hotOffset() - 64)
            .lsns(999, a.lsnMax())
            .build();
    NamespaceManifest next =
        old.next(
            new Ulid(9, 3),
            0,
            "test",
            new NamespaceManifest.Edit(
                "flush", false, 1L << 20, 1, List.of(other, old.slabs().get(1)), List.of()));
    store.create(manifestName(3), ManifestJson.encode(next));
    List<Problem> quick = check(CheckLevel.QUICK).problems();
    assertEquals(2, quick.size(), quick.toString());
    assertTrue(quick.get(0).problem().startsWith("hot offset "));
    assertEquals(Severity.WARNING, quick.get(0).severity());
    assertEquals("300 rows, the manifest says 301", quick.get(1).problem());
    store.delete(manifestName(3));
    SlabEntry lsn = new SlabEntryBuilder(a).lsns(999, a.lsnMax()).build();
    next =
        old.next(
            new Ulid(9, 3),
            0,
            "test",
            new NamespaceManifest.Edit(
                "flush", false, 1L << 20, 1, List.of(lsn, old.slabs().get(1)), List.of()));
    store.create(manifestName(3), ManifestJson.encode(next));
    only(CheckLevel.CHECKSUMS, Severity.ERROR, NAMES.slab(a.id()), "LSNs");
  }

  @Test
  void slabsOfAnotherKindOfIndex() {
    // They delete everything, and then no reader opens a slab.
    store.delete(walName(2));
    store.delete(walName(3));
    indexJson(new IndexSpec("shop", 4, Metric.COSINE, VectorType.DENSE, null, 1));
    assertEquals(CorruptException.class, queried().getClass());
    assertEquals(2, check(CheckLevel.QUICK).count(Severity.ERROR));
    indexJson(new IndexSpec("shop", 3, Metric.EUCLIDEAN, VectorType.DENSE, null, 1));
    assertEquals(CorruptException.class, queried().getClass());
    assertEquals(2, check(CheckLevel.QUICK).count(Severity.ERROR));
    indexJson(new IndexSpec("shop", 3, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1));
    assertEquals(CorruptException.class, queried().getClass());
    assertEquals(2, check(CheckLevel.QUICK).count(Severity.ERROR));
    indexJson(new IndexSpec("shop", 3, Metric.COSINE, VectorType.DENSE, List.of("g", "n"), 1));
    List<Problem> problems = check(CheckLevel.QUICK).problems();
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(
        problems.getFirst().problem().contains("a column of t, which the schema"),
        problems.toString());
  }

  @Test
  void aFieldThatTheSchemaIndexesHasColumns() {
    byte[] slab = store.read(NAMES.slab(SLAB_A), 1 << 20);
    for (DirectoryEntry entry = ofT(slab); entry != null; entry = ofT(slab)) {
      slab = SlabSurgeon.change(slab, entry, part -> null);
    }
    // The column of t goes from the slab's own manifest as well.
    byte[] forged =
        SlabFixture.forge(
            slab,
            SectionKind.MANIFEST,
            SlabFormat.NO_COLUMN,
            bytes ->
                Utf8.bytes(
                    Utf8.string(bytes)
                        .replace(
                            ",{\"id\":3,\"field\":\"t\",\"type\":\"boolean\",\"rows\":270,\"distinct\":2}",
                            "")));
    List<Problem> problems = new ArrayList<>();
    replace(NAMES.slab(SLAB_A), forged);
    SlabEntry a = newest().slabs().getFirst();
    long hot;
    try (SlabFile file = SlabFile.open(HeapObject.source("s", forged, true))) {
      hot = file.trailer().hotOffset();
    }
    SlabEntry changed = new SlabEntryBuilder(a).file(forged.length, hot).build();
    commit(next(List.of(changed, newest().slabs().get(1))));
    problems.addAll(check(CheckLevel.QUICK).problems());
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().problem().contains("no column of t"), problems.toString());
  }

  @Test
  void aSlabThatAManifestNamesTwice() {
    SlabEntry a = newest().slabs().getFirst();
    commit(next(List.of(a, a)));
    refused(manifestName(3), "twice", false);
  }

  /** Level and length are the slab's for a query too; the place of the hot tail is a hint. */
  @Test
  void aSlabThatIsNotAsTheManifestSays() {
    log(WriteOpCodec.encode(new WriteOp.DeleteId("none")));
    WalObject second = new WalObject(2, new Ulid(8, 8), commit(2), commit(1), List.of());
    replace(walName(2), WalWriter.encode(second));
    SlabEntry a = newest().slabs().getFirst();
    assertNull(queried());
    for (SlabEntry other :
        List.of(entry(a, 1, a.bytes(), a.hotOffset()), entry(a, 0, a.bytes() + 1, a.hotOffset()))) {
      commit(next(List.of(other)));
      SlabException e = queried();
      assertEquals(CorruptException.class, e == null ? null : e.getClass(), "" + e);
      assertTrue(e.getMessage().contains("as the manifest of the namespace says"), e.getMessage());
      assertEquals("errors", check(CheckLevel.QUICK).status());
    }
    commit(next(List.of(entry(a, 0, a.bytes(), a.hotOffset() - 64))));
    assertNull(queried());
    only(CheckLevel.QUICK, Severity.WARNING, NAMES.slab(SLAB_A), "hot offset");
  }

  /** A quick check compares what two objects say; who reads the rows finds that both lie. */
  @Test
  void aLedgerThatIsFalseInTheSlabAndInItsEntry() {
    SlabEntry a = newest().slabs().getFirst();
    Ledger lie = new Ledger(1, 2, 3, 4);
    byte[] forged =
        SlabFixture.forge(
            store.read(NAMES.slab(SLAB_A), 1 << 20),
            SectionKind.MANIFEST,
            SlabFormat.NO_COLUMN,
            bytes -> Utf8.bytes(Utf8.string(bytes).replace(a.ledger().toString(), lie.toString())));
    replace(NAMES.slab(SLAB_A), forged);
    error(NAMES.slab(SLAB_A), "ledger " + lie + ", the namespace's manifest says " + a.ledger());
    SlabEntry changed = new SlabEntryBuilder(a).ledger(lie).build();
    commit(next(List.of(changed, newest().slabs().get(1))));
    assertEquals("ok", check(CheckLevel.QUICK).status());
    for (CheckLevel level : List.of(CheckLevel.CHECKSUMS, CheckLevel.DEEP)) {
      only(level, Severity.ERROR, NAMES.slab(SLAB_A), "its rows have " + a.ledger());
    }
    assertNull(queried(), "no answer depends on it");
  }

  @Test
  void numbersOfAManifest() {
    SlabEntry a = newest().slabs().getFirst();
    TreeMap<String, Long> thresholds = new TreeMap<>(Map.of("topLevel", 9L, "fromLater", 1L));
    commit(next(newest().slabs()).withThresholds(thresholds));
    only(CheckLevel.QUICK, Severity.WARNING, manifestName(3), "topLevel is 9, expected 1 to 3");
    for (SlabEntry other :
        List.of(
            new SlabEntryBuilder(a).rows(1, a.rows()).build(),
            new SlabEntryBuilder(a).lsns(a.lsnMin(), a.lsnMax() + 1).build(),
            new SlabEntryBuilder(a).search("exact", new Vintage(7, 7), List.of()).build(),
            new SlabEntryBuilder(a).ledger(new Ledger(1, 2, 3, 4)).build())) {
      commit(next(List.of(other, newest().slabs().get(1))));
      for (CheckLevel level : CheckLevel.values()) {
        only(level, Severity.ERROR, NAMES.slab(SLAB_A), "the namespace's manifest says");
      }
    }
    SlabEntry late = new SlabEntryBuilder(a).lsns(a.lsnMin(), 1L << 40).build();
    commit(next(List.of(late, newest().slabs().get(1))));
    assertTrue(check(CheckLevel.QUICK).problems().getFirst().problem().contains("lsnFlushed"));
  }

  /** Slabs of which every checksum is right, and which no query opens. */
  @Test
  void whatASlabSaysAboutItself() {
    byte[] slab = store.read(NAMES.slab(SLAB_A), 1 << 20);
    for (String[] change :
        new String[][] {
          {"\"writer\":\"test\",", ""},
          {",\"sources\":[]", ""},
          {"\"level\":0", "\"level\":-1"},
          {"\"metric\":\"cosine\"", "\"metric\":\"manhattan\""},
          {"\"fields\":[\"g\",\"n\",\"t\"]", "\"fields\":[\"n\",\"g\",\"t\"]"},
          {"\"rows\":300", "\"rows\":300.0"},
          {"\"distinct\":150", "\"distinct\":1500"},
          {"\"type\":\"boolean\"", "\"type\":\"uuid\""}
        }) {
      byte[] forged =
          SlabFixture.forge(
              slab,
              SectionKind.MANIFEST,
              SlabFormat.NO_COLUMN,
              bytes -> Utf8.bytes(Utf8.string(bytes).replace(change[0], change[1])));
      SlabException opening = null;
      try {
        SlabReader.open(HeapObject.source("s", forged, true)).close();
      } catch (SlabException e) {
        opening = e;
      }
      assertNotNull(opening, change[1]);
      for (CheckLevel level : CheckLevel.values()) {
        CheckReport report = Checker.object(HeapObject.source("s", forged, true), level);
        assertEquals("errors", report.status(), change[1] + " at " + level);
        if (level == CheckLevel.QUICK) {
          assertEquals(opening instanceof UnsupportedException, report.unsupported(), change[1]);
        }
      }
    }
  }
}
