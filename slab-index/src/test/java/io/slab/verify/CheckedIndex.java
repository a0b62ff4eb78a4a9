package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.ByteWriter;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SlabFile;
import io.slab.index.SlabIndex;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SettingsLog;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.HeapObject;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.SlabSurgeon;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** A small index of which tests damage one thing, and what checks and queries say of it. */
abstract class CheckedIndex {
  static final NamespaceNames NAMES = new NamespaceNames("Shop");

  static final Ulid SLAB_A = new Ulid(1, 1);

  static final Ulid SLAB_B = new Ulid(1, 2);

  static final int ROWS = SlabFixture.ROWS;

  static final IndexSpec SPEC = new IndexSpec("shop", 3, Metric.COSINE, VectorType.DENSE, null, 1);

  static final Environment ENVIRONMENT = new Environment(() -> 5, new SplittableRandom(1));

  static final String SETTINGS = "config/00000000000000000001.json";

  final MemoryStore store = new MemoryStore(() -> 0);

  final String deletes = NamespaceNames.deletesFile(SLAB_B, 2, new Ulid(9, 2));

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

  static String manifestName(int id) {
    return NAMES.manifestFolder() + String.format("%020d.json", id);
  }

  static String walName(int number) {
    return NAMES.walFolder() + String.format("%020d.wal", number);
  }

  static Ulid commit(int number) {
    return new Ulid(7, number + 1);
  }

  void wal(int number, Ulid previous) {
    List<WalRecord> records = number == 0 ? List.of() : List.of(new WalRecord(5, 0, new byte[0]));
    WalObject object = new WalObject(number, new Ulid(8, 8), commit(number), previous, records);
    store.create(walName(number), WalWriter.encode(object));
  }

  SlabEntry slab(Ulid id) {
    byte[] slab = SlabFixture.slab(id);
    store.create(NAMES.slab(id), slab);
    try (SlabFile file = SlabFile.open(HeapObject.source("s", slab, true))) {
      long hot = file.trailer().hotOffset();
      int first = SlabFixture.FIRST_LSN;
      return new SlabEntryBuilder(id)
          .rows(0, ROWS)
          .file(slab.length, hot)
          .lsns(first, first + ROWS - 1)
          .ledger(SlabFixture.ledger())
          .search("exact", Vintage.FIRST, List.of())
          .build();
    }
  }

  void change(String name, UnaryOperator<byte[]> change) {
    byte[] bytes = store.read(name, 1 << 20);
    store.delete(name);
    store.create(name, change.apply(bytes));
  }

  void flip(String name, int at) {
    change(
        name,
        bytes -> {
          bytes[at < 0 ? bytes.length + at : at] ^= 0x20;
          return bytes;
        });
  }

  CheckReport check(CheckLevel level) {
    return Checker.index(store, level);
  }

  Problem only(CheckLevel level, Severity severity, String object, String text) {
    CheckReport report = check(level);
    assertEquals(1, report.problems().size(), report.problems().toString());
    Problem problem = report.problems().getFirst();
    assertEquals(object, problem.object());
    assertEquals(severity, problem.severity());
    assertTrue(problem.problem().contains(text), problem.toString());
    return problem;
  }

  Problem error(String object, String text) {
    return only(CheckLevel.QUICK, Severity.ERROR, object, text);
  }

  void replace(String name, byte[] content) {
    store.delete(name);
    store.create(name, content);
  }

  void indexJson(IndexSpec spec) {
    replace("index.json", IndexJson.encode(spec, new Ulid(4, 4)));
  }

  void commit(NamespaceManifest manifest) {
    replace(manifestName((int) manifest.id()), ManifestJson.encode(manifest));
  }

  NamespaceManifest newest() {
    return ManifestJson.decode(
        manifestName(2), 2, store.read(manifestName(2), ManifestJson.MAX_BYTES));
  }

  NamespaceManifest next(List<SlabEntry> slabs) {
    NamespaceManifest old = newest();
    return old.next(
        new Ulid(9, 3),
        0,
        "test",
        new NamespaceManifest.Edit(
            "flush", false, old.lsnFlushed(), old.walFlushedThrough(), slabs, List.of()));
  }

  /** What a query meets, or null. */
  SlabException queried() {
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
  Problem refused(String object, String text, boolean unsupported) {
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

  /** A section of the column of t, or null. */
  static DirectoryEntry ofT(byte[] slab) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.column() == SlabFixture.T)
        .findFirst()
        .orElse(null);
  }

  static SlabEntry entry(SlabEntry a, int level, long bytes, long hotOffset) {
    return new SlabEntryBuilder(a).rows(level, a.rows()).file(bytes, hotOffset).build();
  }

  void log(WalRecord... records) {
    WalObject object = new WalObject(3, new Ulid(8, 8), commit(3), commit(2), List.of(records));
    replace(walName(3), WalWriter.encode(object));
  }

  static byte[] text(String text) {
    return new ByteWriter().uvarint(text.length()).bytes(Utf8.bytes(text)).toBytes();
  }
}
