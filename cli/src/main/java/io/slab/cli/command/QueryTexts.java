package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
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

/** Makes the vectors of the queries of a file that have texts. */
final class QueryTexts implements AutoCloseable {
  /** Most texts of one request; servers of small models take no more. */
  static final int BATCH = 32;

  private final Session session;
  private final SlabIndex index;
  private final QueryInput input;
  private final String file;
  private TextVectors vectors;
  private QueryMode mode;
  private boolean told;

  QueryTexts(Session session, SlabIndex index, QueryInput input, String file) {
    this.session = session;
    this.index = index;
    this.input = input;
    this.file = file;
  }

  /** The same queries, each with a vector where it had a text. */
  List<FileQuery> withVectors(List<FileQuery> block) {
    List<FileQuery> done = new ArrayList<>(block);
    tellWordsAlone(block);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < block.size() && !asked(); i++) {
      if (block.get(i).text() != null) {
        places.add(i);
      }
    }
    for (int from = 0; from < places.size(); from += BATCH) {
      fill(done, places.subList(from, Math.min(places.size(), from + BATCH)));
    }
    return done;
  }

  /** True where the texts themselves are looked for. */
  boolean asked() {
    if (mode == null) {
      mode = QueryWords.mode(session, index, input);
      boolean alone = input.mode == null && index.spec().textIndex() != null;
      mode = alone ? QueryMode.TEXT : mode;
      if (mode == QueryMode.HYBRID) {
        throw new UsageException(
            "--mode hybrid takes one question at a time", "give --text, or --mode text or dense");
      }
    }
    return mode == QueryMode.TEXT;
  }

  /** With {@code --text} an embedder that is there is asked too. */
  private void tellWordsAlone(List<FileQuery> block) {
    if (told || input.mode != null || !asked() || !index.spec().vectorType().hasDense()) {
      return;
    }
    if (block.stream().anyMatch(query -> query.text() != null)) {
      told = true;
      if (EmbedSettings.find(session, input.embed, null, input.queryPrefix) != null) {
        session.say(
            "the texts of --queries are looked for by their words alone, and the embedder is not"
                + " asked; --mode text says so, --mode dense asks it");
      }
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
