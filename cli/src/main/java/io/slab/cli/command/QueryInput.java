package io.slab.cli.command;

import io.slab.cli.input.FloatText;
import io.slab.cli.input.LocalFile;
import io.slab.cli.input.SparseInput;
import io.slab.cli.input.TextInput;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.embed.TextVectors;
import io.slab.embed.VectorForms;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.model.Limits;
import io.slab.model.QueryRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.query.QueryMode;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.source.matrix.NpyReader;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to look for: shared by query and explain. */
final class QueryInput {
  @Option(
      names = {"-v", "--vector"},
      paramLabel = "JSON",
      description = "[0.1, 0.2, ...], @FILE, FILE.json, FILE.npy (its first row), or - for stdin")
  String vector;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description =
          "words to look for, or for the embedder to make the vector of; @FILE, or - for stdin")
  String text;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "with a text index: dense, text or hybrid, which puts the ranks of both together; default by what is there")
  String mode;

  @Seldom
  @Option(
      names = "--query-prefix",
      paramLabel = "TEXT",
      description = "what the model wants before a question")
  String queryPrefix;

  @Mixin EmbedOptions embed = new EmbedOptions();

  @Option(
      names = {"-i", "--id"},
      paramLabel = "ID",
      description = "take the vectors of this record")
  String id;

  @Seldom
  @Option(names = "--sparse-indices", paramLabel = "JSON", description = "[3, 17, ...]")
  String sparseIndices;

  @Seldom
  @Option(names = "--sparse-values", paramLabel = "JSON", description = "[0.5, 1.5, ...]")
  String sparseValues;

  @Seldom
  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "hybrid: dense values times X, sparse ones or words times 1 - X")
  Float alpha;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "how many matches, 1 to 10000 (default 10)")
  int topK = 10;

  @Option(names = "--include-values", description = "matches with their vectors")
  boolean values;

  @Option(names = "--include-metadata", description = "matches with their metadata")
  boolean metadata;

  @Option(
      names = "--recall",
      paramLabel = "R",
      description =
          "share of the true answers to aim at where a slab has an index, above 0 to 1 (default 0.95)")
  Double recall;

  @Option(names = "--exact", description = "compare with every record that matches")
  boolean exact;

  @Mixin ThreadsOption threads = new ThreadsOption();

  /**
   * What is asked for.
   *
   * @param words to look for in a text index; null for none
   */
  record Vectors(float[] dense, SparseVector sparse, String words) {}

  boolean given() {
    return text != null
        || vector != null
        || id != null
        || sparseIndices != null
        || sparseValues != null;
  }

  double recall() {
    if (recall != null && QueryRules.recall(recall) != null) {
      throw new UsageException("--recall must be above 0 and at most 1, not " + recall, null);
    }
    if (recall != null && exact) {
      throw new UsageException("--recall and --exact exclude each other", "--exact is recall 1");
    }
    return exact ? 1 : recall == null ? QueryRequest.DEFAULT_RECALL : recall;
  }

  int threads() {
    return threads.orCores();
  }

  void checkTopK() {
    if (QueryRules.topK(topK) != null) {
      throw new UsageException(
          "--top-k must be from 1 to " + Limits.MAX_TOP_K + ", not " + topK, null);
    }
  }

  /** Reads the vectors; {@code --id} looks into the snapshot, {@code --text} asks the embedder. */
  Vectors vectors(Session session, SlabIndex index, Snapshot snapshot) {
    if (!given()) {
      throw new UsageException(
          "nothing to look for",
          "give --text, --vector, --id or --sparse-indices with --sparse-values");
    }
    QueryMode by = QueryWords.mode(session, index, this);
    if (by == QueryMode.DENSE && text != null && (vector != null || id != null)) {
      throw new UsageException("--text, --vector and --id exclude each other", "give one of them");
    }
    if (text == null && (embed.given() || queryPrefix != null)) {
      throw new UsageException("an embedder goes with --text", "give --text 'some words'");
    }
    if (id != null && (vector != null || sparseIndices != null || sparseValues != null)) {
      throw new UsageException("--id and a vector exclude each other", "give one of them");
    }
    if ((sparseIndices == null) != (sparseValues == null)) {
      throw new UsageException("--sparse-indices and --sparse-values belong together", null);
    }
    if (by != QueryMode.DENSE && sparseIndices != null) {
      throw new UsageException(
          "words and sparse values exclude each other",
          "the terms of the text are its sparse values: leave --sparse-indices out");
    }
    if (by == QueryMode.TEXT) {
      return QueryWords.alone(session, this);
    }
    Vectors found = id != null ? ofRecord(snapshot) : ofOptions(session, index);
    if (by == QueryMode.HYBRID) {
      return new Vectors(found.dense(), null, QueryWords.words(session, text));
    }
    return weighted(found);
  }

  private Vectors ofRecord(Snapshot snapshot) {
    VectorRecord record = snapshot.find(id);
    if (record == null) {
      throw new NotFoundException("there is no record '" + id + "'", "see `slab list`");
    }
    return new Vectors(record.values(), record.sparse(), null);
  }

  private Vectors ofOptions(Session session, SlabIndex index) {
    float[] dense = vector != null ? dense(session) : text != null ? ofText(session, index) : null;
    SparseVector sparse =
        sparseIndices == null
            ? null
            : SparseInput.parse(
                session.input().text("--sparse-indices", sparseIndices),
                session.input().text("--sparse-values", sparseValues));
    return new Vectors(dense, sparse, null);
  }

  private float[] ofText(Session session, SlabIndex index) {
    String words = QueryWords.words(session, text);
    try (TextVectors vectors = TextModel.ofQuestions(session, index, embed, queryPrefix)) {
      return vectors.ofQuestion(words);
    }
  }

  private float[] dense(Session session) {
    Path file = TextInput.file("--vector", vector);
    if (file != null && file.toString().endsWith(".npy")) {
      return firstRow(file);
    }
    String json = session.input().text("--vector", vector);
    return FloatText.isArray(json) ? FloatText.parse("--vector", json) : ofTool(json);
  }

  /** What an embedding tool printed. */
  private static float[] ofTool(String json) {
    List<float[]> found = VectorForms.read("--vector", json).vectors();
    if (found.size() > 1) {
      throw new UsageException(
          "--vector: " + found.size() + " vectors where one is needed",
          "--queries FILE asks many at once, one {\"vector\": [..]} in a line");
    }
    return found.getFirst();
  }

  private static float[] firstRow(Path file) {
    try (NpyReader matrix = new NpyReader(LocalFile.open("--vector", file), file.toString())) {
      float[] row = matrix.next();
      if (row == null) {
        throw new UsageException("--vector: " + file + " has no rows", null);
      }
      return row.clone();
    }
  }

  /** Vectors as {@code --alpha} weighs them, where it is given. */
  Vectors weighted(Vectors vectors) {
    if (QueryWords.alpha(alpha) == null) {
      return vectors;
    }
    if (vectors.dense() == null || vectors.sparse() == null) {
      throw new UsageException("--alpha weighs dense against sparse values: both are needed", null);
    }
    return new Vectors(
        scaled(vectors.dense(), alpha),
        new SparseVector(vectors.sparse().indices(), scaled(vectors.sparse().weights(), 1 - alpha)),
        null);
  }

  private static float[] scaled(float[] values, float factor) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }
}
