package io.slab.embed;

import io.slab.error.CancellationToken;
import java.util.List;

/**
 * A model that makes vectors of texts. Programs may bring their own; {@link HttpEmbedder} and
 * {@link CommandEmbedder} reach models that run elsewhere. One thread only, unless {@link #atOnce}
 * says more.
 */
public interface Embedder extends AutoCloseable {
  /** What a text is: some models want to know. */
  enum Kind {
    /** The text of a record, to be found. */
    DOCUMENT("document"),
    /** A question. */
    QUERY("query");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Its name for programs. */
    public String label() {
      return label;
    }
  }

  /** The name of the model, as an index records it. */
  String model();

  /** Where texts go, for people: an address, or a command. */
  String place();

  /** How many calls of {@link #embed} this takes at once, by as many threads; at least 1. */
  default int atOnce() {
    return 1;
  }

  /**
   * Makes the vectors of texts, as the model gives them.
   *
   * @param texts at least one, none of them empty
   * @param cancellation asked while this waits
   * @return a vector for each text, in their order; who asks checks count and dimension
   * @throws io.slab.error.InvalidInputException when the model refuses a text, as one that is too
   *     long
   * @throws io.slab.error.StoreException when the model cannot be reached, or does not answer
   * @throws java.util.concurrent.CancellationException when the work was cancelled
   */
  Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation);

  @Override
  void close();
}
