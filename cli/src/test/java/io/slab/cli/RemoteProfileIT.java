package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.s3.S3Address;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.ChaosProxy.Fault;
import io.slab.testkit.s3.S3Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --profile-query} and explain say of S3 is what a server counts. */
class RemoteProfileIT {
  private final S3Address place = S3Server.newPlace();
  private final AtomicLong lists = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  @TempDir Path cache;

  private void count(ChaosProxy.Request request, int status, long length) {
    if (request.target().contains("list-type=2")) {
      lists.incrementAndGet();
    } else {
      reads.incrementAndGet();
      bytes.addAndGet(status < 300 ? length : 0);
    }
  }

  private static String records() {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_500; i++) {
      List<String> values = new ArrayList<>();
      for (int d = 0; d < 8; d++) {
        values.add(Float.toString(i % 7 + random.nextFloat()));
      }
      text.append("{\"id\":\"r" + i + "\",\"values\":" + values)
          .append(",\"metadata\":{\"n\":" + i % 50 + "}}\n");
    }
    return text.toString();
  }

  @Test
  void theProfileCountsWhatTheServerCounts() {
    try (ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), request -> Fault.NONE)) {
      Shell shell = new Shell();
      S3Server.environment(proxy.endpoint()).forEach(shell::with);
      String target = "s3://" + place.bucket() + "/profile";
      shell.ok("create", target, "--dimension", "8", "--name", "p", "--no-cache");
      shell.input(records()).ok("ingest", target, "-", "--flush", "--no-cache");
      shell.ok("compact", target, "--full", "--no-cache");
      String late = "{\"id\":\"late\",\"values\":[1,2,3,4,5,6,7,8]}\n";
      shell.input(late).ok("ingest", target, "-", "--no-cache");
      proxy.watch(this::count);
      String filter = "{\"n\":{\"$lt\":9}}";
      List<Object> query =
          List.of("query", target, "--vector", "[1,2,3,4,5,6,7,8]", "--include-metadata");
      for (List<Object> more : List.of(List.of(), List.<Object>of("--filter", filter))) {
        Path folder = cache.resolve("with" + more.size());
        long cold = check(shell, query, more, folder);
        assertTrue(cold > 0, "listings of the first query");
        assertEquals(0, check(shell, query, more, folder), "listings of the same query again");
      }
      Path explained = cache.resolve("explained");
      List<Object> explain = List.of("explain", target, "--vector", "[1,2,3,4,5,6,7,8]");
      check(shell, explain, List.of(), explained);
      String text =
          shell.ok(words(explain, List.of("--cache-dir", explained), List.of("-o", "table")));
      assertTrue(text.contains("remote  4 requests in 1 round"), text);
      assertTrue(text.contains("round 1 index 1 read, "), text);
      Shell.Result line =
          shell.run(words(query, List.of("--cache-dir", explained), List.of("--profile-query")));
      assertTrue(line.err().contains("remote: 4 requests in 1 round"), line.err());
    }
  }

  private static Object[] words(List<Object> first, List<?> second, List<?> third) {
    List<Object> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);
    return all.toArray();
  }

  /** Runs a query and compares; the number of its listings. */
  private long check(Shell shell, List<Object> query, List<Object> more, Path folder) {
    List<Object> options = new ArrayList<>(List.of("--cache-dir", folder, "--json"));
    if (query.getFirst().equals("query")) {
      options.add("--profile-query");
    }
    lists.set(0);
    reads.set(0);
    bytes.set(0);
    JsonNode profile = Json.parse("profile", shell.ok(words(query, more, options))).get("profile");
    JsonNode remote = profile.get("remote");
    assertEquals(lists.get(), remote.get("lists").longValue(), "lists");
    assertEquals(lists.get() + reads.get(), remote.get("requests").longValue(), "requests");
    assertEquals(bytes.get(), remote.get("bytesRead").longValue(), "bytes");
    long counted = 0;
    long read = 0;
    long round = 0;
    for (JsonNode step : remote.get("byRound")) {
      counted += step.get("lists").longValue() + step.get("reads").longValue();
      read += step.get("bytesRead").longValue();
      assertTrue(step.get("round").longValue() >= Math.max(1, round), remote.toString());
      round = step.get("round").longValue();
    }
    assertEquals(remote.get("requests").longValue(), counted);
    assertEquals(bytes.get(), read);
    assertEquals(remote.get("rounds").longValue(), round);
    return lists.get();
  }
}
