package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.Index;
import io.slab.Namespace;
import io.slab.RecordScan;
import io.slab.ScanPart;
import io.slab.Snapshot;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.store.LocalStore;
import io.slab.store.Retry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows to write, and what came of them. */
final class Written {
  private Written() {}

  /** Records of four numbers, metadata as JSON text. */
  static Dataset<Row> rows(int from, int to) {
    return Sessions.get()
        .range(from, to, 1, 3)
        .selectExpr(
            "concat('r', id) AS id",
            "array(float(sin(id)), float(cos(id)), float(id / 3), float(1)) AS values",
            "concat('{\"n\":', id, ',\"tags\":[\"a', id % 3, '\"],\"half\":', id / 2, '}') AS metadata");
  }

  /** Each id with all of its record as text, numbers by their bits. */
  static Map<String, String> records(Path place, String name) {
    Map<String, String> records = new TreeMap<>();
    try (Index index = Index.open(place)) {
      Namespace namespace = index.namespace(name);
      try (Snapshot snapshot = namespace.snapshot()) {
        for (ScanPart part : snapshot.parts()) {
          try (RecordScan scan = namespace.scan(part)) {
            while (scan.next()) {
              assertEquals(null, records.put(scan.id(), text(scan.record())));
            }
          }
        }
      }
    }
    return records;
  }

  private static String text(VectorRecord record) {
    int[] bits = new int[record.values().length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(record.values()[i]));
    return Arrays.toString(bits) + Json.text(out -> RecordJson.write(out, record));
  }

  static List<String> operations(Path place) {
    List<String> operations = new ArrayList<>();
    try (NamespaceHandle handle = handle(place)) {
      handle.newest().history().forEach(change -> operations.add(change.operation()));
    }
    return operations;
  }

  private static NamespaceHandle handle(Path place) {
    return new NamespaceHandle(
        new LocalStore(place),
        Namespace.DEFAULT,
        new IndexSpec("i", 4, Metric.COSINE, VectorType.DENSE, null, 0),
        Environment.system(),
        new FormatSlabs(),
        Retry.COMMIT);
  }
}
