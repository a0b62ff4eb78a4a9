package io.slab.format;

import io.slab.ann.Quantizer;
import io.slab.ann.SplitMix64;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slabs of spec/golden. Together they hold every section kind and encoding, plain and
 * compressed blocks, chunked sections, and every container kind of roaring bitmaps. Nothing here
 * may change what an existing one is made of.
 */
final class GoldenSlabs {
  static final long CREATED = 1_760_000_000_000L;

  /**
   * One golden slab, its rows, and the questions whose answers are recorded beside it.
   *
   * @param asked questions for words; empty without a text index
   */
  record Golden(
      String name,
      SlabRequest request,
      List<ListInput.Row> rows,
      List<Question> questions,
      List<String> filters,
      List<Asked> asked,
      VectorIndexer indexer) {
    Golden(
        String name,
        SlabRequest request,
        List<ListInput.Row> rows,
        List<Question> questions,
        List<String> filters,
        VectorIndexer indexer) {
      this(name, request, rows, questions, filters, List.of(), indexer);
    }

    Golden(
        String name,
        SlabRequest request,
        List<ListInput.Row> rows,
        List<Question> questions,
        List<String> filters) {
      this(name, request, rows, questions, filters, List.of(), null);
    }

    byte[] build() {
      HeapObject object = new HeapObject();
      SlabBuilder.build(request, ListInput.of(rows), object, indexer);
      return object.bytes();
    }
  }

  record Question(float[] values, SparseVector sparse, int topK) {}

  record Asked(String text, int topK) {}

  private GoldenSlabs() {}

  static List<Golden> all() {
    List<Golden> all =
        new ArrayList<>(
            List.of(
                one(),
                cosine(),
                euclidean(),
                sparse(),
                hybrid(),
                large(),
                indexed("ivf", 21, Metric.EUCLIDEAN, Quantizer.SIGN),
                indexed("pqfs", 22, Metric.COSINE, Quantizer.PQ),
                cells(),
                deletes()));
    all.addAll(GoldenEdges.all());
    all.add(GoldenWords.words());
    return all;
  }

  /** No row, and deletes of every kind. */
  private static Golden deletes() {
    List<SlabRequest.Tombstone> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ids.add(new SlabRequest.Tombstone(Utf8.bytes("gone/" + i * 7919 % 1_000), 3_000_000 + i * i));
    }
    List<RangeTombstone> ranges =
        List.of(
            RangeTombstone.all(1 << 20),
            RangeTombstone.prefix(2_097_153, Utf8.bytes("é/")),
            RangeTombstone.filter(2_097_153, "{\"n\":{\"$lt\":3}}"),
            RangeTombstone.otherSlabs(2_097_154, List.of(id(101), id(100))),
            RangeTombstone.otherSlabs(2_097_155, List.of()));
    SlabRequest request =
        new SlabRequest(
            id(24),
            CREATED + 24,
            spec(VectorType.HYBRID, 3, Metric.DOTPRODUCT, null),
            "__default__",
            1,
            List.of(id(100)),
            SlabTombstones.sorted(ids, ranges, 4_000_000));
    return new Golden(
        "deletes",
        request,
        List.of(),
        List.of(new Question(floats(1, 0, 0), null, 3)),
        List.of("{\"n\":1}", "{\"n\":{\"$ne\":1}}"));
  }

  /** Rows of every kind of data, in the order of their cells. */
  private static Golden cells() {
    int dimension = 6;
    SplitMix64 random = new SplitMix64(23);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] values = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        values[d] = (float) (3 * new SplitMix64((i % 5) * 50L + d).unit() + random.unit() - 2);
      }
      // Many equal rows, so that ties are decided by the ids.
      values = i % 9 == 4 ? floats(1, 1, -1, 0.5, 0, 2) : values;
      SparseVector sparse =
          i % 4 == 0 ? null : entries(new int[] {i % 7, 7 + i % 3}, 1, 1 + i % 13);
      Map<String, MetaValue> metadata = new HashMap<>();
      metadata.put("number", number(i % 31));
      if (i % 3 == 0) {
        metadata.put("text", text("t" + i % 17));
        metadata.put("tags", list("a" + i % 2, "b" + i % 5));
      }
      if (i % 10 == 0) {
        metadata.put("even", truth(i % 20 == 0));
      }
      rows.add(row(String.format("c%03d", i), 1_000 - i, values, sparse, metadata));
    }
    return new Golden(
        "cells",
        request(23, spec(VectorType.HYBRID, dimension, Metric.DOTPRODUCT, null)),
        rows,
        List.of(
            new Question(floats(1, 1, -1, 0.5, 0, 2), null, 20),
            new Question(floats(-1, 0, 2, 0.25, 1, 0), entries(new int[] {2, 8}, 0.5, 0.125), 10)),
        List.of(
            "{\"text\":\"t3\"}",
            "{\"number\":{\"$gte\":12,\"$lt\":14}}",
            "{\"tags\":\"b0\"}",
            "{\"even\":{\"$ne\":true}}"),
        new FixedIndexer(6, Quantizer.SIGN));
  }

  /** An index of five cells over 120 vectors in eight loose clusters. */
  private static Golden indexed(String name, int number, Metric metric, Quantizer quantizer) {
    int dimension = 20;
    SplitMix64 random = new SplitMix64(number);
    List<ListInput.Row> rows = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 123; i++) {
      float[] values = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        double centre = new SplitMix64((i % 8) * 100L + d).unit();
        values[d] = (float) (4 * centre + random.unit() - 0.5);
      }
      if (i < 120) {
        VectorRecord record =
            new VectorRecord(String.format("v%03d", i), values, null, Metadata.EMPTY);
        rows.add(ListInput.Row.of(record, 1 + i));
      } else {
        questions.add(new Question(values, null, 10));
      }
    }
    IndexSpec spec = spec(VectorType.DENSE, dimension, metric, null);
    return new Golden(
        name, request(number, spec), rows, questions, List.of(), new FixedIndexer(5, quantizer));
  }

  static IndexSpec spec(VectorType type, int dimension, Metric metric, List<String> schema) {
    return new IndexSpec("golden", dimension, metric, type, schema, CREATED);
  }

  static Ulid id(int number) {
    return Ulid.of(CREATED, 7, number);
  }

  static SlabRequest request(int number, IndexSpec spec) {
    return SlabRequest.flush(id(number), CREATED + number, spec, "__default__");
  }

  static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static SparseVector entries(int[] indices, double... weights) {
    return new SparseVector(indices, floats(weights));
  }

  static MetaValue text(String value) {
    return new MetaValue.Str(value);
  }

  static MetaValue number(double value) {
    return new MetaValue.Num(value);
  }

  static MetaValue truth(boolean value) {
    return new MetaValue.Bool(value);
  }

  static MetaValue list(String... values) {
    return new MetaValue.StrList(List.of(values));
  }

  static ListInput.Row row(
      String id, long lsn, float[] values, SparseVector sparse, Map<String, MetaValue> metadata) {
    return ListInput.Row.of(new VectorRecord(id, values, sparse, Metadata.of(metadata)), lsn);
  }

  /** The smallest slab: one row, two dimensions, no metadata. */
  private static Golden one() {
    return new Golden(
        "one",
        request(1, spec(VectorType.DENSE, 2, Metric.DOTPRODUCT, null)),
        List.of(row("a", 1L << 20, floats(1, -0.0), null, Map.of())),
        List.of(new Question(floats(0.5, 2), null, 3)),
        List.of());
  }

  /**
   * Every type of column, a field of all types, odd numbers and texts, tombstones, sources, a
   * schema.
   */
  private static Golden cosine() {
    IndexSpec spec =
        spec(VectorType.DENSE, 3, Metric.COSINE, List.of("genre", "year", "new", "tags", "any"));
    List<ListInput.Row> rows =
        List.of(
            row(
                "doc#1",
                5,
                floats(1, 0, 0),
                null,
                Map.of(
                    "genre",
                    text("drama"),
                    "year",
                    number(2020),
                    "new",
                    truth(true),
                    "any",
                    text("x"))),
            row(
                "doc#2",
                9,
                floats(0, 1, 0),
                null,
                Map.of(
                    "genre",
                    text("comedy"),
                    "year",
                    number(-0.0),
                    "tags",
                    list("b", "a", "b"),
                    "any",
                    number(1))),
            row(
                "doc#10",
                7,
                floats(0.1, 0.2, 0.3),
                null,
                Map.of(
                    "genre",
                    text("drama"),
                    "year",
                    number(1e300),
                    "tags",
                    list(),
                    "any",
                    truth(false))),
            row(
                "日本😀",
                1L << 40,
                floats(1e-20, 1e20, -3),
                null,
                Map.of(
                    "genre",
                    text(""),
                    "year",
                    number(Double.MIN_VALUE),
                    "tags",
                    list("é", ""),
                    "any",
                    list("x", "y"),
                    "not indexed",
                    text("kept"))),
            row("é", 6, floats(-1, -1, -1), null, Map.of()));
    SlabRequest request =
        new SlabRequest(
            id(2),
            CREATED + 2,
            spec,
            "name/space é",
            1,
            List.of(id(100), id(101)),
            SlabTombstones.sorted(
                List.of(
                    new SlabRequest.Tombstone(Utf8.bytes("gone"), 4),
                    new SlabRequest.Tombstone(Utf8.bytes("gone too"), 8)),
                List.of(RangeTombstone.filter(7, "{\"genre\":\"drama\"}")),
                (1L << 40) + 7));
    return new Golden(
        "cosine",
        request,
        rows,
        List.of(
            new Question(floats(1, 1, 1), null, 5), new Question(floats(0.3, -0.7, 1e-3), null, 2)),
        List.of(
            "{\"genre\":\"drama\"}",
            "{\"year\":0}",
            "{\"year\":{\"$gt\":0,\"$lte\":2020}}",
            "{\"any\":\"x\"}",
            "{\"any\":{\"$ne\":\"x\"}}",
            "{\"tags\":{\"$in\":[\"b\",\"é\"]}}",
            "{\"tags\":{\"$exists\":true}}",
            "{\"new\":true}"));
  }

  /**
   * More than one block of ids and of strings, compressed blocks, rank slices with a range over
   * many ranks.
   */
  private static Golden euclidean() {
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<String, MetaValue> metadata = new HashMap<>();
      metadata.put("n", number((i * 37 % 101) / 4.0));
      metadata.put("name", text("a rather repetitive name, number " + i * 7919 % 1_000));
      if (i % 3 == 0) {
        metadata.put("group", text("g" + i / 100));
      }
      float[] values = floats(i % 17 - 8, (i % 5) * 0.25, i * 0.001, 1.0 / (i + 1));
      rows.add(row("row-" + i, (long) i << 3, values, null, metadata));
    }
    return new Golden(
        "euclidean",
        request(3, spec(VectorType.DENSE, 4, Metric.EUCLIDEAN, null)),
        rows,
        List.of(
            new Question(floats(0, 0, 0, 0), null, 10),
            new Question(floats(-8, 1, 0.25, 0.5), null, 300)),
        List.of(
            "{\"n\":{\"$gte\":5,\"$lt\":20}}",
            "{\"n\":{\"$gt\":24}}",
            "{\"name\":\"a rather repetitive name, number 919\"}",
            "{\"group\":{\"$exists\":false}}"));
  }

  private static Golden sparse() {
    List<ListInput.Row> rows =
        List.of(
            row("a", 3, null, entries(new int[] {0, 7, -1}, 1, 0.5, -2), Map.of("k", text("v"))),
            row("b", 1, null, entries(new int[] {7}, 1e-30), Map.of()),
            row(
                "c",
                2,
                null,
                entries(new int[] {1, 2, 3, Integer.MIN_VALUE}, 1, 2, 3, 4),
                Map.of()));
    return new Golden(
        "sparse",
        request(4, spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT, null)),
        rows,
        List.of(new Question(null, entries(new int[] {2, 7, -1}, 0.1, 3, 1), 3)),
        List.of("{\"k\":\"v\"}", "{\"k\":{\"$exists\":false}}"));
  }

  private static Golden hybrid() {
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SparseVector sparse =
          i % 4 == 0 ? null : entries(new int[] {i, 100, 1_000 + i}, 0.1 * i, 1.0 / i, -1);
      rows.add(
          row(
              "h" + i,
              50 - i,
              floats(i, 1, -i, 0.5, i * i),
              sparse,
              i % 2 == 0 ? Map.of() : Map.of("odd", truth(i % 3 == 0))));
    }
    return new Golden(
        "hybrid",
        request(5, spec(VectorType.HYBRID, 5, Metric.DOTPRODUCT, null)),
        rows,
        List.of(
            new Question(floats(0.1, 0.2, 0.3, 0.4, 0.5), entries(new int[] {3, 100}, 2, 10), 8),
            new Question(floats(-1, 0, 0, 0, 0.01), null, 20)),
        List.of("{\"odd\":true}", "{\"odd\":{\"$ne\":true}}"));
  }

  /** Chunked sections, and bitmaps with bitset, array and run containers. */
  private static Golden large() {
    List<ListInput.Row> rows = new ArrayList<>();
    long state = 42;
    for (int i = 0; i < 9_000; i++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      Map<String, MetaValue> metadata =
          Map.of(
              "coin", truth(state < 0),
              "era", text(i < 5_000 ? "early" : "late"),
              "hundredth", text("h" + i % 100));
      SparseVector sparse = entries(new int[] {i % 50}, 1 + i % 7);
      rows.add(row(String.format("%05d", i), i, null, sparse, metadata));
    }
    return new Golden(
        "large",
        request(
            6, spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT, List.of("coin", "era", "hundredth"))),
        rows,
        List.of(new Question(null, entries(new int[] {3, 4}, 1, 2), 12)),
        List.of(
            "{\"coin\":true}",
            "{\"era\":\"late\"}",
            "{\"hundredth\":{\"$in\":[\"h7\",\"h8\"]}}",
            "{\"$and\":[{\"coin\":false},{\"era\":\"early\"},{\"hundredth\":\"h99\"}]}"));
  }
}
