package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.ByteWriter;
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
import io.slab.index.SlabIndex;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SealedJson;
import io.slab.manifest.SettingsLog;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.Retry;
import io.slab.testkit.HeapObject;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.SlabSurgeon;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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

  private static final IndexSpec SPEC =
      new IndexSpec("shop", 3, Metric.COSINE, VectorType.DENSE, null, 1);
  private static final Environment ENVIRONMENT = new Environment(() -> 5, new SplittableRandom(1));
  private static final String SETTINGS = "config/00000000000000000001.json";

  private final MemoryStore store = new MemoryStore(() -> 0);
  private final String deletes = NamespaceNames.deletesFile(SLAB_B, 2, new Ulid(9, 2));

  @BeforeEach
  void build() {
    store.create("index.json", IndexJson.encode(SPEC, new Ulid(4, 4)));
    new SettingsLog(store, Retry.NEVER).setDeletionProtected(true, ENVIRONMENT);
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
          -1,
          0,
          SlabFixture.ledger(),
          "exact",
          Vintage.FIRST,
          List.of(),
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
  void whatIsNotComparedIsSaid() {
    CheckReport same = Checker.index(store, store, CheckLevel.QUICK, "");
    assertTrue(
        same.problems().stream().noneMatch(p -> p.problem().contains("compared")),
        () -> same.problems().toString());
    change(walName(2), bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    CheckReport damaged = Checker.index(store, store, CheckLevel.QUICK, "");
    Problem last = damaged.problems().getLast();
    assertTrue(last.problem().startsWith("not compared with "), last.toString());
    assertEquals(Severity.ERROR, last.severity());
    store.delete("index.json");
    CheckReport lost = Checker.index(store, store, CheckLevel.QUICK, "");
    assertTrue(lost.problems().getLast().problem().startsWith("not compared with "));
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
            -1,
            0,
            a.ledger(),
            "exact",
            Vintage.FIRST,
            List.of(),
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
    assertEquals(Severity.WARNING, quick.get(0).severity());
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
            -1,
            0,
            a.ledger(),
            "exact",
            Vintage.FIRST,
            List.of(),
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
    flip(SETTINGS, 0);
    List<Problem> problems = check(CheckLevel.CHECKSUMS).problems();
    assertEquals(
        List.of(SETTINGS, NAMES.slab(SLAB_A), NAMES.slab(SLAB_B), walName(2)),
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

  private void replace(String name, byte[] content) {
    store.delete(name);
    store.create(name, content);
  }

  private void indexJson(IndexSpec spec) {
    replace("index.json", IndexJson.encode(spec, new Ulid(4, 4)));
  }

  private void commit(NamespaceManifest manifest) {
    replace(manifestName((int) manifest.id()), ManifestJson.encode(manifest));
  }

  private NamespaceManifest newest() {
    return ManifestJson.decode(
        manifestName(2), 2, store.read(manifestName(2), ManifestJson.MAX_BYTES));
  }

  private NamespaceManifest next(List<SlabEntry> slabs) {
    NamespaceManifest old = newest();
    return old.next(
        new Ulid(9, 3),
        0,
        "test",
        new NamespaceManifest.Edit(
            "flush", false, old.lsnFlushed(), old.walFlushedThrough(), slabs, List.of()));
  }

  /** What a query meets, or null. */
  private SlabException queried() {
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot snapshot = index.snapshot("Shop");
        QueryEngine engine = new QueryEngine(index.spec(), 1)) {
      index.deletionProtected();
      float[] vector = new float[index.spec().dimension()];
      Arrays.fill(vector, 1);
      engine.query(
          SnapshotSource.of(snapshot), new QueryRequest(vector, null, null, 10, true, true));
      return null;
    } catch (SlabException e) {
      return e;
    }
  }

  /** What no query can read is an error at every level, of the same kind. */
  private Problem refused(String object, String text, boolean unsupported) {
    SlabException e = queried();
    assertEquals(
        unsupported ? UnsupportedException.class : CorruptException.class,
        e == null ? null : e.getClass(),
        String.valueOf(e));
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = check(level);
      assertEquals(unsupported, report.unsupported(), report.problems().toString());
      only(level, Severity.ERROR, object, text);
    }
    return check(CheckLevel.QUICK).problems().getFirst();
  }

  @Test
  void indexJsonIsDecodedAsOpeningDoes() {
    byte[] good = store.read("index.json", 1 << 20);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      replace("index.json", bad);
      CheckReport report = check(CheckLevel.QUICK);
      assertEquals("errors", report.status(), "byte " + at);
      assertEquals("index.json", report.problems().getFirst().object());
    }
    String whole = Utf8.string(good);
    replace("index.json", Utf8.bytes(whole.replaceFirst("\"crc32c\":\"........\",", "")));
    assertEquals(CorruptException.class, queried().getClass());
    only(CheckLevel.QUICK, Severity.ERROR, "index.json", "no checksum at the beginning");
    for (String[] change :
        new String[][] {
          {"[1,0]", "[2,0]", "u"},
          {"\"required\":[]", "\"required\":[\"x\"]", "u"},
          {"cosine", "manhattan", "c"},
          {"dense", "dens", "c"},
          {"\"dimension\":3", "\"dimension\":0", "c"},
          {"\"dimension\":3", "\"dimension\":\"3\"", "c"},
          {"\"dimension\":3,", "", "c"},
          {"null", "7", "c"},
          {"slab-index", "slab-indices", "c"}
        }) {
      replace("index.json", SealedJson.seal(whole.replace(change[0], change[1])));
      SlabException e = queried();
      boolean unsupported = change[2].equals("u");
      assertEquals(
          unsupported ? UnsupportedException.class : CorruptException.class,
          e.getClass(),
          change[1]);
      CheckReport report = check(CheckLevel.QUICK);
      assertEquals(1, report.problems().size(), report.problems().toString());
      assertEquals(unsupported, report.unsupported(), change[1]);
    }
  }

  @Test
  void settingsAreDecodedAsReadingThemDoes() {
    byte[] good = store.read(SETTINGS, 1 << 20);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      replace(SETTINGS, bad);
      error(SETTINGS, "");
    }
    replace(SETTINGS, good);
    store.create("config/00000000000000000007.json", good);
    error("config/00000000000000000007.json", "id 1");
    store.delete("config/00000000000000000007.json");
    store.create("config/readme", good);
    only(CheckLevel.QUICK, Severity.WARNING, "config/readme", "not the name");
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

  /** A section of the column of t, or null. */
  private static DirectoryEntry ofT(byte[] slab) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.column() == SlabFixture.T)
        .findFirst()
        .orElse(null);
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
    SlabEntry changed =
        new SlabEntry(
            a.id(),
            0,
            forged.length,
            hot,
            a.rows(),
            a.lsnMin(),
            a.lsnMax(),
            -1,
            0,
            a.ledger(),
            "exact",
            Vintage.FIRST,
            List.of(),
            List.of(),
            SlabDeletes.NONE);
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

  private static SlabEntry entry(SlabEntry a, int level, long bytes, long hotOffset) {
    return new SlabEntry(
        a.id(),
        level,
        bytes,
        hotOffset,
        a.rows(),
        a.lsnMin(),
        a.lsnMax(),
        -1,
        0,
        a.ledger(),
        "exact",
        Vintage.FIRST,
        List.of(),
        List.of(),
        SlabDeletes.NONE);
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
    SlabEntry changed =
        new SlabEntry(
            a.id(),
            0,
            a.bytes(),
            a.hotOffset(),
            a.rows(),
            a.lsnMin(),
            a.lsnMax(),
            -1,
            0,
            lie,
            "exact",
            Vintage.FIRST,
            List.of(),
            List.of(),
            a.deletes());
    commit(next(List.of(changed, newest().slabs().get(1))));
    assertEquals("ok", check(CheckLevel.QUICK).status());
    for (CheckLevel level : List.of(CheckLevel.CHECKSUMS, CheckLevel.DEEP)) {
      only(level, Severity.ERROR, NAMES.slab(SLAB_A), "its rows have " + a.ledger());
    }
    assertNull(queried(), "no answer depends on it");
  }

  @Test
  void aManifestOfAnotherNamespace() {
    NamespaceManifest foreign =
        NamespaceManifest.first("Other", new Ulid(9, 1), commit(0), 0, "test", new TreeMap<>());
    store.list(NAMES.manifestFolder(), null).forEach(object -> store.delete(object.name()));
    commit(foreign);
    assertEquals(CorruptException.class, queried().getClass());
    assertEquals("errors", check(CheckLevel.QUICK).status());
  }

  @Test
  void numbersOfAManifest() {
    SlabEntry a = newest().slabs().getFirst();
    TreeMap<String, Long> thresholds = new TreeMap<>(Map.of("topLevel", 9L, "fromLater", 1L));
    commit(next(newest().slabs()).withThresholds(thresholds));
    only(CheckLevel.QUICK, Severity.WARNING, manifestName(3), "topLevel is 9, expected 1 to 3");
    for (SlabEntry other :
        List.of(
            new SlabEntry(
                a.id(),
                1,
                a.bytes(),
                a.hotOffset(),
                a.rows(),
                a.lsnMin(),
                a.lsnMax(),
                -1,
                0,
                a.ledger(),
                "exact",
                Vintage.FIRST,
                List.of(),
                List.of(),
                a.deletes()),
            new SlabEntry(
                a.id(),
                0,
                a.bytes(),
                a.hotOffset(),
                a.rows(),
                a.lsnMin(),
                a.lsnMax() + 1,
                -1,
                0,
                a.ledger(),
                "exact",
                Vintage.FIRST,
                List.of(),
                List.of(),
                a.deletes()),
            new SlabEntry(
                a.id(),
                0,
                a.bytes(),
                a.hotOffset(),
                a.rows(),
                a.lsnMin(),
                a.lsnMax(),
                -1,
                0,
                a.ledger(),
                "exact",
                new Vintage(7, 7),
                List.of(),
                List.of(),
                a.deletes()),
            new SlabEntry(
                a.id(),
                0,
                a.bytes(),
                a.hotOffset(),
                a.rows(),
                a.lsnMin(),
                a.lsnMax(),
                -1,
                0,
                new Ledger(1, 2, 3, 4),
                "exact",
                Vintage.FIRST,
                List.of(),
                List.of(),
                a.deletes()))) {
      commit(next(List.of(other, newest().slabs().get(1))));
      for (CheckLevel level : CheckLevel.values()) {
        only(level, Severity.ERROR, NAMES.slab(SLAB_A), "the namespace's manifest says");
      }
    }
    SlabEntry late =
        new SlabEntry(
            a.id(),
            0,
            a.bytes(),
            a.hotOffset(),
            a.rows(),
            a.lsnMin(),
            1L << 40,
            -1,
            0,
            a.ledger(),
            "exact",
            Vintage.FIRST,
            List.of(),
            List.of(),
            a.deletes());
    commit(next(List.of(late, newest().slabs().get(1))));
    assertTrue(check(CheckLevel.QUICK).problems().getFirst().problem().contains("lsnFlushed"));
  }

  private void log(WalRecord... records) {
    WalObject object = new WalObject(3, new Ulid(8, 8), commit(3), commit(2), List.of(records));
    replace(walName(3), WalWriter.encode(object));
  }

  private static byte[] text(String text) {
    return new ByteWriter().uvarint(text.length()).bytes(Utf8.bytes(text)).toBytes();
  }

  @Test
  void everyLogRecordIsDecodedAsReplayDoes() {
    log(new WalRecord(0x80 | 100, 0, new byte[] {1}));
    assertNull(queried());
    assertEquals("ok", check(CheckLevel.CHECKSUMS).status(), "may be ignored");
    log(new WalRecord(2, 0, text("r001")), new WalRecord(100, 0, new byte[0]));
    refused(walName(3), "operation 100", true);
    log(new WalRecord(5, 64, new byte[0]));
    refused(walName(3), "flags 64", true);
    log(new WalRecord(5, 0, new byte[] {1}));
    refused(walName(3), "", false);
    log(new WalRecord(2, 0, new byte[] {0}));
    refused(walName(3), "an empty id", false);
    log(new WalRecord(2, 0, new byte[] {2, 'a', (byte) 0xff}));
    refused(walName(3), "", false);
    log(new WalRecord(1, 0, text("x")));
    refused(walName(3), "without dense values", false);
    byte[] two = new ByteWriter().bytes(text("x")).uvarint(2).floats(new float[2]).toBytes();
    log(new WalRecord(1, 1, two));
    refused(walName(3), "2 dense values", false);
    for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] values = {1, wrong, 3};
      byte[] one = new ByteWriter().bytes(text("x")).uvarint(3).floats(values).toBytes();
      String text = "record 'x': Vector values must be finite numbers, got " + wrong;
      for (int op : new int[] {1, 3}) {
        log(new WalRecord(op, 1, one));
        assertNull(queried());
        only(CheckLevel.QUICK, Severity.WARNING, walName(3), text);
      }
    }
    log(new WalRecord(4, 0, text("{\"$or\":7}")));
    refused(walName(3), "a bad filter", false);
    byte[] update = new ByteWriter().bytes(text("{\"x\":")).uvarint(0).toBytes();
    log(new WalRecord(7, 4, update));
    refused(walName(3), "a bad filter", false);
  }

  @Test
  void aFilterInTheLogThatTheSchemaForbidsIsMetByReplay() {
    store.list(NAMES.slabFolder(), null).forEach(object -> store.delete(object.name()));
    IndexSpec narrow =
        new IndexSpec("shop", 3, Metric.COSINE, VectorType.DENSE, List.of("g", "n", "t"), 1);
    indexJson(narrow);
    build();
    indexJson(narrow);
    log(new WalRecord(4, 0, text("{\"secret\":7}")));
    SlabException e = queried();
    CheckReport report = check(CheckLevel.QUICK);
    assertEquals(CorruptException.class, e == null ? null : e.getClass(), "" + e);
    assertTrue(e.getMessage().startsWith(walName(3)), e.getMessage());
    assertEquals(1, report.count(Severity.ERROR), report.problems().toString());
  }

  @Test
  void theSameWhereNoSlabIsThatCouldRefuseTheFilter() {
    IndexSpec narrow = new IndexSpec("s", 3, Metric.COSINE, VectorType.DENSE, List.of("n"), 1);
    for (WriteOp op :
        List.of(
            new WriteOp.DeleteByFilter("{\"secret\":7}"),
            new WriteOp.UpdateByFilter("{\"secret\":7}", Metadata.EMPTY))) {
      WalObject object =
          new WalObject(1, new Ulid(8, 8), commit(1), Ulid.ZERO, List.of(WriteOpCodec.encode(op)));
      CorruptException e =
          assertThrows(CorruptException.class, () -> DecodedBatch.of("1.wal", object, narrow));
      assertTrue(e.getMessage().contains("not indexed"), e.getMessage());
    }
  }

  @Test
  void anObjectInAFreedSlotIsAWarning() {
    WalObject stalled = new WalObject(1, new Ulid(8, 8), new Ulid(6, 6), commit(0), List.of());
    replace(walName(1), WalWriter.encode(stalled));
    only(CheckLevel.CHECKSUMS, Severity.WARNING, walName(1), "the one that was flushed");
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
