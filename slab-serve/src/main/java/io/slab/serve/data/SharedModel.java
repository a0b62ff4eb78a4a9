package io.slab.serve.data;

import io.slab.embed.Embedder;
import io.slab.embed.TextVectors;
import io.slab.error.CancellationToken;
import io.slab.model.EmbeddingSpec;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The model of a server that makes vectors of texts: some requests ask it at once, each by an
 * embedder of its own, others wait. Thread-safe; calls block.
 */
public final class SharedModel implements AutoCloseable {
  private static final int AT_ONCE = 4;

  /** Most texts of one request to the model. */
  private static final int TOGETHER = 96;

  private final String model;
  private final Supplier<Embedder> opening;
  private final String documentPrefix;
  private final String queryPrefix;
  private final Semaphore free = new Semaphore(AT_ONCE, true);
  private final Deque<Embedder> idle = new ArrayDeque<>();
  private volatile int dimension;
  private boolean closed;

  /**
   * @param model its name, as indexes record it
   * @param opening makes an embedder, which one thread has at a time
   * @param documentPrefix put before the texts of records; may be empty
   * @param queryPrefix put before questions; may be empty
   */
  public SharedModel(
      String model, Supplier<Embedder> opening, String documentPrefix, String queryPrefix) {
    this.model = model;
    this.opening = opening;
    this.documentPrefix = documentPrefix;
    this.queryPrefix = queryPrefix;
  }

  /** Its name. */
  public String name() {
    return model;
  }

  /** How many numbers its vectors have; asks it the first time. */
  public int dimension(CancellationToken cancellation) {
    if (dimension == 0) {
      TextVectors.Rules any = new TextVectors.Rules(documentPrefix, queryPrefix, false, 0);
      dimension = ask(List.of("a"), Embedder.Kind.DOCUMENT, any, cancellation).getFirst().length;
    }
    return dimension;
  }

  /** The vector of a question; as {@link #ofDocuments}. */
  public float[] ofQuestion(String text, EmbeddingSpec index, CancellationToken cancellation) {
    return vectors(List.of(text), Embedder.Kind.QUERY, index, cancellation).getFirst();
  }

  /**
   * The vectors of texts of records for an index, in their order.
   *
   * @param index which model made what is there
   * @throws ApiException when that was another one
   * @throws io.slab.error.StoreException when the model cannot be reached, or does not answer
   */
  public List<float[]> ofDocuments(
      List<String> texts, EmbeddingSpec index, CancellationToken cancellation) {
    return vectors(texts, Embedder.Kind.DOCUMENT, index, cancellation);
  }

  private List<float[]> vectors(
      List<String> texts, Embedder.Kind kind, EmbeddingSpec index, CancellationToken cancellation) {
    if (!index.model().equals(model)) {
      throw ApiException.invalid(
          "the vectors of the index are of the model '"
              + index.model()
              + "', and this server has '"
              + model
              + "'");
    }
    TextVectors.Rules rules =
        new TextVectors.Rules(documentPrefix, queryPrefix, index.normalized(), index.dimension());
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += TOGETHER) {
      List<String> some = texts.subList(from, Math.min(texts.size(), from + TOGETHER));
      vectors.addAll(ask(some, kind, rules, cancellation));
    }
    return vectors;
  }

  private List<float[]> ask(
      List<String> texts,
      Embedder.Kind kind,
      TextVectors.Rules rules,
      CancellationToken cancellation) {
    // A model may take long: meanwhile others work at the place of this request.
    return Place.away(() -> {
      free.acquireUninterruptibly();
      Embedder embedder = null;
      try {
        // Its client may have gone while it waited.
        cancellation.check();
        embedder = take();
        return new TextVectors(embedder, rules, cancellation).of(texts, kind);
      } finally {
        give(embedder);
        free.release();
      }
    });
  }

  private synchronized Embedder take() {
    return idle.isEmpty() ? opening.get() : idle.pop();
  }

  private synchronized void give(Embedder embedder) {
    if (embedder != null && closed) {
      embedder.close();
    } else if (embedder != null) {
      idle.push(embedder);
    }
  }

  /** Lets go of the model; requests that are under way end first, or fail. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Embedder::close);
    idle.clear();
  }
}
