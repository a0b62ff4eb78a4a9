package io.slab.format;

import static io.slab.format.GoldenSlabs.CREATED;
import static io.slab.format.GoldenSlabs.floats;
import static io.slab.format.GoldenSlabs.list;
import static io.slab.format.GoldenSlabs.number;
import static io.slab.format.GoldenSlabs.request;
import static io.slab.format.GoldenSlabs.text;

import io.slab.ann.SplitMix64;
import io.slab.bytes.XxHash64;
import io.slab.format.GoldenSlabs.Asked;
import io.slab.format.GoldenSlabs.Golden;
import io.slab.format.GoldenSlabs.Question;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A golden slab of an index with a text index. Its texts are words that every analyzer without
 * stems and stop words leaves as they are, with single blanks between them.
 */
final class GoldenWords {
  /** Of the namespace, in thousandths: not that of its texts. */
  private static final int RECORDED = 7_250;

  private static final double K1 = 1.2;
  private static final double B = 0.75;

  private static final String[] VOCABULARY = {
    "whale",
    "ship",
    "sea",
    "captain",
    "harpoon",
    "letter",
    "marriage",
    "castle",
    "night",
    "blood",
    "river",
    "raft",
    "moor",
    "storm",
    "déjà",
    "海"
  };

  private GoldenWords() {}

  static Golden words() {
    SplitMix64 random = new SplitMix64(41);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      rows.add(row(i, random));
    }
    IndexSpec spec =
        new IndexSpec(
            "golden",
            3,
            Metric.COSINE,
            VectorType.HYBRID,
            List.of("shelf"),
            new TextIndex("body", "standard"),
            CREATED);
    return new Golden(
        "words",
        request(41, spec),
        rows,
        List.of(new Question(floats(1, 0.5, -0.25), null, 20)),
        List.of("{\"shelf\":{\"$lt\":4}}", "{\"shelf\":{\"$exists\":false}}"),
        List.of(
            new Asked("whale", 12),
            new Asked("whale sea sea", 40),
            new Asked("déjà 海 unheard", 5),
            new Asked("castle castle castle night blood river", 60)),
        null);
  }

  /** The first rows are the odd ones; the others have 3 to 17 words, and one has 60. */
  private static ListInput.Row row(int i, SplitMix64 random) {
    Map<String, MetaValue> metadata = new HashMap<>();
    if (i % 4 != 3) {
      metadata.put("shelf", number(i % 11));
    }
    String body = i == 0 ? "" : i == 9 ? phrase(random, 60) : phrase(random, 3 + i % 15);
    switch (i) {
      // No text was ever put in: an update made the record. The others say that they have none.
      case 1 -> {}
      case 2 -> metadata.put("body", number(7));
      case 3 -> metadata.put("body", list("whale sea", "whale", ""));
      default -> metadata.put("body", text(body));
    }
    String read = i == 3 ? "whale sea whale" : i < 3 ? "" : body;
    float[] values = floats(random.unit() - 0.5, random.unit() - 0.5, 1);
    SparseVector terms = i == 1 ? null : stored(read);
    return GoldenSlabs.row(String.format("t%02d", i), 900 + i * 7 % 80, values, terms, metadata);
  }

  private static String phrase(SplitMix64 random, int words) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      // Some words are much rarer than others.
      double place = random.unit() * random.unit();
      text.add(VOCABULARY[(int) (place * VOCABULARY.length)]);
    }
    return String.join(" ", text);
  }

  private static SparseVector stored(String text) {
    TreeMap<Integer, Integer> terms = terms(text);
    int length = length(terms);
    int[] indices = new int[terms.size() + 1];
    float[] weights = new float[terms.size() + 1];
    int at = 0;
    for (Map.Entry<Integer, Integer> term : terms.entrySet()) {
      double share = length / (RECORDED / 1000.0);
      indices[at] = term.getKey();
      weights[at++] = (float) (term.getValue() / (term.getValue() + K1 * (1 - B + B * share)));
    }
    indices[at] = -1;
    weights[at] = length;
    return new SparseVector(indices, weights);
  }

  /** How often each term occurs, by its number, in unsigned order. */
  static TreeMap<Integer, Integer> terms(String text) {
    TreeMap<Integer, Integer> terms = new TreeMap<>(Integer::compareUnsigned);
    for (String word : text.split("\\s+")) {
      if (!word.isEmpty()) {
        terms.merge((int) XxHash64.hash(Utf8.bytes(word)), 1, Integer::sum);
      }
    }
    return terms;
  }

  private static int length(Map<Integer, Integer> terms) {
    return terms.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The records with a word of the question and their BM25, from the texts themselves. */
  static Map<String, Float> scores(List<VectorRecord> records, String question) {
    Map<String, TreeMap<Integer, Integer>> texts = new HashMap<>();
    for (VectorRecord record : records) {
      MetaValue body = record.metadata().get("body");
      String text = body instanceof MetaValue.Str(String one) ? one : "";
      text = body instanceof MetaValue.StrList(List<String> all) ? String.join("\n", all) : text;
      texts.put(record.id(), terms(text));
    }
    long count = texts.values().stream().filter(terms -> !terms.isEmpty()).count();
    long sum = texts.values().stream().mapToLong(GoldenWords::length).sum();
    Map<String, Float> scores = new HashMap<>();
    texts.forEach((id, text) -> {
      double score = 0;
      for (Map.Entry<Integer, Integer> asked : terms(question).entrySet()) {
        int term = asked.getKey();
        long having = texts.values().stream().filter(other -> other.containsKey(term)).count();
        double rarity = Math.log(1 + (count - having + 0.5) / (having + 0.5));
        double f = text.getOrDefault(term, 0);
        double share = (double) length(text) * count / sum;
        score += (float) (asked.getValue() * rarity) * f / (f + K1 * (1 - B + B * share));
      }
      if (score > 0) {
        scores.put(id, (float) score);
      }
    });
    return scores;
  }
}
