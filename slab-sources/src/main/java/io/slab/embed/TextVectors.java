package io.slab.embed;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.model.EmbeddingSpec;
import io.slab.model.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * Vectors of texts as an index takes them: what an {@link Embedder} gives, with the prefixes that
 * its model wants, checked, and scaled to length 1 where that is wanted. Closes the embedder.
 * Thread-safe where {@link #atOnce} is more than 1.
 */
public final class TextVectors implements AutoCloseable {
  private final Embedder embedder;
  private final Rules rules;
  private final CancellationToken cancellation;
  private long tokens = -1;
  private long texts;

  /**
   * How texts are handed over, and vectors taken.
   *
   * @param documentPrefix put before the texts of records; may be empty
   * @param queryPrefix put before questions; may be empty
   * @param normalize true to scale vectors to length 1
   * @param dimension numbers that a vector must have, 0 for any number
   */
  public record Rules(String documentPrefix, String queryPrefix, boolean normalize, int dimension) {
    /** Nothing is added, and vectors stay as they are. */
    public static Rules plain(int dimension) {
      return new Rules("", "", false, dimension);
    }
  }

  /**
   * @param cancellation asked while the model works
   */
  public TextVectors(Embedder embedder, Rules rules, CancellationToken cancellation) {
    this.embedder = embedder;
    this.rules = rules;
    this.cancellation = cancellation;
  }

  /** How many threads may ask for vectors at once. */
  public int atOnce() {
    return embedder.atOnce();
  }

  /** What an index records of vectors that are made here. */
  public EmbeddingSpec spec(String textField) {
    return new EmbeddingSpec(embedder.model(), rules.dimension(), rules.normalize(), textField);
  }

  /** The vector of a question; errors as of {@link Embedder#embed}. */
  public float[] ofQuestion(String text) {
    return of(List.of(text), Embedder.Kind.QUERY).getFirst();
  }

  /**
   * The vectors of texts.
   *
   * @throws InvalidInputException when a text is empty, or the model refuses one
   * @throws ConflictException when the vectors have another dimension
   * @throws StoreException when the model cannot be reached, or what it gives cannot be used
   */
  public List<float[]> of(List<String> some, Embedder.Kind kind) {
    String prefix = kind == Embedder.Kind.QUERY ? rules.queryPrefix() : rules.documentPrefix();
    List<String> sent = new ArrayList<>();
    for (String text : some) {
      if (text.isBlank()) {
        throw new InvalidInputException("an empty text has no vector", "give it some words");
      }
      sent.add(prefix + text);
    }
    Embeddings answer = embedder.embed(sent, kind, cancellation);
    if (answer.vectors().size() != some.size()) {
      throw useless(
          "gave " + answer.vectors().size() + " vectors for " + some.size() + " texts",
          "the answer must have one for each text, in their order");
    }
    List<float[]> checked = answer.vectors().stream().map(this::checked).toList();
    count(some.size(), answer.tokens());
    return checked;
  }

  private synchronized void count(int more, long used) {
    texts += more;
    if (used >= 0) {
      tokens = Math.max(tokens, 0) + used;
    }
  }

  private float[] checked(float[] vector) {
    int wanted = rules.dimension();
    if (wanted > 0 && vector.length != wanted) {
      throw new ConflictException(
          "the model "
              + embedder.model()
              + " gives "
              + vector.length
              + " numbers, and the index has dimension "
              + wanted,
          "use the model that the index was made for, or make another index with --dimension "
              + vector.length);
    }
    if (vector.length > Limits.MAX_DIMENSION) {
      throw useless("gave a vector of " + vector.length + " numbers", null);
    }
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    if (!Double.isFinite(sum)) {
      throw useless("gave a vector with a number that is not finite", null);
    }
    return rules.normalize() && sum > 0 ? scaled(vector, 1 / Math.sqrt(sum)) : vector;
  }

  private static float[] scaled(float[] vector, double factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = (float) (vector[i] * factor);
    }
    return scaled;
  }

  /** What to say of a model that has never given a vector. */
  StoreException refusesAll(int count, String why) {
    return useless(
        "refused each of the first " + count + " texts: " + why,
        "is the model one for embeddings, and its name right?");
  }

  private StoreException useless(String what, String hint) {
    return StoreException.refused(
        StoreException.Kind.FAILED, embedder.place() + " " + what, hint, null);
  }

  /** Texts that have got a vector here. */
  public synchronized long texts() {
    return texts;
  }

  /** Tokens of them by the model's own count, or -1 where it does not say. */
  public synchronized long tokens() {
    return tokens;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
