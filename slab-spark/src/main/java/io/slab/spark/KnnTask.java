package io.slab.spark;

import io.slab.Index;
import io.slab.Match;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.error.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Answers the queries of a partition, a batch at a time.
 *
 * @param column of the vectors
 * @param filter JSON, or null
 */
record KnnTask(SlabOptions options, int column, int k, String filter, double recall)
    implements Serializable {
  /** Queries that share their scans: their costs a query hardly fall with more. */
  private static final int BATCH = 1_024;

  /** The answers, lazily; the index is open until the task ends. */
  Iterator<Row> answer(Iterator<Row> queries) {
    if (!queries.hasNext()) {
      return List.<Row>of().iterator();
    }
    Index index = options.open(TaskContext.get().cpus());
    atEnd(context -> index.close());
    Snapshot snapshot = options.snapshot(index);
    atEnd(context -> snapshot.close());
    return new Answers(queries, snapshot);
  }

  private static void atEnd(TaskCompletionListener close) {
    TaskContext.get().addTaskCompletionListener(close);
  }

  private List<Row> batch(List<Row> rows, Snapshot snapshot) {
    List<Query> queries = new ArrayList<>(rows.size());
    for (Row row : rows) {
      queries.add(Query.of(vector(row)).topK(k).filter(filter).recall(recall));
    }
    List<Row> answers = new ArrayList<>();
    List<List<Match>> matches = snapshot.query(queries);
    for (int i = 0; i < rows.size(); i++) {
      for (int rank = 0; rank < matches.get(i).size(); rank++) {
        answers.add(joined(rows.get(i), matches.get(i).get(rank), rank + 1));
      }
    }
    return answers;
  }

  private float[] vector(Row row) {
    if (row.isNullAt(column)) {
      throw new InvalidInputException("a query has no vector: " + row);
    }
    List<Number> list = row.getList(column);
    float[] vector = new float[list.size()];
    int at = 0;
    for (Number number : list) {
      vector[at++] = number == null ? Float.NaN : number.floatValue();
    }
    return vector;
  }

  private static Row joined(Row query, Match match, int rank) {
    int size = query.size();
    Object[] values = new Object[size + 3];
    for (int i = 0; i < size; i++) {
      values[i] = query.get(i);
    }
    values[size] = match.id();
    values[size + 1] = match.score();
    values[size + 2] = rank;
    return RowFactory.create(values);
  }

  /** Takes the next batch of queries when the answers of the last one are gone. */
  private final class Answers implements Iterator<Row> {
    private final Iterator<Row> queries;
    private final Snapshot snapshot;
    private Iterator<Row> answers = List.<Row>of().iterator();

    Answers(Iterator<Row> queries, Snapshot snapshot) {
      this.queries = queries;
      this.snapshot = snapshot;
    }

    @Override
    public boolean hasNext() {
      while (!answers.hasNext() && queries.hasNext()) {
        List<Row> rows = new ArrayList<>(BATCH);
        while (rows.size() < BATCH && queries.hasNext()) {
          rows.add(queries.next());
        }
        answers = batch(rows, snapshot).iterator();
      }
      return answers.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return answers.next();
    }
  }
}
