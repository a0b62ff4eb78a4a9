package io.slab.spark;

import io.slab.Index;
import io.slab.Match;
import io.slab.NamespaceStats;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.model.Limits;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Answers the queries of a partition, a batch at a time. Queries come as Spark keeps rows in
 * memory, and so do the answers: no value is boxed but those of the matches.
 */
record KnnTask(NearestSearch search, KnnRows rows) implements Serializable {
  /** Queries that share their scans: their costs a query hardly fall with more. */
  private static final int BATCH = 1_024;

  /** Bytes that the matches of a batch have in memory, about, where queries ask for many. */
  private static final long BATCH_BYTES = 64L << 20;

  /** Of a match without vector and metadata: its id, its score and the objects around them. */
  private static final long MATCH_BYTES = 100;

  /** The answers, lazily; the index is open until the task ends. */
  Iterator<InternalRow> answer(Iterator<InternalRow> queries) {
    if (!queries.hasNext()) {
      return List.<InternalRow>of().iterator();
    }
    Index index = search.options().openInTask();
    atEnd(context -> index.close());
    Snapshot snapshot = search.options().snapshot(index);
    atEnd(context -> snapshot.close());
    return new Answers(queries, snapshot, batch(bytesOfMatch(index, snapshot)));
  }

  /** What a match has in memory, about: no less than its record has on storage. */
  private long bytesOfMatch(Index index, Snapshot snapshot) {
    long bytes = rows.readsValues() ? (long) Float.BYTES * index.describe().dimension() : 0;
    if (rows.readsValues() || rows.readsMetadata() || search.checked() != null) {
      NamespaceStats stats = snapshot.stats();
      bytes = Math.max(bytes, Math.ceilDiv(stats.bytes(), Math.max(1, stats.records())));
    }
    return MATCH_BYTES + bytes;
  }

  /** How many queries are answered at once. */
  int batch(long bytesOfMatch) {
    return Math.clamp(BATCH_BYTES / (bytesOfMatch * search.k()), 1, BATCH);
  }

  private static void atEnd(TaskCompletionListener close) {
    TaskContext.get().addTaskCompletionListener(close);
  }

  /** Takes the next batch of queries when the answers of the last one are gone. */
  private final class Answers implements Iterator<InternalRow> {
    private final Iterator<InternalRow> queries;
    private final Snapshot whole;
    private final UTF8String namespace;
    private final Filter checked = search.checked();
    private final UnsafeProjection projection = rows.projection();
    private final JoinedRow joined = new JoinedRow();
    private final int most;
    private final List<InternalRow> batch = new ArrayList<>();
    private List<List<Match>> matches = List.of();
    private InternalRow ahead;
    private int share = -1;
    private Snapshot searched;
    private int query;
    private int rank;

    Answers(Iterator<InternalRow> queries, Snapshot whole, int most) {
      this.queries = queries;
      this.whole = whole;
      this.most = most;
      String name = search.options().namespace();
      namespace = UTF8String.fromString(name == null ? io.slab.Namespace.DEFAULT : name);
    }

    @Override
    public boolean hasNext() {
      while (true) {
        while (query < batch.size()) {
          List<Match> of = matches.get(query);
          if (rank < of.size() || rank == 0 && search.rules().outer()) {
            return true;
          }
          query++;
          rank = 0;
        }
        if (ahead == null && !queries.hasNext()) {
          return false;
        }
        nextBatch();
      }
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      List<Match> of = matches.get(query);
      Match match = rank < of.size() ? of.get(rank) : null;
      rank++;
      Object[] values = rows.matched(match, rank, namespace);
      return projection.apply(joined.apply(batch.get(query), new GenericInternalRow(values)));
    }

    /** Queries of one share of the slabs: their rows come share by share. */
    private void nextBatch() {
      batch.clear();
      query = 0;
      rank = 0;
      while (batch.size() < most && (ahead != null || queries.hasNext())) {
        InternalRow row = ahead == null ? queries.next().copy() : ahead;
        ahead = null;
        int of = rows.share(row);
        if (of != share) {
          if (!batch.isEmpty()) {
            ahead = row;
            break;
          }
          share = of;
          searched = search.shares() == 1 ? whole : whole.share(share, search.shares());
        }
        batch.add(row);
      }
      matches = search(searched);
    }

    private List<List<Match>> search(Snapshot snapshot) {
      List<Query> asked = new ArrayList<>();
      List<Integer> places = new ArrayList<>();
      List<List<Match>> found = new ArrayList<>();
      for (InternalRow row : batch) {
        float[] vector = rows.vector(row, search.rules());
        if (vector != null) {
          asked.add(query(vector, search.k()));
          places.add(found.size());
        }
        found.add(List.of());
      }
      List<List<Match>> answers = asked.isEmpty() ? List.of() : snapshot.query(asked);
      for (int i = 0; i < answers.size(); i++) {
        found.set(places.get(i), accepted(asked.get(i), answers.get(i), snapshot));
      }
      return found;
    }

    private Query query(float[] vector, int k) {
      Query query = Query.of(vector).topK(k).filter(search.filter()).recall(search.recall());
      query = rows.readsValues() ? query.withValues() : query;
      return rows.readsMetadata() || checked != null ? query.withMetadata() : query;
    }

    /** Asks for more, where matches turn out to be none by the rules of SQL. */
    private List<Match> accepted(Query query, List<Match> answer, Snapshot snapshot) {
      List<Match> found = answer;
      for (int k = search.k(); checked != null; k = Math.min(2 * k, Limits.MAX_TOP_K)) {
        List<Match> all = found;
        Stream<Match> accepted =
            all.stream().filter(match -> search.accepts(checked, match.metadata()));
        List<Match> left = accepted.limit(search.k()).toList();
        if (left.size() == search.k() || all.size() < k) {
          return left;
        }
        if (k == Limits.MAX_TOP_K) {
          throw new InvalidInputException(
              "of the %d nearest records that match %s only %d have fields of the types of their columns"
                  .formatted(k, search.filter(), left.size()),
              "set " + NearestRule.ENABLED + " to false, or declare the columns with other types");
        }
        found = snapshot.query(query(query.vector(), Math.min(2 * k, Limits.MAX_TOP_K)));
      }
      return found;
    }
  }
}
