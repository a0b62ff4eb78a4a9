package io.slab.cli.command;

import io.slab.cli.verb.Session;
import io.slab.embed.Embedder;
import io.slab.embed.TextVectors;
import io.slab.error.InvalidInputException;
import io.slab.index.SlabIndex;
import io.slab.model.QueryRules;
import io.slab.queries.FileQuery;
import io.slab.query.QueryMode;
import java.util.ArrayList;
import java.util.List;

/** What becomes of the queries of a file that have texts: vectors, words to look for, or both. */
final class QueryTexts implements AutoCloseable {
  /** Most texts of one request; servers of small models take no more. */
  static final int BATCH = 32;

  private final Session session;
  private final SlabIndex index;
  private final QueryInput input;
  private final String file;
  private TextVectors vectors;
  private QueryMode mode;

  QueryTexts(Session session, SlabIndex index, QueryInput input, String file) {
    this.session = session;
    this.index = index;
    this.input = input;
    this.file = file;
  }

  /** The same queries, each with a vector where it has a text that the embedder is to be asked. */
  List<FileQuery> withVectors(List<FileQuery> block) {
    List<FileQuery> done = new ArrayList<>(block);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      FileQuery query = block.get(i);
      if (query.text() != null && query.vector() != null) {
        requireBoth(query);
      } else if (query.text() == null) {
        requireNoWords(query);
      } else if (query.text() != null && mode() != QueryMode.TEXT) {
        places.add(i);
      }
    }
    for (int from = 0; from < places.size(); from += BATCH) {
      fill(done, places.subList(from, Math.min(places.size(), from + BATCH)));
    }
    return done;
  }

  /** The words of a query that are looked for; null for none. */
  String words(FileQuery query) {
    boolean own = query.text() == null || mode() == QueryMode.DENSE;
    return own ? null : query.text();
  }

  /** What becomes of a text without a vector. */
  private QueryMode mode() {
    if (mode == null) {
      mode = QueryWords.mode(session, index, input, false);
    }
    return mode;
  }

  private void requireBoth(FileQuery query) {
    String other = input.mode == null ? null : mode() == QueryMode.HYBRID ? null : input.mode;
    if (other != null) {
      throw new InvalidInputException(
          file + ":" + query.number() + ": a text and a vector, and --mode " + other + " takes one",
          "--mode hybrid takes both");
    }
  }

  private void requireNoWords(FileQuery query) {
    if (input.mode != null && mode() != QueryMode.DENSE) {
      throw new InvalidInputException(
          file + ":" + query.number() + ": no text, and --mode " + input.mode + " looks for words",
          "leave --mode out to ask each line by what it has");
    }
  }

  private void fill(List<FileQuery> block, List<Integer> places) {
    if (vectors == null) {
      vectors = TextModel.ofQuestions(session, index, input.embed, input.queryPrefix);
    }
    List<String> texts = places.stream().map(place -> block.get(place).text()).toList();
    List<float[]> found = vectors.of(texts, Embedder.Kind.QUERY);
    for (int i = 0; i < found.size(); i++) {
      FileQuery query = block.get(places.get(i)).withVector(found.get(i));
      String problem = QueryRules.problem(query.vector(), query.sparse(), index.spec());
      if (problem != null) {
        throw new InvalidInputException(file + ":" + query.number() + ": " + problem);
      }
      block.set(places.get(i), query);
    }
  }

  @Override
  public void close() {
    if (vectors != null) {
      vectors.close();
    }
  }
}
