package io.slab.testkit;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Records that visit the corners: mixed types, missing fields, empty lists, huge and tiny numbers,
 * any Unicode.
 */
public final class RandomRecords {
  private static final double[] NUMBERS = {
    0.0,
    -0.0,
    1,
    -1,
    0.1,
    1e300,
    -1e300,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    1 << 24,
    2020
  };
  private static final String[] WORDS = {
    "", "a", "b", "aa", "ab", "é", "日本", "😀", "\uFFFD", "\u0001", "true", "1", "drama", "comedy"
  };
  private static final float[] FLOATS = {
    0f, -0f, 1f, -1f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e-20f
  };

  private final Random random;
  private final IndexSpec spec;

  public RandomRecords(Random random, IndexSpec spec) {
    this.random = random;
    this.spec = spec;
  }

  /** Distinct ids, in no order. */
  public List<VectorRecord> list(int count) {
    TreeSet<String> ids = new TreeSet<>();
    while (ids.size() < count) {
      ids.add(id());
    }
    List<VectorRecord> records = new ArrayList<>();
    ids.forEach(id -> records.add(record(id)));
    java.util.Collections.shuffle(records, random);
    return records;
  }

  private String id() {
    String stem = WORDS[1 + random.nextInt(WORDS.length - 1)];
    return switch (random.nextInt(4)) {
      case 0 -> stem + random.nextInt(1 << 20);
      case 1 -> "doc#" + random.nextInt(100) + "#" + random.nextInt(1 << 20);
      case 2 -> "x".repeat(random.nextInt(300)) + random.nextInt(1 << 20);
      default -> new String(Character.toChars(0x10000 + random.nextInt(0x1000))) + random.nextInt();
    };
  }

  public VectorRecord record(String id) {
    return new VectorRecord(id, values(), sparse(), metadata());
  }

  private float[] values() {
    if (!spec.vectorType().hasDense()) {
      return null;
    }
    float[] values = new float[spec.dimension()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(6) == 0 ? pick(FLOATS) : (float) random.nextGaussian();
    }
    values[0] = values[0] == 0 ? 1 : values[0];
    return values;
  }

  private float pick(float[] from) {
    return from[random.nextInt(from.length)];
  }

  private SparseVector sparse() {
    boolean optional = spec.vectorType().hasDense();
    if (!spec.vectorType().hasSparse() || (optional && random.nextInt(3) == 0)) {
      return null;
    }
    TreeSet<Integer> indices = new TreeSet<>(Integer::compareUnsigned);
    int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 500 : 12);
    while (indices.size() < count) {
      indices.add(random.nextBoolean() ? random.nextInt() : random.nextInt(2_000));
    }
    int[] sorted = indices.stream().mapToInt(i -> i).toArray();
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = random.nextInt(8) == 0 ? pick(FLOATS) : (float) random.nextGaussian();
    }
    return new SparseVector(sorted, weights);
  }

  private Metadata metadata() {
    Map<String, MetaValue> fields = new HashMap<>();
    if (random.nextInt(4) > 0) {
      fields.put("genre", new MetaValue.Str(word()));
    }
    if (random.nextInt(4) > 0) {
      fields.put("year", new MetaValue.Num(1900 + random.nextInt(120)));
    }
    if (random.nextInt(3) > 0) {
      fields.put("price", new MetaValue.Num(number()));
    }
    if (random.nextBoolean()) {
      fields.put("flag", new MetaValue.Bool(random.nextBoolean()));
    }
    if (random.nextBoolean()) {
      fields.put("tags", new MetaValue.StrList(words()));
    }
    if (random.nextBoolean()) {
      fields.put("mixed é", mixed());
    }
    if (random.nextInt(5) == 0) {
      fields.put("unique", new MetaValue.Str("u" + random.nextLong()));
    }
    if (random.nextInt(400) == 0) {
      fields.put("long", new MetaValue.Str("long ".repeat(random.nextInt(7_000))));
    }
    return Metadata.of(fields);
  }

  public String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  public double number() {
    return switch (random.nextInt(3)) {
      case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case 1 -> random.nextInt(50) / 10.0;
      default -> random.nextGaussian() * 1000;
    };
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      words.add(word());
    }
    return words;
  }

  private MetaValue mixed() {
    return switch (random.nextInt(4)) {
      case 0 -> new MetaValue.Str(word());
      case 1 -> new MetaValue.Num(number());
      case 2 -> new MetaValue.Bool(random.nextBoolean());
      default -> new MetaValue.StrList(words());
    };
  }
}
