package io.slab.format;

import static io.slab.format.GoldenSlabs.CREATED;
import static io.slab.format.GoldenSlabs.entries;
import static io.slab.format.GoldenSlabs.floats;
import static io.slab.format.GoldenSlabs.id;
import static io.slab.format.GoldenSlabs.list;
import static io.slab.format.GoldenSlabs.number;
import static io.slab.format.GoldenSlabs.request;
import static io.slab.format.GoldenSlabs.row;
import static io.slab.format.GoldenSlabs.spec;
import static io.slab.format.GoldenSlabs.text;
import static io.slab.format.GoldenSlabs.truth;

import io.slab.ann.Quantizer;
import io.slab.ann.SplitMix64;
import io.slab.format.GoldenSlabs.Golden;
import io.slab.format.GoldenSlabs.Question;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.Metric;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** More golden slabs: what is rare, long or large. */
final class GoldenEdges {
  private static final int MANY_ROWS = 65_600;

  private GoldenEdges() {}

  static List<Golden> all() {
    return List.of(
        keys(),
        wide(),
        late(),
        indexed("dot", 34, Metric.DOTPRODUCT, 40, new FixedIndexer(20, Quantizer.SIGN)),
        indexed("pqodd", 35, Metric.EUCLIDEAN, 37, new FixedIndexer(3, Quantizer.PQ)),
        indexed("flat", 36, Metric.COSINE, 10, new FixedIndexer(1, Quantizer.SIGN)));
  }

  /** Rows on both sides of 65,536, in containers of every kind; several chunked sections. */
  private static Golden keys() {
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < MANY_ROWS; i++) {
      Map<String, MetaValue> metadata = new HashMap<>();
      if (i >= 20_000 && i < 26_000 || i >= 65_550) {
        metadata.put("stretch", truth(i >= 22_000));
      }
      if (i % 13 == 0) {
        metadata.put("thirteenth", text("t" + i % 2));
      }
      if (i % 1_009 == 7 || i >= 65_590) {
        metadata.put("rare", number(i % 50));
      }
      rows.add(row(String.format("%05d", i), 7, floats((i % 97) * 0.25 - 3), null, metadata));
    }
    return new Golden(
        "keys",
        request(31, spec(VectorType.DENSE, 1, Metric.DOTPRODUCT, null)),
        rows,
        List.of(new Question(floats(-2), null, 700)),
        List.of(
            "{\"stretch\":true}",
            "{\"thirteenth\":{\"$exists\":true}}",
            "{\"rare\":{\"$gt\":45}}",
            "{\"$or\":[{\"stretch\":false},{\"thirteenth\":\"t0\"},{\"rare\":{\"$ne\":7}}]}"));
  }

  /** The largest dimension and the longest id. */
  private static Golden wide() {
    return new Golden(
        "wide",
        request(32, spec(VectorType.DENSE, Limits.MAX_DIMENSION, Metric.EUCLIDEAN, null)),
        List.of(
            row("é".repeat(Limits.MAX_ID_BYTES / 2), 2, repeated(0.5, -1, 3), null, Map.of()),
            row("z", 1, repeated(1, 2, 3, 4, 5, 6, 7), null, Map.of())),
        List.of(new Question(repeated(0.25, 1e-3), null, 2)),
        List.of());
  }

  private static float[] repeated(double... values) {
    float[] all = new float[Limits.MAX_DIMENSION];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) values[i % values.length];
    }
    return all;
  }

  /** A hybrid slab with deletes and with LSNs that lie far apart. */
  private static Golden late() {
    long late = 1L << 62;
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      SparseVector sparse = i % 3 == 0 ? null : entries(new int[] {i, -2}, 0.5 * i, -1);
      Map<String, MetaValue> metadata = Map.of("n", number(i), "tags", list("a" + i % 2, "b"));
      rows.add(row("late/" + i, i == 4 ? late : 3 + i, floats(i, -i, 1), sparse, metadata));
    }
    List<SlabRequest.Tombstone> ids = new ArrayList<>();
    for (int i = 0; i < 260; i++) {
      ids.add(new SlabRequest.Tombstone(Utf8.bytes(String.format("gone%03d", i)), late - i));
    }
    SlabRequest request =
        new SlabRequest(
            id(33),
            CREATED + 33,
            spec(VectorType.HYBRID, 3, Metric.DOTPRODUCT, List.of("n")),
            "other",
            2,
            List.of(id(90), id(91)),
            SlabTombstones.sorted(
                ids, List.of(RangeTombstone.prefix(late, Utf8.bytes("gone"))), late));
    return new Golden(
        "late",
        request,
        rows,
        List.of(
            new Question(floats(1, 0.5, 2), entries(new int[] {2, -2}, 4, 1), 9),
            new Question(floats(0, 0, 1), null, 9)),
        List.of("{\"n\":{\"$in\":[1,4,7]}}"));
  }

  /** An index over 160 vectors in eight loose clusters. */
  private static Golden indexed(
      String name, int number, Metric metric, int dimension, VectorIndexer indexer) {
    SplitMix64 random = new SplitMix64(number);
    List<ListInput.Row> rows = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 162; i++) {
      float[] values = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        double centre = new SplitMix64((i % 8) * 100L + d).unit();
        values[d] = (float) (4 * centre + random.unit() - 2);
      }
      if (i < 160) {
        rows.add(row(String.format("v%03d", i), 1 + i, values, null, Map.of()));
      } else {
        questions.add(new Question(values, null, 10));
      }
    }
    IndexSpec spec = spec(VectorType.DENSE, dimension, metric, null);
    return new Golden(name, request(number, spec), rows, questions, List.of(), indexer);
  }
}
