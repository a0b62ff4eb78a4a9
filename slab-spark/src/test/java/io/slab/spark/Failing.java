package io.slab.spark;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Rows whose tasks fail in their first attempt, after all of them were read. */
final class Failing {
  private Failing() {}

  static Dataset<Row> onFirstAttempt(Dataset<Row> rows) {
    return rows.repartition(3)
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) Failing::failingAtTheEnd,
            Encoders.row(rows.schema()));
  }

  private static Iterator<Row> failingAtTheEnd(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        boolean more = rows.hasNext();
        if (!more && TaskContext.get().attemptNumber() == 0) {
          throw new IllegalStateException("the first attempt fails on purpose");
        }
        return more;
      }

      @Override
      public Row next() {
        return rows.next();
      }
    };
  }
}
