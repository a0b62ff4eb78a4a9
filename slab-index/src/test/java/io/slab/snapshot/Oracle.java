package io.slab.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What a namespace must hold, as a plain map, and random operations to try it with. */
public final class Oracle {
  public static final IndexSpec SPEC =
      new IndexSpec("test", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private final Map<String, VectorRecord> records = new TreeMap<>(Utf8.ORDER);

  public Oracle copy() {
    Oracle copy = new Oracle();
    copy.records.putAll(records);
    return copy;
  }

  public List<String> ids() {
    return List.copyOf(records.keySet());
  }

  public void apply(List<WriteOp> batch) {
    batch.forEach(this::apply);
  }

  private void apply(WriteOp op) {
    switch (op) {
      case WriteOp.Upsert u -> records.put(u.record().id(), u.record());
      case WriteOp.DeleteId d -> records.remove(d.id());
      case WriteOp.PartialUpdate u ->
          records.computeIfPresent(
              u.id(),
              (id, r) ->
                  new VectorRecord(
                      id,
                      u.values() == null ? r.values() : u.values(),
                      null,
                      u.changes() == null ? r.metadata() : r.metadata().merge(u.changes())));
      case WriteOp.DeleteByFilter d -> {
        Filter filter = FilterParser.parse(d.filterJson());
        records.values().removeIf(r -> FilterEvaluator.matches(filter, r.metadata()));
      }
      case WriteOp.DeleteAll d -> records.clear();
      case WriteOp.DeleteByPrefix d -> records.keySet().removeIf(id -> id.startsWith(d.prefix()));
      case WriteOp.UpdateByFilter u -> {
        Filter filter = FilterParser.parse(u.filterJson());
        records.replaceAll((id, r) ->
            FilterEvaluator.matches(filter, r.metadata())
                ? new VectorRecord(id, r.values(), null, r.metadata().merge(u.changes()))
                : r);
      }
    }
  }

  /** The snapshot holds exactly this, found by walking it and by asking for each id. */
  public void assertSame(Snapshot snapshot) {
    assertSame(read(snapshot));
    assertEquals(records.size(), snapshot.count());
    records.forEach((id, r) -> {
      VectorRecord asked = snapshot.find(id);
      assertNotNull(asked);
      assertEqualRecords(r, asked);
    });
    assertNull(snapshot.find("never"));
  }

  /** These records are exactly those that there must be. */
  public void assertSame(Map<String, VectorRecord> found) {
    assertEquals(records.keySet(), found.keySet());
    records.forEach((id, r) -> assertEqualRecords(r, found.get(id)));
  }

  /** All records of a snapshot; fails when one is there twice. */
  public static Map<String, VectorRecord> read(Snapshot snapshot) {
    Map<String, VectorRecord> found = new TreeMap<>(Utf8.ORDER);
    for (LiveSlab slab : snapshot.slabs()) {
      for (int row = 0; row < slab.view().rows(); row++) {
        if (!slab.dead().contains(row)) {
          VectorRecord r = slab.view().record(row);
          assertNull(found.put(r.id(), r), () -> r.id() + " is live twice");
        }
      }
    }
    for (MemRow row : snapshot.memtable()) {
      assertNull(found.put(row.record().id(), row.record()), () -> "live twice");
    }
    return found;
  }

  private static void assertEqualRecords(VectorRecord expected, VectorRecord actual) {
    assertArrayEquals(expected.values(), actual.values());
    assertEquals(expected.metadata(), actual.metadata());
  }

  public static List<WriteOp> batch(Random random) {
    List<WriteOp> batch = new ArrayList<>();
    int size = 1 + random.nextInt(6);
    for (int i = 0; i < size; i++) {
      batch.add(op(random));
    }
    return batch;
  }

  private static String id(Random random) {
    return "" + (char) ('a' + random.nextInt(4)) + random.nextInt(12);
  }

  private static WriteOp op(Random random) {
    int kind = random.nextInt(100);
    if (kind < 55) {
      return new WriteOp.Upsert(
          new VectorRecord(id(random), values(random), null, metadata(random)));
    } else if (kind < 67) {
      return new WriteOp.DeleteId(id(random));
    } else if (kind < 85) {
      return new WriteOp.PartialUpdate(
          id(random),
          random.nextBoolean() ? values(random) : null,
          null,
          random.nextBoolean() ? metadata(random) : null);
    } else if (kind < 90) {
      return new WriteOp.DeleteByFilter(filter(random));
    } else if (kind < 95) {
      return new WriteOp.UpdateByFilter(filter(random), metadata(random));
    } else if (kind < 98) {
      return new WriteOp.DeleteByPrefix("" + (char) ('a' + random.nextInt(4)));
    }
    return random.nextInt(3) == 0 ? new WriteOp.DeleteAll() : new WriteOp.DeleteByPrefix("b1");
  }

  private static String filter(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> "{\"n\":{\"$eq\":" + random.nextInt(5) + "}}";
      case 1 -> "{\"n\":{\"$gt\":3}}";
      default -> "{\"t\":{\"$ne\":\"x" + random.nextInt(3) + "\"},\"n\":{\"$exists\":true}}";
    };
  }

  private static float[] values(Random random) {
    return new float[] {random.nextFloat(), random.nextInt(3)};
  }

  private static Metadata metadata(Random random) {
    Map<String, MetaValue> fields = new TreeMap<>();
    if (random.nextBoolean()) {
      fields.put("n", new MetaValue.Num(random.nextInt(5)));
    }
    if (random.nextBoolean()) {
      fields.put("t", new MetaValue.Str("x" + random.nextInt(3)));
    }
    if (random.nextInt(4) == 0) {
      fields.put("l", new MetaValue.StrList(List.of("p", "q" + random.nextInt(3))));
    }
    return Metadata.of(fields);
  }
}
