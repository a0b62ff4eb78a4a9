package io.slab.testkit;

import io.slab.check.CheckLevel;
import io.slab.check.SlabCheck;
import io.slab.check.Problem;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.model.Utf8;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Slabs in memory for tests. */
public final class TestSlabs {
  public static final Ulid ID = Ulid.parse("01JA0000000000000000000001");
  public static final long CREATED = 1_760_000_000_000L;

  private TestSlabs() {}

  public static IndexSpec spec(VectorType type, int dimension, Metric metric, String... schema) {
    List<String> fields = schema.length == 0 ? null : List.of(schema);
    return new IndexSpec("test", dimension, metric, type, fields, CREATED);
  }

  /** Builds a slab; record i has the LSN {@code 1000 + 7 * i}. */
  public static byte[] build(IndexSpec spec, List<VectorRecord> records) {
    return build(SlabRequest.flush(ID, CREATED, spec, "ns"), records);
  }

  public static byte[] build(SlabRequest request, List<VectorRecord> records) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      rows.add(ListInput.Row.of(records.get(i), 1_000 + 7L * i));
    }
    HeapObject object = new HeapObject();
    SlabBuilder.build(request, ListInput.of(rows), object);
    return object.bytes();
  }

  public static SlabReader open(byte[] bytes) {
    return SlabReader.open(HeapObject.source("test.slab", bytes, true));
  }

  /** Everything that a full check of a slab finds wrong. */
  public static List<Problem> problems(byte[] bytes) {
    return SlabCheck.report(HeapObject.source("test.slab", bytes, true), CheckLevel.CHECKSUMS)
        .problems();
  }

  /** In the order of the rows of a slab. */
  public static List<VectorRecord> sorted(List<VectorRecord> records) {
    List<VectorRecord> sorted = new ArrayList<>(records);
    sorted.sort(Comparator.comparing(VectorRecord::id, Utf8.ORDER));
    return sorted;
  }
}
