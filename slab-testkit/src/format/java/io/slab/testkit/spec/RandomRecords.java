package io.slab.testkit.spec;

import io.slab.model.Utf8;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Seeded records with every kind of id, vector and metadata value. */
public final class RandomRecords {
  private static final String[] WORDS = {
    "drama", "comedy", "ärger", "日本", "", "a\nb", "\uD83D\uDE00"
  };
  private static final double[] NUMBERS = {0, -0.0, 1, 2020, -1.5, 1e300, 5e-324, 1.0 / 3};

  private final Random random;
  private final IndexSpec spec;

  public RandomRecords(long seed, IndexSpec spec) {
    this.random = new Random(seed);
    this.spec = spec;
  }

  /** Records in id order; the ids share prefixes. */
  public List<VectorRecord> records(int count) {
    Map<String, VectorRecord> records = new TreeMap<>(Utf8.ORDER);
    while (records.size() < count) {
      String id =
          "doc/" + random.nextInt(5) + "/" + WORDS[random.nextInt(WORDS.length)] + records.size();
      records.put(id, record(id));
    }
    return new ArrayList<>(records.values());
  }

  public VectorRecord record(String id) {
    float[] values = spec.vectorType().hasDense() ? dense() : null;
    boolean sparse = spec.vectorType().hasSparse() && (values == null || random.nextInt(3) > 0);
    return new VectorRecord(id, values, sparse ? sparse() : null, metadata());
  }

  public float[] dense() {
    float[] values = new float[spec.dimension()];
    for (int i = 0; i < values.length; i++) {
      // A few coarse values, so that equal scores happen; and some fine ones, so that rounding
      // matters.
      values[i] = random.nextInt(3) > 0 ? random.nextInt(5) - 2 : (float) random.nextGaussian();
    }
    values[random.nextInt(values.length)] = 1;
    return values;
  }

  public SparseVector sparse() {
    int count = 1 + random.nextInt(6);
    int[] indices = new int[count];
    float[] weights = new float[count];
    int index = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      indices[i] = i == 5 ? -1 : index;
      index += 1 + random.nextInt(5);
      weights[i] = (float) random.nextGaussian();
    }
    return new SparseVector(indices, weights);
  }

  public Metadata metadata() {
    Map<String, MetaValue> fields = new TreeMap<>();
    for (String field : new String[] {"genre", "year", "flag", "tags", "mixed", "é"}) {
      if (random.nextInt(4) > 0) {
        fields.put(field, value(field));
      }
    }
    if (random.nextInt(40) == 0) {
      fields.put("text", new MetaValue.Str("long text ".repeat(random.nextInt(3_000))));
    }
    return Metadata.of(fields);
  }

  private MetaValue value(String field) {
    int kind =
        switch (field) {
          case "genre", "é" -> 0;
          case "year" -> 1;
          case "flag" -> 2;
          case "tags" -> 3;
          default -> random.nextInt(4);
        };
    return switch (kind) {
      case 0 -> new MetaValue.Str(WORDS[random.nextInt(WORDS.length)]);
      case 1 ->
          new MetaValue.Num(
              random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(300));
      case 2 -> new MetaValue.Bool(random.nextBoolean());
      default -> {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          tags.add(WORDS[random.nextInt(WORDS.length)]);
        }
        yield new MetaValue.StrList(tags);
      }
    };
  }
}
