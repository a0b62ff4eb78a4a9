package io.slab.spark;

import io.slab.check.CheckLevel;
import io.slab.check.Severity;
import io.slab.store.LocalStore;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** One session for all classes of a fork, since starting one takes most of the time; checks. */
final class Sessions {
  private static SparkSession session;

  private Sessions() {}

  /** Two tasks at once, in this process. */
  static synchronized SparkSession get() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2,2]")
              .appName("slab-spark")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "4")
              // To compile each of many small plans takes longer than to run it; ClusterIT does.
              .config("spark.sql.codegen.wholeStage", "false")
              .config("spark.sql.warehouse.dir", Path.of("target", "warehouse").toUri().toString())
              .getOrCreate();
    }
    return session;
  }

  /** What a check of everything finds wrong with an index. */
  static List<String> problems(Path index) {
    return Checker.index(new LocalStore(index), CheckLevel.DEEP).problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(problem -> problem.object() + ": " + problem.problem())
        .toList();
  }
}
