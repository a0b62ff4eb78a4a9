package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.CancellationToken;
import io.slab.index.SlabIndex;
import io.slab.query.QueryMode;
import io.slab.query.SnapshotSource;
import io.slab.query.TextSearch;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;

/** What {@code --text} means in an index with a text index. */
final class QueryWords {
  private QueryWords() {}

  /**
   * By what a question is answered: as {@code --mode} says, else by what is there. Of an index
   * without a text index it is always by vectors.
   */
  static QueryMode mode(Session session, SlabIndex index, QueryInput input) {
    if (input.mode == null && input.text == null) {
      return QueryMode.DENSE;
    }
    return mode(session, index, input, input.vector != null || input.id != null);
  }

  /** By what a text is answered. */
  static QueryMode mode(Session session, SlabIndex index, QueryInput input, boolean vector) {
    boolean dense = index.spec().vectorType().hasDense();
    boolean words = index.spec().textIndex() != null;
    if (input.mode == null) {
      boolean both = words && dense && (vector || embedder(session, input));
      return both ? QueryMode.HYBRID : words ? QueryMode.TEXT : QueryMode.DENSE;
    }
    QueryMode mode = QueryMode.of(input.mode);
    if (mode != QueryMode.DENSE && !words) {
      throw new UsageException(
          "this index has no text index, which --mode " + input.mode + " asks",
          "make one with `slab create --text-index FIELD`, and write the records to it");
    }
    if (mode != QueryMode.TEXT && !dense) {
      throw new UsageException(
          "this index has texts alone: there is no vector to ask by", "leave --mode out");
    }
    return mode;
  }

  private static boolean embedder(Session session, QueryInput input) {
    return EmbedSettings.find(session, input.embed, null, input.queryPrefix) != null;
  }

  /** A question for words alone. */
  static QueryInput.Vectors alone(Session session, QueryInput input) {
    if (input.text == null || input.vector != null || input.id != null) {
      throw new UsageException(
          "--mode text looks for words and nothing else", "give --text 'some words' alone");
    }
    return new QueryInput.Vectors(null, null, words(session, input.text));
  }

  /** The words of {@code --text}. */
  static String words(Session session, String text) {
    if (text == null) {
      throw new UsageException("there are no words to look for", "give --text 'some words'");
    }
    String words = session.input().words("--text", text).strip();
    if (words.isEmpty()) {
      throw new UsageException("--text is empty", "give it some words");
    }
    return words;
  }

  /** Answers a question of any kind. */
  static QueryResult answer(
      SlabIndex index,
      QueryEngine engine,
      Snapshot snapshot,
      QueryRequest request,
      String words,
      Float alpha,
      CancellationToken cancellation) {
    if (words == null) {
      return engine.query(SnapshotSource.of(snapshot), request, cancellation);
    }
    return new TextSearch(index.spec(), engine)
        .query(snapshot, request, words, alpha(alpha), cancellation);
  }

  /** What {@code --alpha} says, or null. */
  static Double alpha(Float alpha) {
    if (alpha != null && !(alpha >= 0 && alpha <= 1)) {
      throw new UsageException("--alpha must be from 0 to 1, not " + alpha, null);
    }
    return alpha == null ? null : (double) alpha;
  }
}
