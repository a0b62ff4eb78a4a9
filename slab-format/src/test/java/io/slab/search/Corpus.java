package io.slab.search;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Records for tests, and the ways to spread them over slabs and memtable. */
final class Corpus {
  private Corpus() {}

  static IndexSpec spec(Metric metric, VectorType type, int dimension) {
    return new IndexSpec("test", dimension, metric, type, null, 0);
  }

  static float[] gaussian(SplittableRandom random, int dimension, double scale) {
    float[] v = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      v[i] = (float) (random.nextGaussian() * scale);
    }
    return v;
  }

  static SparseVector sparse(SplittableRandom random, int space, int entries) {
    TreeMap<Integer, Float> chosen = new TreeMap<>(Integer::compareUnsigned);
    for (int i = 0; i < entries; i++) {
      // Half of the indices have the top bit set: their order is unsigned.
      int index = random.nextInt(space) | (random.nextBoolean() ? 1 << 31 : 0);
      chosen.put(index, (float) (random.nextInt(5) - 2) / 2);
    }
    int[] indices = new int[chosen.size()];
    float[] weights = new float[chosen.size()];
    int i = 0;
    for (Map.Entry<Integer, Float> entry : chosen.entrySet()) {
      indices[i] = entry.getKey();
      weights[i++] = entry.getValue();
    }
    return new SparseVector(indices, weights);
  }

  static Metadata metadata(SplittableRandom random) {
    return Metadata.of(
        Map.of(
            "tenth", new MetaValue.Num(random.nextInt(10)),
            "half", new MetaValue.Bool(random.nextBoolean()),
            "rare", new MetaValue.Str("r" + random.nextInt(200))));
  }

  /** Records with shuffled ids, so that id order says nothing about order of creation. */
  static List<VectorRecord> records(
      SplittableRandom random,
      int count,
      IntFunction<float[]> values,
      IntFunction<SparseVector> sparse) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = Integer.toString(random.nextInt(1 << 20), 36) + "-" + i;
      records.add(new VectorRecord(id, values.apply(i), sparse.apply(i), metadata(random)));
    }
    return records;
  }

  /** A snapshot made of lists. */
  record Source(List<SearchPart> parts, List<VectorRecord> memtable) implements SearchSource {}

  /**
   * Spreads the records over so many slabs and a memtable. With {@code dead}, slabs also get older
   * versions of some records, with other values that must not be seen.
   */
  static Source spread(
      SplittableRandom random,
      IndexSpec spec,
      List<VectorRecord> live,
      int slabs,
      int memtableShare,
      boolean dead) {
    List<List<VectorRecord>> homes = new ArrayList<>();
    for (int i = 0; i < slabs; i++) {
      homes.add(new ArrayList<>());
    }
    List<VectorRecord> memtable = new ArrayList<>();
    List<List<String>> corpses = new ArrayList<>();
    for (int i = 0; i < slabs; i++) {
      corpses.add(new ArrayList<>());
    }
    for (VectorRecord record : live) {
      int home = random.nextInt(slabs + memtableShare);
      (home < slabs ? homes.get(home) : memtable).add(record);
      int grave = random.nextInt(Math.max(1, slabs));
      if (dead && slabs > 0 && grave != home && random.nextInt(3) == 0) {
        float[] values = live.get(random.nextInt(live.size())).values();
        homes
            .get(grave)
            .add(new VectorRecord(record.id(), values, record.sparse(), record.metadata()));
        corpses.get(grave).add(record.id());
      }
    }
    memtable.sort(Comparator.comparing(VectorRecord::id, Utf8.ORDER));
    List<SearchPart> parts = new ArrayList<>();
    for (int i = 0; i < slabs; i++) {
      FakeSlab slab = new FakeSlab(i, spec.dimension(), homes.get(i), i % 2 == 0);
      MutableRoaringBitmap rows = new MutableRoaringBitmap();
      for (String id : corpses.get(i)) {
        rows.add(slab.find(Utf8.bytes(id)));
      }
      parts.add(new SearchPart(slab, rows));
    }
    return new Source(parts, memtable);
  }
}
