package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.MetadataSize;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.LongTest;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.PythonReader;
import io.slab.testkit.spec.RandomRecords;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The independent reader replays a local index directory of random operations and flushes to the
 * very records that this library sees.
 */
class IndexAgreementIT {
  private static final int IDS = 40;
  private static final int STEPS = 60;
  private static final int COMPARISONS = 4;

  @TempDir Path folder;

  @BeforeEach
  void readerCanRun() {
    PythonReader.require();
  }

  @LongTest
  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void moreRandomOperations(long seed) throws IOException {
    randomOperations(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = 2)
  void randomOperations(long seed) throws IOException {
    IndexSpec spec = new IndexSpec("t", 3, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1);
    randomOperations(seed, spec, new RandomRecords(seed, spec), seed == 2 ? "Tenant/ü" : "");
  }

  /** The log has the terms of texts, so a replay needs nothing that makes them. */
  @Test
  void randomOperationsWithATextIndex() throws IOException {
    TextIndex text = new TextIndex("é", "english");
    IndexSpec spec = new IndexSpec("t", 3, Metric.COSINE, VectorType.HYBRID, null, text, 1);
    IndexSpec given = new IndexSpec("t", 3, Metric.COSINE, VectorType.DENSE, null, 1);
    randomOperations(4, spec, new RandomRecords(4, given), "");
  }

  private void randomOperations(long seed, IndexSpec spec, RandomRecords records, String namespace)
      throws IOException {
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(seed));
    Random random = new Random(seed);
    try (SlabIndex index = SlabIndex.create(new LocalStore(folder), spec, false, environment);
        NamespaceWriter writer = index.writer(namespace)) {
      bulk(index, namespace, records);
      for (int step = 1; step <= STEPS; step++) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
          batch.add(operation(random, records, spec));
        }
        writer.append(batch);
        if (random.nextInt(7) == 0) {
          writer.flush();
        }
        if (step % (STEPS / COMPARISONS) == 0) {
          try (Snapshot snapshot = index.snapshot(namespace)) {
            compare(snapshot, namespace, "seed " + seed + " step " + step);
          }
        }
      }
    }
  }

  /** A load that was given up leaves its reservation in the log; the next one has a slab. */
  private void bulk(SlabIndex index, String namespace, RandomRecords records) throws IOException {
    List<VectorRecord> rows = new ArrayList<>();
    for (int i = 10; i < IDS; i++) {
      rows.add(records.record("id" + i));
    }
    assertThrows(
        CancellationException.class,
        () -> index.bulkLoad(namespace).run(new ListRows(rows), () -> true));
    try (Snapshot snapshot = index.snapshot(namespace)) {
      assertEquals(1, snapshot.walApplied());
      compare(snapshot, namespace, "reservation");
    }
    assertNotNull(index.bulkLoad(namespace).run(new ListRows(rows), () -> false));
    try (Snapshot snapshot = index.snapshot(namespace)) {
      assertEquals(rows.size(), snapshot.count());
      compare(snapshot, namespace, "bulk load");
    }
  }

  /** Updates that a conforming writer would have refused: each reader keeps the smaller record. */
  @Test
  void updatesPastTheLimitChangeNothing() throws IOException {
    IndexSpec spec = new IndexSpec("t", 1, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(5));
    LocalStore store = new LocalStore(folder);
    List<WriteOp> upserts = new ArrayList<>();
    List<WalRecord> updates = new ArrayList<>();
    double[] numbers = {
      0,
      -0.0,
      7,
      -2020,
      0.5,
      1e-3,
      9.99e-4,
      -2.5e-7,
      1e7,
      1e16,
      9007199254740993e0,
      -1.0 / 3,
      5e-324,
      1.7976931348623157e308,
      123456.789,
      1e22,
      -1e-9,
      4503599627370496.5,
      100,
      0.1
    };
    for (int i = 0; i < 2 * numbers.length; i++) {
      Metadata change = Metadata.of(Map.of("n", new MetaValue.Num(numbers[i / 2])));
      // Exactly the limit with the change, or one byte more.
      int rest = (int) (Limits.MAX_METADATA_BYTES - MetadataSize.bytes(change) - 9 + i % 2);
      String pad = "\u0001\n\"\u00e9\ud83d\ude00\u007f";
      Metadata old = Metadata.of(Map.of("pad", new MetaValue.Str(pad + "x".repeat(rest - 17))));
      String id = String.format("id%02d", i);
      upserts.add(new WriteOp.Upsert(new VectorRecord(id, new float[] {i}, null, old)));
      assertEquals(
          Limits.MAX_METADATA_BYTES + i % 2, MetadataSize.bytes(old.merge(change)), "set-up");
      updates.add(
          WriteOpCodec.encode(new WriteOp.PartialUpdate(id, new float[] {9}, null, change)));
    }
    try (SlabIndex index = SlabIndex.create(store, spec, false, environment);
        NamespaceWriter writer = index.writer("")) {
      writer.append(upserts);
      writer.flush();
      Ulid id = new Ulid(1, 2);
      WalObject raw = new WalObject(2, id, id, Ulid.ZERO, updates);
      store.create("ns/__default__/wal/00000000000000000002.wal", WalWriter.encode(raw));
      try (Snapshot snapshot = index.snapshot("")) {
        for (int i = 0; i < 2 * numbers.length; i++) {
          VectorRecord record = snapshot.find(String.format("id%02d", i));
          assertEquals(i % 2 == 0, record.metadata().get("n") != null, "number " + numbers[i / 2]);
          assertEquals(i % 2 == 0 ? 9 : i, record.values()[0]);
        }
        compare(snapshot, "", "limits");
      }
    }
  }

  private static WriteOp operation(Random random, RandomRecords records, IndexSpec spec) {
    String id = "id" + random.nextInt(IDS);
    Metadata change = Metadata.of(Map.of("seen", new MetaValue.Num(random.nextInt(9))));
    if (spec.textIndex() != null && random.nextBoolean()) {
      MetaValue text = new MetaValue.Str("whales of sea " + random.nextInt(3));
      change = change.merge(Metadata.of(Map.of(spec.textIndex().field(), text)));
    }
    SparseVector sparse = spec.textIndex() == null ? records.sparse() : null;
    return switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4 -> new WriteOp.DeleteId(id);
      case 5, 6, 7 -> new WriteOp.PartialUpdate(id, null, null, change);
      case 8, 9 -> new WriteOp.PartialUpdate(id, records.dense(), sparse, null);
      case 10 -> new WriteOp.DeleteByPrefix("id" + (1 + random.nextInt(3)));
      case 11 -> new WriteOp.DeleteByFilter("{\"genre\":\"comedy\",\"flag\":{\"$ne\":true}}");
      case 12 -> new WriteOp.DeleteByFilter("{\"seen\":{\"$gte\":7}}");
      case 13, 14 -> new WriteOp.UpdateByFilter("{\"tags\":{\"$in\":[\"drama\",\"\"]}}", change);
      case 15 -> random.nextInt(6) == 0 ? new WriteOp.DeleteAll() : new WriteOp.DeleteId(id);
      default -> new WriteOp.Upsert(records.record(id));
    };
  }

  private void compare(Snapshot snapshot, String namespace, String what) throws IOException {
    Map<String, VectorRecord> expected = new TreeMap<>();
    Map<String, Long> lsns = new TreeMap<>();
    for (MemRow row : snapshot.memtable()) {
      expected.put(row.record().id(), row.record());
      lsns.put(row.record().id(), row.lsn());
    }
    for (LiveSlab slab : snapshot.slabs()) {
      for (int row = 0; row < slab.view().rows(); row++) {
        if (!slab.dead().contains(row)) {
          VectorRecord record = slab.view().record(row);
          assertEquals(null, expected.put(record.id(), record), what);
          lsns.put(record.id(), slab.view().lsn(row));
        }
      }
    }
    String[] index = {"index", folder.toString(), "--namespace", namespace};
    List<String> dump = PythonReader.lines(index[0], index[1], index[2], index[3], "dump");
    assertEquals(expected.size(), dump.size(), what);
    // The same without manifests and deletion vectors.
    assertEquals(dump, PythonReader.lines(index[0], index[1], index[2], index[3], "prove"), what);
    for (String text : dump) {
      JsonNode line = Json.parse("line", text);
      String id = line.get("id").stringValue();
      assertTrue(expected.containsKey(id), what + " " + id);
      JsonRecords.assertSame(expected.get(id), line);
      assertEquals(lsns.get(id).toString(), line.get("lsn").stringValue(), what + " " + id);
    }
    List<String> verified = PythonReader.lines(index[0], index[1], index[2], index[3], "verify");
    String count = "\"records\":" + expected.size() + "}";
    assertTrue(verified.getFirst().endsWith(count), verified + " for " + count + " at " + what);
  }
}
