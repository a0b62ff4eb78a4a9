package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a snapshot that are read by a filter, or in pieces; and several compactions at once. */
class ScanPiecesTest {
  @TempDir Path folder;

  private static List<VectorRecord> records(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata fields = Metadata.EMPTY.with("n", i).with("odd", i % 2 == 1);
      records.add(new VectorRecord("r%03d".formatted(i), new float[] {i}, null, fields));
    }
    return records;
  }

  private Namespace fill(Index index) {
    Namespace namespace = index.namespace();
    for (int i = 0; i < 4; i++) {
      namespace.upsert(records(50 * i, 50 * i + 50));
      namespace.flush();
    }
    namespace.delete(List.of("r001", "r060"));
    namespace.upsert(records(195, 210));
    return namespace;
  }

  private Index create() {
    return Index.create(folder.resolve("index"), IndexSettings.dense(1, Metric.EUCLIDEAN));
  }

  private static Set<String> ids(Namespace namespace, String filter, int pieces) {
    Set<String> ids = new TreeSet<>();
    int read = 0;
    try (Snapshot snapshot = namespace.snapshot()) {
      for (ScanPart part : snapshot.parts(filter)) {
        for (int piece = 0; piece < pieces; piece++) {
          try (RecordScan scan = namespace.scan(part, filter, piece, pieces)) {
            while (scan.next()) {
              ids.add(scan.id());
              read++;
            }
          }
        }
      }
    }
    assertEquals(ids.size(), read, "each once");
    return ids;
  }

  @Test
  void piecesHaveEveryRecordOnce() {
    try (Index index = create()) {
      Namespace namespace = fill(index);
      Set<String> all = ids(namespace, null, 1);
      assertEquals(208, all.size());
      for (int pieces : new int[] {2, 3, 50, 51}) {
        assertEquals(all, ids(namespace, null, pieces));
      }
    }
  }

  @Test
  void aFilterLeavesOutRecordsAndParts() {
    try (Index index = create()) {
      Namespace namespace = fill(index);
      String filter = "{\"n\":{\"$gte\":140},\"odd\":true}";
      Set<String> found = ids(namespace, filter, 1);
      assertEquals(35, found.size());
      assertEquals(found, ids(namespace, filter, 7));
      try (Snapshot snapshot = namespace.snapshot()) {
        assertEquals(5, snapshot.parts().size());
        assertEquals(3, snapshot.parts(filter).size(), "two slabs and the log");
        ScanPart part = snapshot.parts().getFirst();
        assertThrows(InvalidInputException.class, () -> namespace.scan(part, "{", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> namespace.scan(part, null, 2, 2));
      }
    }
  }

  @Test
  void compactionsThatHaveNoSlabInCommonAreBuiltSideBySide() {
    try (Index index = create()) {
      Namespace namespace = fill(index);
      namespace.flush();
      assertEquals(0, namespace.beginCompactions(CompactionScope.OUTDATED).size());
      namespace.configure(java.util.Map.of("level0Slabs", 2L, "compactInputs", 2L));
      List<BuiltSlabs> orders = namespace.beginCompactions(CompactionScope.DUE);
      assertEquals(2, orders.size(), "of five slabs two and two");
      List<BuiltSlabs> built = orders.stream().map(namespace::build).toList();
      built.reversed().forEach(namespace::commit);
      assertEquals(208, ids(namespace, null, 1).size());
      assertEquals(3, namespace.stats().slabs());
      assertEquals(1, namespace.beginCompactions(CompactionScope.ALL).size());
    }
  }
}
