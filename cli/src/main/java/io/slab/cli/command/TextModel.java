package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.embed.Embedder;
import io.slab.embed.TextVectors;
import io.slab.error.ConflictException;
import io.slab.index.SlabIndex;
import io.slab.model.EmbeddingSpec;
import io.slab.model.IndexSpec;
import io.slab.snapshot.Snapshot;

/** Brings the user's embedder together with what an index says of its vectors. */
final class TextModel {
  private TextModel() {}

  /**
   * Opens the embedder for questions.
   *
   * @throws ConflictException when the index has vectors of another model
   */
  static TextVectors ofQuestions(
      Session session, SlabIndex index, EmbedOptions options, String prefix) {
    requireDense(index.spec());
    EmbedSettings settings = EmbedSettings.require(session, options, null, prefix);
    EmbeddingSpec recorded = index.embedding();
    if (recorded == null) {
      session.say("the index does not say which model its vectors are of: " + settings.model());
    } else {
      requireSame(recorded, settings.model());
    }
    boolean normalize = recorded != null && recorded.normalized();
    return open(settings.open(session, 0, 1), settings, session, index.spec(), normalize);
  }

  static void requireDense(IndexSpec spec) {
    if (!spec.vectorType().hasDense()) {
      throw new UsageException(
          "a sparse index has no place for the vector of a text", "make a dense or a hybrid index");
    }
  }

  /** Refuses to compare vectors of two models, which means nothing. */
  static void requireSame(EmbeddingSpec recorded, String model) {
    if (!name(recorded.model()).equals(name(model))) {
      throw new ConflictException(
          "the vectors of this index are of the model "
              + recorded.model()
              + ", and the embedder's is "
              + model,
          "give --embed-model "
              + recorded.model()
              + ", or make another index of the same texts with `slab ingest --text-field`");
    }
  }

  /** Refuses to scale vectors beside others that are not scaled. */
  static void requireEmpty(SlabIndex index) {
    for (String namespace : index.namespaces()) {
      try (Snapshot snapshot = index.snapshot(namespace)) {
        if (snapshot.count() > 0) {
          throw otherLengths();
        }
      }
    }
  }

  static ConflictException otherLengths() {
    return new ConflictException(
        "of the vectors of this index and those of this command only one kind is scaled to length 1",
        "leave --embed-normalize out, or make another index of the same texts with it");
  }

  /** Ollama's {@code name} and {@code name:latest} are one model. */
  private static String name(String model) {
    return model.endsWith(":latest")
        ? model.substring(0, model.length() - ":latest".length())
        : model;
  }

  /** How many numbers the vectors of the user's model have; asks for one. */
  static EmbeddingSpec ask(Session session, EmbedOptions options) {
    EmbedSettings settings = EmbedSettings.require(session, options, null, null);
    try (Embedder embedder = settings.open(session, 0, 1);
        TextVectors vectors =
            new TextVectors(embedder, TextVectors.Rules.plain(0), session.cancellation())) {
      int dimension = vectors.ofQuestion("How long is a vector?").length;
      return new EmbeddingSpec(settings.model(), dimension, false, null);
    }
  }

  static TextVectors open(
      Embedder embedder,
      EmbedSettings settings,
      Session session,
      IndexSpec spec,
      boolean normalize) {
    return new TextVectors(
        embedder,
        new TextVectors.Rules(
            settings.promptPrefix(), settings.queryPrefix(), normalize, spec.dimension()),
        session.cancellation());
  }
}
