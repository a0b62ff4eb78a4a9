package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.embed.Embedder;
import io.slab.embed.EmbeddingReader;
import io.slab.embed.Embeddings;
import io.slab.embed.TextVectors;
import io.slab.error.CancellationToken;
import io.slab.index.SlabIndex;
import io.slab.ingest.BatchSink;
import io.slab.model.EmbeddingSpec;
import io.slab.model.VectorRecord;
import io.slab.source.SourcePart;
import io.slab.writer.Commit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How an ingest makes vectors of texts. */
final class TextOptions implements AutoCloseable {
  /** Records that wait to be written together; what was paid for is not lost by a later failure. */
  static final int MOST_RECORDS = 256;

  private static final int MOST_TEXTS = 2048;
  private static final int AT_ONCE = 4;
  private static final int MOST_AT_ONCE = 64;

  @Option(
      names = "--text-field",
      paramLabel = "FIELD",
      description = "metadata field with a text: records without values get them from the embedder")
  String field;

  @Seldom
  @Option(
      names = "--prompt-prefix",
      paramLabel = "TEXT",
      description = "what the model wants before the text of a record")
  String prefix;

  @Seldom
  @Option(
      names = "--embed-normalize",
      description = "scale the vectors of the model to length 1; the index records it")
  boolean normalize;

  @Seldom
  @Option(
      names = "--embed-batch",
      paramLabel = "N",
      description = "most texts of one request, 1 to 2048 (default 32)")
  int batch = QueryTexts.BATCH;

  @Seldom
  @Option(
      names = "--embed-rate",
      paramLabel = "N",
      description = "most requests a minute; default as many as the server takes")
  int perMinute;

  @Seldom
  @Option(
      names = "--embed-concurrency",
      paramLabel = "N",
      description = "most requests to a server at once, 1 to 64 (default 4)")
  int atOnce = AT_ONCE;

  @Mixin EmbedOptions embed = new EmbedOptions();

  private TextVectors vectors;

  /** What the index said when the embedder was opened. */
  private EmbeddingSpec there;

  private boolean recorded;

  /** Refuses options that have no effect. */
  void check() {
    boolean more = embed.given() || prefix != null || normalize || perMinute != 0;
    if (field == null && (more || batch != QueryTexts.BATCH || atOnce != AT_ONCE)) {
      throw new UsageException(
          "an embedder goes with --text-field", "give --text-field with the field of the texts");
    }
    if (batch < 1 || batch > MOST_TEXTS) {
      throw new UsageException(
          "--embed-batch must be from 1 to " + MOST_TEXTS + ", not " + batch, null);
    }
    if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
      throw new UsageException(
          "--embed-concurrency must be from 1 to " + MOST_AT_ONCE + ", not " + atOnce, null);
    }
    if (perMinute < 0) {
      throw new UsageException("--embed-rate must be at least 1, not " + perMinute, null);
    }
  }

  boolean given() {
    return field != null;
  }

  /**
   * The inputs, with the vectors of their texts where that is wanted.
   *
   * @param dry true to send nothing: every text has got some vector then
   */
  List<SourcePart> parts(Session session, SlabIndex index, List<SourcePart> inputs, boolean dry) {
    if (field == null) {
      return inputs;
    }
    TextModel.requireDense(index.spec());
    EmbedSettings settings = EmbedSettings.require(session, embed, prefix, null);
    there = index.embedding();
    if (there != null) {
      TextModel.requireSame(there, settings.model());
      if (normalize && !there.normalized()) {
        TextModel.requireEmpty(index);
      }
    }
    boolean scale = normalize || (there != null && there.normalized());
    if (dry) {
      vectors =
          new TextVectors(
              new NoModel(settings.model(), index.spec().dimension()),
              TextVectors.Rules.plain(index.spec().dimension()),
              session.cancellation());
    } else {
      vectors =
          TextModel.open(
              settings.open(session, perMinute, atOnce), settings, session, index.spec(), scale);
    }
    return inputs.stream().map(part -> EmbeddingReader.part(part, vectors, field, batch)).toList();
  }

  /** Records in the index which model it is before its first vectors are written. */
  BatchSink sink(SlabIndex index, BatchSink to) {
    if (field == null) {
      return to;
    }
    return new BatchSink() {
      @Override
      public Commit write(List<VectorRecord> records) {
        record(index);
        return to.write(records);
      }

      @Override
      public CompletableFuture<Commit> submit(List<VectorRecord> records) {
        record(index);
        return to.submit(records);
      }
    };
  }

  private void record(SlabIndex index) {
    if (recorded || vectors.texts() == 0) {
      return;
    }
    EmbeddingSpec own = vectors.spec(field);
    index.embed(newest -> {
      if (newest == null) {
        return own;
      }
      TextModel.requireSame(newest, own.model());
      EmbeddingSpec next = newest;
      if (newest.normalized() != own.normalized()) {
        if (!newest.equals(there)) {
          throw TextModel.otherLengths();
        }
        next = new EmbeddingSpec(newest.model(), newest.dimension(), own.normalized(), null);
      }
      return newest.textField() == null
          ? next.withTextField(field)
          : next.withTextField(newest.textField());
    });
    recorded = true;
  }

  /** Adds what the model did to the result. */
  Doc report(Session session, Doc doc, boolean dry) {
    if (vectors == null) {
      return doc;
    }
    String model = vectors.spec(field).model();
    session.say(
        (dry ? "would make vectors of " : "made vectors of ")
            + Human.plural(vectors.texts(), "text")
            + (vectors.tokens() < 0 ? "" : ", " + Human.count(vectors.tokens()) + " tokens,")
            + " with "
            + model);
    return doc.put(
        "embedded",
        new Doc()
            .put("model", model)
            .put("texts", vectors.texts())
            .put("tokens", vectors.tokens() < 0 ? null : vectors.tokens()));
  }

  @Override
  public void close() {
    if (vectors != null) {
      vectors.close();
    }
  }

  /** Stands for a model in a dry run. */
  private record NoModel(String model, int dimension) implements Embedder {
    @Override
    public String place() {
      return "nowhere";
    }

    @Override
    public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
      float[] vector = new float[dimension];
      Arrays.fill(vector, 1);
      return new Embeddings(texts.stream().map(text -> vector).toList(), -1);
    }

    @Override
    public void close() {
      // Nothing was opened.
    }
  }
}
