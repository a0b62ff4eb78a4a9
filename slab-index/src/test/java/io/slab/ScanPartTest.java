package io.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that is read part by part, elsewhere and later. */
class ScanPartTest {
  @TempDir Path folder;

  private static VectorRecord record(int i, String mark) {
    SparseVector sparse =
        i % 2 == 0 ? new SparseVector(new int[] {i + 1}, new float[] {0.5f}) : null;
    Metadata metadata = Metadata.of(Map.of("mark", new MetaValue.Str(mark)));
    return new VectorRecord("r%03d".formatted(i), new float[] {i, -i}, sparse, metadata);
  }

  private static List<VectorRecord> records(int from, int to, String mark) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i, mark));
    }
    return records;
  }

  private Index create() {
    return Index.create(folder.resolve("index"), IndexSettings.hybrid(2));
  }

  private Index open() {
    return Index.open(folder.resolve("index"));
  }

  /** Slabs with dead rows, of which some died in the log only, and records in the log. */
  private static void fill(Namespace namespace) {
    namespace.upsert(records(0, 40, "a"));
    namespace.flush();
    namespace.upsert(records(30, 60, "b"));
    namespace.delete(List.of("r001", "r002"));
    namespace.flush();
    namespace.upsert(records(50, 70, "c"));
    namespace.delete(List.of("r003", "r055"));
    namespace.update("r004", null, null, Metadata.of(Map.of("m", new MetaValue.Num(1))));
  }

  private static Map<String, VectorRecord> scan(Namespace namespace, List<ScanPart> parts) {
    Map<String, VectorRecord> all = new TreeMap<>();
    for (ScanPart part : parts) {
      long rows = 0;
      String last = "";
      try (RecordScan scan = namespace.scan(ScanPart.ofBytes(part.toBytes()))) {
        while (scan.next()) {
          rows++;
          assertTrue(last.compareTo(scan.id()) < 0, "in order");
          last = scan.id();
          assertTrue(scan.lsn() > 0);
          assertEquals(null, all.put(scan.id(), scan.record()), "once");
        }
        assertFalse(scan.next());
        assertThrows(IllegalStateException.class, scan::id);
      }
      assertEquals(part.rows(), rows);
    }
    return all;
  }

  private static Map<String, VectorRecord> listed(Snapshot snapshot) {
    Map<String, VectorRecord> all = new TreeMap<>();
    snapshot.fetchByFilter(null, 1_000, null).items().forEach(r -> all.put(r.id(), r));
    return all;
  }

  private static void assertSame(
      Map<String, VectorRecord> expected, Map<String, VectorRecord> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((id, record) -> {
      assertArrayEquals(record.values(), found.get(id).values(), id);
      assertEquals(text(record.sparse()), text(found.get(id).sparse()), id);
      assertEquals(record.metadata(), found.get(id).metadata(), id);
    });
  }

  private static String text(SparseVector sparse) {
    return sparse == null
        ? ""
        : Arrays.toString(sparse.indices()) + Arrays.toString(sparse.weights());
  }

  @Test
  void partsHoldEachRecordOfTheSnapshotOnce() {
    try (Index index = create();
        Index elsewhere = open()) {
      Namespace namespace = index.namespace("n");
      assertEquals(List.of(), namespace.snapshot().parts());
      fill(namespace);
      List<ScanPart> parts;
      Map<String, VectorRecord> expected;
      try (Snapshot snapshot = namespace.snapshot()) {
        parts = snapshot.parts();
        expected = listed(snapshot);
      }
      assertEquals(66, expected.size());
      assertEquals(3, parts.size());
      assertEquals(1, parts.stream().filter(ScanPart::isUnflushed).count());
      assertSame(expected, scan(elsewhere.namespace("n"), parts));
      // What is written, flushed and compacted later does not change the parts.
      namespace.upsert(records(0, 70, "later"));
      namespace.deleteByPrefix("r02");
      namespace.flush();
      namespace.compactAll();
      namespace.upsert(records(80, 90, "later"));
      assertSame(expected, scan(elsewhere.namespace("n"), parts));
    }
  }

  @Test
  void whatGcTookIsMissing() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      fill(namespace);
      List<ScanPart> parts = namespace.snapshot().parts();
      namespace.upsert(record(99, "x"));
      namespace.flush();
      namespace.compactAll();
      namespace.release();
      namespace.collectGarbage(Duration.ZERO);
      namespace.collectGarbage(Duration.ZERO);
      for (ScanPart part : parts) {
        assertThrows(MissingException.class, () -> namespace.scan(part));
      }
    }
  }

  @Test
  void partsOfOtherPlacesAreRefused() {
    ScanPart unflushed;
    try (Index index = create()) {
      index.namespace("n").upsert(record(1, "x"));
      unflushed = index.namespace("n").snapshot().parts().getFirst();
      assertThrows(IllegalArgumentException.class, () -> index.namespace("other").scan(unflushed));
      byte[] damaged = unflushed.toBytes();
      damaged[damaged.length / 2] ^= 1;
      assertThrows(CorruptException.class, () -> ScanPart.ofBytes(damaged));
    }
    try (Index other = Index.create(folder.resolve("other"), IndexSettings.hybrid(2))) {
      other.namespace("n").upsert(record(2, "y"));
      assertThrows(ConflictException.class, () -> other.namespace("n").scan(unflushed));
    }
    try (Index index = open()) {
      Namespace namespace = index.namespace("n");
      index.drop();
      assertThrows(NotFoundException.class, () -> namespace.scan(unflushed));
    }
  }
}
