package io.slab.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A driver of its own: writes one namespace after the other, {@code name+1000} with rows from that
 * one on, and says when each is done.
 */
final class ClusterJob {
  private ClusterJob() {}

  public static void main(String[] args) {
    String place = args[1];
    int rows = Integer.parseInt(args[2]);
    SparkSession spark =
        SparkSession.builder()
            .master(args[0])
            .appName("slab-cluster")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.memory", "600m")
            .config("spark.executor.cores", "1")
            .config("spark.speculation", "true")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
            .config(
                "spark.sql.warehouse.dir", Path.of(place).resolveSibling("w").toUri().toString())
            .config(
                "spark.executor.extraJavaOptions",
                "-XX:TieredStopAtLevel=1 --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow")
            .config("spark.executor.extraClassPath", args[3])
            .getOrCreate();
    for (String part : args[4].split(",")) {
      String namespace = part.replaceAll("\\+.*", "");
      int from = part.contains("+") ? Integer.parseInt(part.replaceAll(".*\\+", "")) : 0;
      spark
          .range(from, from + rows, 1, 4)
          .selectExpr(
              "concat('r', id) AS id",
              "transform(sequence(0, 63), d -> float(sin(id * 7 + d))) AS values",
              "struct(id % 100 AS n) AS metadata")
          .write()
          .format("slab")
          .option("namespace", namespace)
          .option("rows-per-slab", "200")
          .mode("append")
          .save(place);
      System.out.println("done " + namespace);
    }
    spark.stop();
  }
}
