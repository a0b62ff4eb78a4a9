package io.slab.trust;

import io.slab.IndexOptions;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Random histories for some seconds, each tenth also behind S3. Arguments: seconds, first seed. */
public final class RandomHistoriesPart {
  private RandomHistoriesPart() {}

  public static void main(String[] args) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
    long first = args.length > 1 ? Long.parseLong(args[1]) : System.currentTimeMillis();
    long seed = first;
    long operations = 0;
    long queries = 0;
    double lowest = 1;
    int found = 0;
    while (System.nanoTime() < end && found < 3) {
      Path folder = Files.createTempDirectory("slab-history-");
      RandomHistory history = new RandomHistory(seed);
      try {
        boolean s3 = seed % 10 == 0;
        RandomHistory.Outcome outcome =
            history.run(
                folder.resolve("index"),
                seed % 5 == 0 ? 6_000 : 200,
                s3 ? S3Server.newPlace().toString() : null,
                s3 ? s3(folder.resolve("cache")) : null);
        operations += outcome.operations();
        queries += outcome.queries();
        lowest = Math.min(lowest, outcome.recall());
      } catch (AssertionError | RuntimeException e) {
        found++;
        System.out.println("history of -Dslab.seed=" + seed + ", " + history);
        e.printStackTrace(System.out);
      }
      remove(folder);
      seed++;
    }
    System.out.printf(
        "histories: seeds %d to %d, %,d operations, %,d queries, lowest recall of one history %.3f;"
            + " failed %d%n",
        first, seed - 1, operations, queries, lowest, found);
    System.exit(found == 0 ? 0 : 1);
  }

  static IndexOptions s3(Path cache) {
    // Keys are never options: without a variable of the environment the client looks here.
    Map<String, String> environment = S3Server.environment(S3Server.endpoint());
    System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
    return IndexOptions.defaults()
        .withStore(Map.of("endpoint", S3Server.endpoint().toString(), "region", "us-east-1"))
        .withCache(cache, 1 << 26);
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : paths) {
        Files.delete(path);
      }
    }
  }
}
