package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

class SlabFieldsIT {
  private static final IndexSpec SPEC = TestSlabs.spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT);
  private static final String[] FIELDS = {
    "genre", "year", "price", "flag", "tags", "mixed é", "unique", "long", "none"
  };

  private static int[] brute(List<VectorRecord> rows, String field, Predicate<MetaValue> test) {
    return IntStream.range(0, rows.size())
        .filter(row -> rows.get(row).metadata().get(field) != null)
        .filter(row -> test.test(rows.get(row).metadata().get(field)))
        .toArray();
  }

  private static boolean equalsText(MetaValue value, String text) {
    return switch (value) {
      case MetaValue.Str(String own) -> own.equals(text);
      case MetaValue.StrList(List<String> own) -> own.contains(text);
      default -> false;
    };
  }

  private static boolean inside(
      MetaValue value, double low, boolean lowIn, double high, boolean highIn) {
    return value instanceof MetaValue.Num(double n)
        && (lowIn ? n >= low : n > low)
        && (highIn ? n <= high : n < high);
  }

  private static void ask(SlabReader slab, List<VectorRecord> rows, int questions, Random random) {
    RandomRecords words = new RandomRecords(random, SPEC);
    for (int i = 0; i < questions; i++) {
      String field = FIELDS[random.nextInt(FIELDS.length)];
      MetaValue sample = rows.get(random.nextInt(rows.size())).metadata().get(field);
      String text = sample instanceof MetaValue.Str(String own) ? own : words.word();
      double a = number(rows, field, random, words);
      double b = number(rows, field, random, words);
      boolean truth = random.nextBoolean();
      boolean lowIn = random.nextBoolean();
      boolean highIn = random.nextBoolean();
      same(brute(rows, field, v -> true), slab.fields().exists(field));
      same(brute(rows, field, v -> equalsText(v, text)), slab.fields().equalTo(field, text));
      same(
          brute(rows, field, v -> v instanceof MetaValue.Num(double n) && n == a),
          slab.fields().equalTo(field, a));
      same(
          brute(rows, field, v -> v instanceof MetaValue.Bool(boolean t) && t == truth),
          slab.fields().equalTo(field, truth));
      same(
          brute(rows, field, v -> inside(v, a, lowIn, b, highIn)),
          slab.fields().range(field, a, lowIn, b, highIn));
    }
  }

  private static double number(
      List<VectorRecord> rows, String field, Random random, RandomRecords words) {
    MetaValue sample = rows.get(random.nextInt(rows.size())).metadata().get(field);
    if (sample instanceof MetaValue.Num(double number) && random.nextInt(4) > 0) {
      return number;
    }
    return switch (random.nextInt(5)) {
      case 0 -> Double.NEGATIVE_INFINITY;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> 1900 + random.nextInt(240) / 2.0;
      default -> words.number();
    };
  }

  private static void same(int[] expected, ImmutableRoaringBitmap found) {
    assertArrayEquals(expected, found.toArray());
    assertEquals(expected.length, found.getCardinality());
  }

  @Test
  void answersLikeALookAtEveryRow() {
    long seed = Seeds.of("SlabFieldsIT.answersLikeALookAtEveryRow");
    for (int count : new int[] {1, 7, 256, 3_000}) {
      Random random = new Random(seed + count);
      List<VectorRecord> records = new RandomRecords(random, SPEC).list(count);
      try (SlabReader slab = TestSlabs.open(TestSlabs.build(SPEC, records))) {
        ask(slab, TestSlabs.sorted(records), count == 3_000 ? 500 : 1_000, random);
      }
    }
  }

  /** Enough rows for run, array and bitset containers, and for several keys. */
  @Test
  void largeBitmapsOfEveryContainerKind() {
    List<VectorRecord> records = new ArrayList<>();
    SparseVector sparse = new SparseVector(new int[] {1}, new float[] {1});
    int rows = 150_000;
    for (int row = 0; row < rows; row++) {
      Map<String, MetaValue> fields =
          Map.of(
              "half", new MetaValue.Bool(row % 2 == 0),
              "run", new MetaValue.Str(row < 90_000 ? "low" : "high"),
              "n", new MetaValue.Num((row * 7_919L) % 100_003),
              "rare", new MetaValue.Str("r" + row % 997));
      String id = String.format("%06d", row);
      records.add(new VectorRecord(id, null, sparse, Metadata.of(fields)));
    }
    byte[] bytes = TestSlabs.build(SPEC, records);
    try (SlabReader slab = TestSlabs.open(bytes)) {
      ask(slab, records, List.of("half", "run", "n", "rare"));
    }
    assertEquals(List.of(), TestSlabs.problems(bytes));
  }

  private static void ask(SlabReader slab, List<VectorRecord> rows, List<String> fields) {
    for (String field : fields) {
      same(brute(rows, field, v -> true), slab.fields().exists(field));
    }
    same(
        brute(rows, "half", v -> v.equals(new MetaValue.Bool(true))),
        slab.fields().equalTo("half", true));
    same(brute(rows, "run", v -> equalsText(v, "low")), slab.fields().equalTo("run", "low"));
    same(brute(rows, "rare", v -> equalsText(v, "r5")), slab.fields().equalTo("rare", "r5"));
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      double low = i < 5 ? i : random.nextInt(100_003);
      double high = low + (i < 5 ? 99_980 : random.nextInt(i % 2 == 0 ? 40 : 60_000));
      boolean lowIn = random.nextBoolean();
      boolean highIn = random.nextBoolean();
      same(
          brute(rows, "n", v -> inside(v, low, lowIn, high, highIn)),
          slab.fields().range("n", low, lowIn, high, highIn));
    }
  }

  @Test
  void topValuesAreTheMostFrequentOnes() {
    List<VectorRecord> records = new RandomRecords(new Random(2), SPEC).list(2_000);
    try (SlabReader slab = TestSlabs.open(TestSlabs.build(SPEC, records))) {
      for (SlabColumn column : slab.columns()) {
        List<SlabColumn.ValueCount> top = column.topValues(3);
        assertTrue(top.size() <= 3 && !top.isEmpty(), column.info().toString());
        List<Integer> counts = new ArrayList<>();
        for (int rank = 0; rank < column.info().distinct(); rank++) {
          counts.add(column.count(rank));
        }
        counts.sort(Collections.reverseOrder());
        assertEquals(
            counts.subList(0, top.size()), top.stream().map(SlabColumn.ValueCount::rows).toList());
      }
      SlabColumn flag = slab.columns().getFirst();
      assertEquals("flag", flag.info().field());
      for (SlabColumn.ValueCount value : flag.topValues(9)) {
        assertTrue(value.value() instanceof MetaValue.Bool);
      }
    }
  }
}
