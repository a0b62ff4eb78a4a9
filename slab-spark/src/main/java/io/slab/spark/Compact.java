package io.slab.spark;

import io.slab.BuiltSlabs;
import io.slab.CompactionScope;
import io.slab.Index;
import io.slab.Namespace;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts a namespace by a job, a task for each compaction: {@code spark-submit --class
 * io.slab.spark.Compact slab-spark.jar INDEX [--namespace NAME] [--full | --rebuild] [--s3.NAME
 * VALUE]}. Each task commits what it built, beside other writers: what is done stays when the job
 * ends early, and a task that runs twice counts once.
 */
public final class Compact {
  private static final Logger LOG = LoggerFactory.getLogger(Compact.class);

  /** What one round makes can call for another one, a level up. */
  private static final int MAX_ROUNDS = 16;

  private Compact() {}

  /**
   * What a run did.
   *
   * @param committed compactions that were committed
   * @param overtaken those that another process did first
   */
  public record Result(int committed, int overtaken) {}

  /** Runs as a program of spark-submit. */
  public static void main(String[] args) {
    Map<String, String> options = new HashMap<>();
    CompactionScope scope = CompactionScope.DUE;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--full") || args[i].equals("--rebuild")) {
        scope = args[i].equals("--full") ? CompactionScope.ALL : CompactionScope.OUTDATED;
      } else if (args[i].startsWith("--") && i + 1 < args.length) {
        options.put(args[i].substring(2), args[++i]);
      } else if (!args[i].startsWith("--") && !options.containsKey(SlabOptions.PATH)) {
        options.put(SlabOptions.PATH, args[i]);
      } else {
        throw new InvalidInputException(
            "'" + args[i] + "' is one argument too many, or lacks its value",
            "give INDEX [--namespace NAME] [--full | --rebuild] [--s3.NAME VALUE]");
      }
    }
    SparkSession session = SparkSession.builder().appName("slab compact").getOrCreate();
    try {
      Result result = run(session, options, scope);
      System.out.println(result.committed + " compactions, " + result.overtaken + " overtaken");
    } finally {
      session.stop();
    }
  }

  /**
   * Compacts until nothing of the scope is left to do.
   *
   * @param options as those of a table: {@code path}, {@code namespace}, {@code s3.NAME}
   */
  public static Result run(
      SparkSession session, Map<String, String> options, CompactionScope scope) {
    SlabOptions of = SlabOptions.of(new CaseInsensitiveStringMap(options));
    int committed = 0;
    int overtaken = 0;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<byte[]> orders = orders(of, scope);
      if (orders.isEmpty()) {
        break;
      }
      List<Boolean> done =
          JavaSparkContext.fromSparkContext(session.sparkContext())
              .parallelize(orders, orders.size())
              .map(new Work(of))
              .collect();
      int won = (int) done.stream().filter(yes -> yes).count();
      committed += won;
      overtaken += done.size() - won;
      if (won == 0 || scope == CompactionScope.ALL) {
        break;
      }
    }
    return new Result(committed, overtaken);
  }

  private static List<byte[]> orders(SlabOptions options, CompactionScope scope) {
    try (Index index = options.open(1)) {
      List<byte[]> orders = new ArrayList<>();
      for (BuiltSlabs order : options.namespace(index).beginCompactions(scope)) {
        orders.add(order.toBytes());
      }
      return orders;
    }
  }

  /** Builds and commits one compaction; false when another process was first. */
  private record Work(SlabOptions options) implements Function<byte[], Boolean>, Serializable {
    @Override
    public Boolean call(byte[] order) {
      try (Index index = options.openInTask()) {
        Namespace namespace = options.namespace(index);
        namespace.commit(namespace.build(BuiltSlabs.ofBytes(order)));
        return true;
      } catch (ConflictException e) {
        LOG.warn("a compaction of {} is left out: {}", options.place(), e.getMessage());
        return false;
      }
    }
  }
}
