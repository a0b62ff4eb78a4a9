package io.slab.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.SlabFile;
import io.slab.io.Utf8;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Vintage;
import io.slab.store.MemoryStore;
import io.slab.store.ObjectInfo;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabFixture;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Corrupt twins of one small index directory: each damage gives exactly the problem it should. */
class IndexCheckTest {
  private static final NamespaceNames NAMES = new NamespaceNames("Shop");
  private static final Ulid SLAB_A = new Ulid(1, 1);
  private static final Ulid SLAB_B = new Ulid(1, 2);
  private static final int ROWS = SlabFixture.ROWS;

  private final MemoryStore store = new MemoryStore(() -> 0);
  private final String deletes = NamespaceNames.deletesFile(SLAB_B, 2, new Ulid(9, 2));

  @BeforeEach
  void build() {
    store.create("index.json", Utf8.bytes("{\"format\":\"slab-index\",\"version\":[1,0]}"));
    store.create("config/00000000000000000001.json", Utf8.bytes("{\"deletionProtection\":true}"));
    wal(0, Ulid.ZERO);
    wal(1, commit(0));
    wal(2, commit(1));
    wal(3, commit(2));
    SlabEntry a = slab(SLAB_A);
    SlabEntry b = slab(SLAB_B);
    MutableRoaringBitmap dead = MutableRoaringBitmap.bitmapOf(1, 5, 99);
    byte[] bitmap = DeletionVector.encode(dead);
    a = a.withDeletes(new SlabDeletes(3, bitmap, null));
    b = b.withDeletes(new SlabDeletes(3, null, deletes));
    store.create(NAMES.deletesFolder() + deletes, DeletionVector.encodeFile(SLAB_B, 2, 3, bitmap));
    NamespaceManifest first =
        NamespaceManifest.first("Shop", new Ulid(9, 1), commit(0), 0, "test", new TreeMap<>());
    NamespaceManifest second =
        first.next(
            new Ulid(9, 2),
            0,
            "test",
            new NamespaceManifest.Edit(
                "flush",
                false,
                1L << 20,
                1,
                List.of(a, b),
                List.of(new NamespaceManifest.WalCommit(1, commit(1)))));
    store.create(manifestName(1), ManifestJson.encode(first));
    store.create(manifestName(2), ManifestJson.encode(second));
  }

  private static String manifestName(int id) {
    return NAMES.manifestFolder() + String.format("%020d.json", id);
  }

  private static String walName(int number) {
    return NAMES.walFolder() + String.format("%020d.wal", number);
  }

  private static Ulid commit(int number) {
    return new Ulid(7, number + 1);
  }

  private void wal(int number, Ulid previous) {
    List<WalRecord> records = number == 0 ? List.of() : List.of(new WalRecord(5, 0, new byte[0]));
    WalObject object = new WalObject(number, new Ulid(8, 8), commit(number), previous, records);
    store.create(walName(number), WalWriter.encode(object));
  }

  private SlabEntry slab(Ulid id) {
    byte[] slab = SlabFixture.slab(id);
    store.create(NAMES.slab(id), slab);
    try (SlabFile file = SlabFile.open(HeapObject.source("s", slab, true))) {
      long hot = file.trailer().hotOffset();
      int first = SlabFixture.FIRST_LSN;
      return new SlabEntry(
          id,
          0,
          slab.length,
          hot,
          ROWS,
          first,
          first + ROWS - 1,
          "exact",
          Vintage.FIRST,
          List.of(),
          SlabDeletes.NONE);
    }
  }

  private void change(String name, UnaryOperator<byte[]> change) {
    byte[] bytes = store.read(name, 1 << 20);
    store.delete(name);
    store.create(name, change.apply(bytes));
  }

  private void flip(String name, int at) {
    change(
        name,
        bytes -> {
          bytes[at < 0 ? bytes.length + at : at] ^= 0x20;
          return bytes;
        });
  }

  private CheckReport check(CheckLevel level) {
    return Checker.index(store, level);
  }

  private Problem only(CheckLevel level, Severity severity, String object, String text) {
    CheckReport report = check(level);
    assertEquals(1, report.problems().size(), report.problems().toString());
    Problem problem = report.problems().getFirst();
    assertEquals(object, problem.object());
    assertEquals(severity, problem.severity());
    assertTrue(problem.problem().contains(text), problem.toString());
    return problem;
  }

  private Problem error(String object, String text) {
    return only(CheckLevel.QUICK, Severity.ERROR, object, text);
  }

  @Test
  void aGoodIndexHasNoProblems() {
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = check(level);
      assertEquals("ok", report.status(), report.problems().toString());
      // index.json, config, 2 manifests, 2 slabs, 1 deletion vector, WAL 2 and 3 (0 and 1 too).
      assertEquals(level == CheckLevel.QUICK ? 9 : 11, report.objectsChecked());
      assertEquals(0, report.recordsAtRisk());
      assertTrue(report.bytesRead() > 1000);
    }
  }

  @Test
  void missingObjects() {
    store.delete(NAMES.slab(SLAB_A));
    error(NAMES.slab(SLAB_A), "missing, though " + manifestName(2));
    assertEquals(ROWS - 3, check(CheckLevel.QUICK).recordsAtRisk());
    build();
    store.delete(NAMES.deletesFolder() + deletes);
    error(NAMES.deletesFolder() + deletes, "missing, though");
    build();
    store.delete(walName(2));
    error(walName(2), "missing: a hole before 3");
    build();
    store.delete("index.json");
    error("index.json", "missing");
  }

  @Test
  void theNewestWalObjectMayNeverBeDeleted() {
    store.delete(walName(3));
    store.delete(walName(2));
    assertEquals("ok", check(CheckLevel.CHECKSUMS).status());
    store.delete(walName(1));
    error(NAMES.walFolder(), "must never be deleted");
  }

  @Test
  void damagedSlabs() {
    change(NAMES.slab(SLAB_A), bytes -> Arrays.copyOf(bytes, bytes.length - 7));
    error(NAMES.slab(SLAB_A), "bytes, " + manifestName(2) + " says");
    build();
    store.delete(NAMES.slab(SLAB_A));
    build();
    flip(NAMES.slab(SLAB_A), 4096);
    assertEquals("ok", check(CheckLevel.QUICK).status());
    Problem problem = only(CheckLevel.CHECKSUMS, Severity.ERROR, NAMES.slab(SLAB_A), "CRC-32C");
    assertEquals("RAW_VECTORS", problem.section());
    assertEquals(4096, problem.offset());
    assertEquals(ROWS, check(CheckLevel.CHECKSUMS).recordsAtRisk());
  }

  @Test
  void aSlabUnderAnotherSlabsName() {
    byte[] other = store.read(NAMES.slab(SLAB_B), 1 << 20);
    change(NAMES.slab(SLAB_A), bytes -> other);
    error(NAMES.slab(SLAB_A), "slab id " + SLAB_B + ", the manifest names " + SLAB_A);
  }

  @Test
  void aManifestThatDisagreesWithItsSlabs() {
    NamespaceManifest old = ManifestJson.decode("m", 2, store.read(manifestName(2), 1 << 20));
    SlabEntry a = old.slabs().getFirst();
    SlabEntry other =
        new SlabEntry(
            a.id(),
            0,
            a.bytes(),
            a.hotOffset() - 64,
            a.rows() + 1,
            999,
            a.lsnMax(),
            "exact",
            Vintage.FIRST,
            List.of(),
            SlabDeletes.NONE);
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
    assertEquals("300 rows, the manifest says 301", quick.get(1).problem());
    store.delete(manifestName(3));
    SlabEntry lsn =
        new SlabEntry(
            a.id(),
            0,
            a.bytes(),
            a.hotOffset(),
            a.rows(),
            999,
            a.lsnMax(),
            "exact",
            Vintage.FIRST,
            List.of(),
            SlabDeletes.NONE);
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
  void damagedWal() {
    flip(walName(3), 81);
    error(walName(3), "found");
    flip(walName(3), 81);
    flip(walName(0), 81);
    assertEquals("ok", check(CheckLevel.QUICK).status(), "what was flushed is not read");
    only(CheckLevel.CHECKSUMS, Severity.ERROR, walName(0), "found");
  }

  @Test
  void aBrokenChain() {
    store.delete(walName(3));
    wal(3, new Ulid(5, 5));
    assertEquals(64, error(walName(3), "names the predecessor").offset());
    store.delete(walName(3));
    wal(3, Ulid.ZERO);
    assertEquals("ok", check(CheckLevel.QUICK).status(), "an unknown predecessor is allowed");
  }

  @Test
  void damagedManifests() {
    flip(manifestName(2), 60);
    error(manifestName(2), "crc32c");
    flip(manifestName(2), 60);
    flip(manifestName(1), -5);
    error(manifestName(1), "crc32c");
  }

  @Test
  void damagedDeletionVector() {
    flip(NAMES.deletesFolder() + deletes, 50);
    Problem problem = error(NAMES.deletesFolder() + deletes, "CRC");
    assertEquals("deletes of " + SLAB_B, problem.section());
  }

  @Test
  void orphansAreWarnings() {
    slab(new Ulid(3, 3));
    Problem problem =
        only(
            CheckLevel.QUICK, Severity.WARNING, NAMES.slab(new Ulid(3, 3)), "no manifest names it");
    assertNull(problem.suggestion());
    assertEquals("warnings", check(CheckLevel.QUICK).status());
    store.delete(NAMES.slab(new Ulid(3, 3)));
    store.create(NAMES.deletesFolder() + "x.dv", new byte[1]);
    only(
        CheckLevel.QUICK, Severity.WARNING, NAMES.deletesFolder() + "x.dv", "no manifest names it");
    store.delete(NAMES.deletesFolder() + "x.dv");
    store.create(NAMES.walFolder() + "readme", new byte[1]);
    only(CheckLevel.QUICK, Severity.WARNING, NAMES.walFolder() + "readme", "not the name");
    store.delete(NAMES.walFolder() + "readme");
    store.create("ns/UPPER/wal/x", new byte[1]);
    only(CheckLevel.QUICK, Severity.WARNING, "ns/UPPER", "not the folder of any namespace");
  }

  @Test
  void oneProblemDoesNotEndTheRun() {
    store.delete(NAMES.slab(SLAB_A));
    flip(walName(2), 20);
    flip(NAMES.slab(SLAB_B), 4096);
    flip("config/00000000000000000001.json", 0);
    List<Problem> problems = check(CheckLevel.CHECKSUMS).problems();
    assertEquals(
        List.of(
            "config/00000000000000000001.json", NAMES.slab(SLAB_A), NAMES.slab(SLAB_B), walName(2)),
        problems.stream().map(Problem::object).toList());
  }

  @Test
  void singleObjectsAreCheckedOffline() {
    for (String folder :
        List.of(
            NAMES.manifestFolder(), NAMES.walFolder(), NAMES.slabFolder(), NAMES.deletesFolder())) {
      for (ObjectInfo info : store.list(folder, null)) {
        try (var source = store.open(info.name())) {
          CheckReport report = Checker.object(source, CheckLevel.CHECKSUMS);
          assertEquals("ok", report.status(), report.problems().toString());
          assertEquals(1, report.objectsChecked());
        }
        byte[] damaged = store.read(info.name(), 1 << 20);
        damaged[damaged.length - 2] ^= 1;
        CheckReport report =
            Checker.object(HeapObject.source(info.name(), damaged, true), CheckLevel.CHECKSUMS);
        assertEquals(1, report.problems().size(), info.name() + report.problems());
      }
    }
    byte[] copy = store.read(walName(3), 1 << 20);
    assertEquals(
        "ok", Checker.object(HeapObject.source("copy", copy, true), CheckLevel.QUICK).status());
    assertEquals(
        "errors",
        Checker.object(HeapObject.source("x", new byte[] {1, 2}, true), CheckLevel.QUICK).status());
  }
}
