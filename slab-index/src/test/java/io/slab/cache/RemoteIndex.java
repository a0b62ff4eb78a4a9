package io.slab.cache;

import io.slab.compaction.CompactionRequest;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.DistantStore;
import io.slab.vector.Workload;
import io.slab.writer.NamespaceWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** An index with all there can be in one, on a local disk, and ways to ask it from afar. */
final class RemoteIndex {
  static final int DIMENSION = 32;
  static final int ROWS = 8_000;

  private RemoteIndex() {}

  static VectorRecord record(Random random, VectorType type, float[][] centres, int number) {
    int cluster = random.nextInt(centres.length);
    float[] values = null;
    if (type.hasDense()) {
      values = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        values[i] = centres[cluster][i] + 0.4f * (float) random.nextGaussian();
      }
    }
    SparseVector sparse = type.hasSparse() ? sparse(random) : null;
    Metadata metadata =
        Metadata.of(
            Map.of(
                "label", new MetaValue.Num(cluster % 10),
                "name", new MetaValue.Str("name " + random.nextInt(ROWS)),
                "text", new MetaValue.Str("x".repeat(random.nextInt(200))),
                "lot", new MetaValue.Num(random.nextInt(1000))));
    return new VectorRecord("r%06d".formatted(number), values, sparse, metadata);
  }

  static SparseVector sparse(Random random) {
    int[] indices = random.ints(0, 500).distinct().limit(12).sorted().toArray();
    float[] weights = new float[indices.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat() + 0.01f;
    }
    return new SparseVector(indices, weights);
  }

  static float[][] centres(Random random) {
    float[][] centres = new float[40][DIMENSION];
    for (float[] centre : centres) {
      for (int i = 0; i < DIMENSION; i++) {
        centre[i] = 2 * (float) random.nextGaussian();
      }
    }
    return centres;
  }

  /** Compacted rows, a slab of level 0, deletions and unflushed records. */
  static void build(Path folder, Metric metric, VectorType type, Random random, float[][] centres) {
    IndexSpec spec = new IndexSpec("t", type.hasDense() ? DIMENSION : 0, metric, type, null, 1);
    Environment environment =
        new Environment(() -> 1_000L, new SplittableRandom(random.nextLong()));
    try (SlabIndex index = SlabIndex.create(new LocalStore(folder), spec, false, environment);
        NamespaceWriter writer = index.writer("")) {
      for (int at = 0; at < ROWS; ) {
        List<WriteOp> batch = new ArrayList<>();
        for (; batch.size() < 1000; at++) {
          batch.add(new WriteOp.Upsert(record(random, type, centres, at)));
        }
        writer.append(batch);
      }
      writer.flush();
      index.compactor("").run(CompactionRequest.full(), () -> false, result -> {});
      for (int round = 0; round < 2; round++) {
        List<WriteOp> late = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          late.add(new WriteOp.DeleteId("r%06d".formatted(random.nextInt(ROWS))));
          late.add(new WriteOp.Upsert(record(random, type, centres, random.nextInt(ROWS + 500))));
        }
        writer.append(late);
        if (round == 0) {
          writer.flush();
        }
      }
    }
  }

  /** A store in which every nth ranged read comes damaged. */
  static ObjectStore damaging(ObjectStore inner, Random random, double share) {
    return new DistantStore(inner, 0, 0) {
      @Override
      protected MemorySegment delivered(String name, long offset, MemorySegment bytes) {
        synchronized (random) {
          if (bytes.byteSize() > 0 && random.nextDouble() < share) {
            long at = random.nextLong(bytes.byteSize());
            byte value = bytes.get(ValueLayout.JAVA_BYTE, at);
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (value ^ 1 << random.nextInt(8)));
          }
        }
        return bytes;
      }
    };
  }

  /** Asks a fixed set of questions; the answers as one text. */
  static String ask(ObjectStore store, long seed, VectorType type, float[][] centres) {
    Random random = new Random(seed);
    StringBuilder out = new StringBuilder();
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(1));
    try (SlabIndex index = SlabIndex.open(store, environment, "");
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(index.spec(), 2, Workload.ONE_SHOT)) {
      String[] filters = {
        null,
        "{\"label\":3}",
        "{\"lot\":{\"$lt\":500}}",
        "{\"lot\":7}",
        "{\"name\":{\"$in\":[\"name 1\",\"name 77\",\"name 4000\"]}}",
        "{\"$and\":[{\"label\":{\"$ne\":2}},{\"lot\":{\"$gte\":100}}]}"
      };
      for (String filter : filters) {
        for (double recall : new double[] {0.9, 1}) {
          VectorRecord like = record(random, type, centres, 0);
          QueryResult result =
              engine.query(
                  SnapshotSource.of(snapshot),
                  new QueryRequest(
                      like.values(),
                      like.sparse(),
                      filter == null ? null : FilterParser.parse(filter),
                      1 + random.nextInt(30),
                      random.nextBoolean(),
                      random.nextBoolean(),
                      type.hasDense() ? recall : 1));
          result
              .matches()
              .forEach(m ->
                  out.append(m.id())
                      .append(' ')
                      .append(m.score())
                      .append(' ')
                      .append(m.record() == null ? "" : text(m.record()))
                      .append('\n'));
        }
      }
      for (int i = 0; i < 20; i++) {
        VectorRecord found = snapshot.find("r%06d".formatted(random.nextInt(ROWS + 600)));
        out.append(found == null ? "none" : text(found)).append('\n');
      }
      for (LiveSlab slab : snapshot.slabs()) {
        int from = slab.view().lowerBound("r002".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int row = from; row < Math.min(from + 500, slab.view().rows()); row++) {
          out.append(new String(slab.view().rowId(row), java.nio.charset.StandardCharsets.UTF_8));
        }
      }
    }
    return out.toString();
  }

  private static String text(VectorRecord record) {
    return record.id()
        + java.util.Arrays.toString(record.values())
        + (record.sparse() == null
            ? ""
            : java.util.Arrays.toString(record.sparse().indices())
                + java.util.Arrays.toString(record.sparse().weights()))
        + record.metadata();
  }
}
