package io.slab.bench;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Match;
import io.slab.Namespace;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Search by words beside Lucene's BM25: {@code TextQuality FOLDER...}. NDCG of ten answers with the
 * average length that the first thousand texts give, and with one that is wrong by a factor, as
 * where the first texts are of another kind than all others. Ends with 1 where one of them is more
 * than 0.5 % below Lucene's.
 */
public final class TextQuality {
  private static final int DEPTH = 10;
  private static final int BATCH = 1_000;
  private static final int ROUNDS = 20;
  private static final double[] DRIFTS = {0.25, 0.5, 0.67, 1.5, 2, 4};

  /** How far NDCG may lie below Lucene's, as a share of it. */
  private static final double TOLERANCE = 0.005;

  /** What lay further below. */
  private static final List<String> FAULTS = new ArrayList<>();

  private TextQuality() {}

  public static void main(String[] args) throws IOException {
    for (String folder : args) {
      SmartSet set = SmartSet.read(Path.of(folder));
      System.out.printf(
          Locale.ROOT,
          "%s: %d texts, %d questions%n",
          folder,
          set.docs().size(),
          set.queries().size());
      Path work = Files.createTempDirectory("slab-text-");
      try (LuceneWords lucene = new LuceneWords(work.resolve("lucene"), set.docs())) {
        run(set, lucene, work);
      } finally {
        delete(work);
      }
    }
    if (!FAULTS.isEmpty()) {
      System.out.println("more than 0.5 % below Lucene: " + String.join("; ", FAULTS));
      System.exit(1);
    }
  }

  private static void run(SmartSet set, LuceneWords lucene, Path work) throws IOException {
    Answers theirs = Answers.of(set, text -> lucene.query(text, DEPTH));
    System.out.printf(Locale.ROOT, "  lucene          NDCG@10 %.4f%n", theirs.ndcg);
    Path place = work.resolve("slab");
    try (Index index = Index.create(place, IndexSettings.texts("text", "english"))) {
      Namespace namespace = index.namespace();
      write(namespace, set.docs());
      say("slab, in the log", ask(set, namespace), theirs);
      namespace.flush();
      say("slab, in a slab", ask(set, namespace), theirs);
      times(set, namespace, lucene);
    }
    System.out.printf(
        Locale.ROOT,
        "  bytes a record: slab %d with texts, log and manifests, lucene %d without texts%n",
        bytes(place) / set.docs().size(),
        bytes(work.resolve("lucene")) / set.docs().size());
    int length = set.docs().values().stream().mapToInt(text -> text.split("\\W+").length).sum();
    double average = (double) length / set.docs().size();
    for (double drift : DRIFTS) {
      try (Index index =
          Index.create(work.resolve("drift" + drift), IndexSettings.texts("text", "english"))) {
        Namespace namespace = index.namespace();
        write(namespace, strange((int) (average * drift)));
        namespace.deleteAll();
        write(namespace, set.docs());
        say("first texts " + drift + " times", ask(set, namespace), theirs);
      }
    }
  }

  /** Texts of one length, which are deleted before the real ones come. */
  private static Map<String, String> strange(int words) {
    Map<String, String> texts = new java.util.LinkedHashMap<>();
    for (int i = 0; i < BATCH; i++) {
      texts.put("x" + i, "word ".repeat(Math.max(1, words * 2 / 3)));
    }
    return texts;
  }

  private static void write(Namespace namespace, Map<String, String> docs) {
    List<VectorRecord> batch = new ArrayList<>();
    docs.forEach((id, text) -> {
      Metadata metadata = Metadata.of(Map.of("text", new MetaValue.Str(text)));
      batch.add(new VectorRecord(id, null, null, metadata));
      if (batch.size() == BATCH) {
        namespace.upsert(batch);
        batch.clear();
      }
    });
    if (!batch.isEmpty()) {
      namespace.upsert(batch);
    }
  }

  private static Answers ask(SmartSet set, Namespace namespace) throws IOException {
    try (Snapshot snapshot = namespace.snapshot()) {
      return Answers.of(
          set, text -> snapshot.query(Query.text(text)).stream().map(Match::id).toList());
    }
  }

  private static void say(String what, Answers ours, Answers theirs) {
    if (ours.ndcg < theirs.ndcg * (1 - TOLERANCE)) {
      FAULTS.add(what + String.format(Locale.ROOT, " %.4f of %.4f", ours.ndcg, theirs.ndcg));
    }
    System.out.printf(
        Locale.ROOT,
        "  %-22s NDCG@10 %.4f (%+.2f %%), of ten answers %.2f the same, first answer the same in %.1f %%%n",
        what,
        ours.ndcg,
        100 * (ours.ndcg / theirs.ndcg - 1),
        ours.common(theirs),
        100 * ours.sameFirst(theirs));
  }

  private static void times(SmartSet set, Namespace namespace, LuceneWords lucene)
      throws IOException {
    try (Snapshot snapshot = namespace.snapshot()) {
      for (int round = 0; round < ROUNDS - 1; round++) {
        median(set, text -> ids(snapshot, text));
        median(set, text -> lucene.query(text, DEPTH));
      }
      System.out.printf(
          Locale.ROOT,
          "  median of a warm question: slab %.0f us, lucene %.0f us%n",
          median(set, text -> ids(snapshot, text)),
          median(set, text -> lucene.query(text, DEPTH)));
    }
  }

  private static List<String> ids(Snapshot snapshot, String text) {
    return snapshot.query(Query.text(text)).stream().map(Match::id).toList();
  }

  private static double median(SmartSet set, Asked asked) throws IOException {
    long[] nanos = new long[set.queries().size()];
    int i = 0;
    for (String text : set.queries().values()) {
      long start = System.nanoTime();
      asked.answers(text);
      nanos[i++] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e3;
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A way to ask. */
  private interface Asked {
    List<String> answers(String text) throws IOException;
  }

  /** What one engine answers, and how good it is. */
  private record Answers(List<List<String>> all, double ndcg) {
    static Answers of(SmartSet set, Asked asked) throws IOException {
      List<List<String>> all = new ArrayList<>();
      double sum = 0;
      for (Map.Entry<String, String> query : set.queries().entrySet()) {
        List<String> answers = asked.answers(query.getValue());
        all.add(answers);
        sum += set.ndcg(query.getKey(), answers, DEPTH);
      }
      return new Answers(all, sum / all.size());
    }

    /** Of the first ten, how many on average are among the other's. */
    double common(Answers other) {
      double sum = 0;
      for (int i = 0; i < all.size(); i++) {
        Set<String> same = new HashSet<>(all.get(i));
        same.retainAll(other.all.get(i));
        sum += same.size();
      }
      return sum / all.size();
    }

    double sameFirst(Answers other) {
      int same = 0;
      for (int i = 0; i < all.size(); i++) {
        same += first(all.get(i)).equals(first(other.all.get(i))) ? 1 : 0;
      }
      return (double) same / all.size();
    }

    private static String first(List<String> answers) {
      return answers.isEmpty() ? "" : answers.getFirst();
    }
  }
}
