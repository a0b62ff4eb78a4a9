package io.slab.spark;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A driver of its own with a task at a time: it says that it is ready, and when it is told to it
 * appends its rows to the namespace {@code both} again and again, and then replaces those of {@code
 * one}. Its rows have its name.
 */
final class AppendJob {
  private AppendJob() {}

  /**
   * Runs.
   *
   * @param args of the index, the name, the first row and the one after the last, how many appends
   */
  public static void main(String[] args) throws IOException {
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.wholeStage", "false")
            .config(
                "spark.sql.warehouse.dir", Path.of(args[0]).resolveSibling("w").toUri().toString())
            .getOrCreate();
    Dataset<Row> rows =
        spark
            .range(Long.parseLong(args[2]), Long.parseLong(args[3]), 1, 2)
            .selectExpr(
                "concat('r', id) AS id",
                "array(float(sin(id)), float(cos(id)), float(id / 3), float(1)) AS values",
                "struct('" + args[1] + "' AS driver) AS metadata");
    rows.collectAsList();
    System.out.println("ready");
    System.in.read();
    for (int i = 0; i < Integer.parseInt(args[4]); i++) {
      write(rows, "both", "append", args[0]);
      System.out.println("appended");
    }
    try {
      write(rows, "one", "overwrite", args[0]);
      System.out.println("replaced");
    } catch (io.slab.error.ConflictException e) {
      System.out.println("overtaken");
    }
    spark.stop();
  }

  private static void write(Dataset<Row> rows, String namespace, String mode, String place) {
    rows.write().format("slab").option("namespace", namespace).mode(mode).save(place);
  }
}
