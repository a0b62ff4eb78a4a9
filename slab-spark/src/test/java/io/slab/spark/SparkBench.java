package io.slab.spark;

import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One step of {@code bench/spark/run}, with its wall time and the processor time of this driver
 * and, by what {@code bench/spark/run} finds of the executors' processes, of theirs: the session
 * starts before the clock does.
 */
final class SparkBench {
  /** So few that Spark alone is ready in a minute. */
  private static final int QUERIES_IN_SQL = 100;

  private final SparkSession spark;

  private SparkBench(SparkSession spark) {
    this.spark = spark;
  }

  public static void main(String[] args) throws Exception {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(args[0])
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.memory", "700m")
            .config("spark.executor.cores", "1")
            .config("spark.executor.extraClassPath", args[1])
            .config(
                "spark.executor.extraJavaOptions",
                "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow "
                    + System.getProperty("slab.spark.executor", ""));
    SparkSession spark = builder.getOrCreate();
    try {
      // The executors are there, and their first classes are loaded.
      spark.range(0, 1000, 1, 8).selectExpr("sum(id)").collectAsList();
      new SparkBench(spark).run(args);
    } finally {
      spark.stop();
    }
  }

  private void run(String[] args) {
    ThreadTimes threads = ThreadTimes.of(processes());
    Duration cpu = cpu();
    long start = System.nanoTime();
    String what =
        switch (args[2]) {
          case "parquet" -> parquet(args[3], args[4]);
          case "write" -> write(args[3], args[4]);
          case "knn" -> knn(args[3], args[4]);
          case "sql" -> sql(args[3], args[4]);
          case "fields" -> fields(args[3], args[4]);
          default -> throw new IllegalArgumentException(args[2]);
        };
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%s: %s, %.1f s wall, %.1f s of processor%n%s",
        args[2],
        what,
        seconds,
        cpu().minus(cpu).toMillis() / 1e3,
        ThreadTimes.of(processes()).minus(threads));
  }

  /** Of this process and of all executors on this machine. */
  private static Duration cpu() {
    return processes().stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(process ->
            process.pid() == ProcessHandle.current().pid()
                || process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  private String parquet(String index, String parquet) {
    Dataset<Row> rows = spark.read().format("slab").load(index);
    rows.write().mode("overwrite").parquet(parquet);
    return rows.count() + " rows";
  }

  private String write(String parquet, String index) {
    spark.read().parquet(parquet).write().format("slab").mode("append").save(index);
    return spark.read().format("slab").load(index).count() + " rows";
  }

  private String knn(String queries, String index) {
    Dataset<Row> asked = spark.read().parquet(queries);
    long answers = SlabKnn.join(asked, index, 10, null, 0.95).count();
    return answers + " answers";
  }

  /** The same join in SQL from the index and, where all distances are computed, by Spark alone. */
  private String sql(String queries, String index) {
    spark
        .read()
        .parquet(queries)
        .limit(QUERIES_IN_SQL)
        .repartition(2)
        .cache()
        .createOrReplaceTempView("queries");
    spark.table("queries").count();
    spark
        .read()
        .format("slab")
        .schema("id STRING, values ARRAY<FLOAT>")
        .load(index)
        .createOrReplaceTempView("records");
    StringBuilder said = new StringBuilder();
    for (String how : List.of("APPROX", "EXACT")) {
      long start = System.nanoTime();
      int rows =
          spark
              .sql(
                  "SELECT q.id, r.id FROM queries q JOIN records r "
                      + how
                      + " NEAREST 10 BY DISTANCE vector_l2_distance(q.values, r.values)")
              .collectAsList()
              .size();
      double seconds = (System.nanoTime() - start) / 1e9;
      said.append("%s %d rows in %.2f s; ".formatted(how, rows, seconds));
    }
    return said.toString();
  }

  private String fields(String schema, String index) {
    Dataset<Row> rows = spark.read().format("slab").schema(schema).load(index);
    String field = rows.columns()[1];
    return rows.selectExpr("sum(length(id))", "max(" + field + ")").first().toString();
  }
}
