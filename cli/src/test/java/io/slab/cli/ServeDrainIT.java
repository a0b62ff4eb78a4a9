package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real {@code slab serve} gets SIGTERM: what is under way is answered, and nothing that was
 * acknowledged is lost. A second signal ends it at once.
 */
class ServeDrainIT {
  private static final Pattern PORTS = Pattern.compile("port (\\d+), indexes: books at (\\d+)");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;
  private Path log;
  private int port;

  private Process start() throws Exception {
    if (!Files.exists(folder.resolve("books"))) {
      Index.create(folder.resolve("books"), IndexSettings.dense(2, Metric.COSINE)).close();
      write("first");
    }
    log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                Processes.slab(
                    "serve", folder.toString(), "--port", "0", "--index-ports", "0-0", "--no-log"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int i = 0; i < 1_500; i++) {
      Matcher ports = PORTS.matcher(Files.readString(log));
      if (ports.find()) {
        port = Integer.parseInt(ports.group(2));
        return process;
      }
      Thread.sleep(20);
    }
    process.destroyForcibly();
    throw new AssertionError(Files.readString(log));
  }

  private long write(String id) {
    try (Index index = Index.open(folder.resolve("books"))) {
      VectorRecord record = new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY);
      return index.namespace().upsert(List.of(record)).lastLsn();
    }
  }

  /** The first LSN of the next log object (spec/index.md): nothing that is there has it. */
  private static long after(long lsn) {
    return ((lsn >> 20) + 1) << 20;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  /** A read that waits for a write which another client is going to make. */
  private CompletableFuture<HttpResponse<String>> waiting(long lsn) {
    HttpRequest read =
        request("/vectors/fetch?ids=late").header("x-slab-min-lsn", Long.toString(lsn)).build();
    return CLIENT.sendAsync(read, HttpResponse.BodyHandlers.ofString());
  }

  private void upserts(int writer, Set<String> acknowledged) {
    for (int i = 0; ; i++) {
      String id = writer + "-" + i;
      String body = "{\"vectors\":[{\"id\":\"" + id + "\",\"values\":[1,1]}],\"namespace\":\"w\"}";
      HttpRequest upsert =
          request("/vectors/upsert").POST(HttpRequest.BodyPublishers.ofString(body)).build();
      try {
        int status = CLIENT.send(upsert, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
          assertEquals(503, status);
          return;
        }
        acknowledged.add(id);
      } catch (Exception e) {
        return; // The server is gone.
      }
    }
  }

  @Test
  void whatIsUnderWayIsAnsweredAndNothingAcknowledgedIsLost() throws Exception {
    Process process = start();
    try {
      long lsn = write("second");
      CompletableFuture<HttpResponse<String>> read = waiting(after(lsn));
      Set<String> acknowledged = ConcurrentHashMap.newKeySet();
      CompletableFuture<Void> one = CompletableFuture.runAsync(() -> upserts(1, acknowledged));
      CompletableFuture<Void> two = CompletableFuture.runAsync(() -> upserts(2, acknowledged));
      while (acknowledged.size() < 20) {
        Thread.sleep(5);
      }
      process.destroy();
      one.join();
      two.join();
      assertTrue(process.isAlive(), "it waits for the read");
      write("late");
      HttpResponse<String> answer = read.get(20, TimeUnit.SECONDS);
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("late"), answer.body());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      String said = Files.readString(log);
      assertTrue(said.contains("under way") && said.contains("10 s"), said);
      try (Index index = Index.open(folder.resolve("books"))) {
        Set<String> there = index.namespace("w").fetch(List.copyOf(acknowledged)).keySet();
        assertEquals(acknowledged, there);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    Process process = start();
    try {
      CompletableFuture<HttpResponse<String>> read = waiting(1L << 40);
      Thread.sleep(300);
      process.destroy();
      while (!Files.readString(log).contains("under way")) {
        Thread.sleep(10);
      }
      assertTrue(process.isAlive(), "it waits for the read");
      process.destroy();
      assertTrue(process.waitFor(2, TimeUnit.SECONDS));
      assertEquals(143, process.exitValue());
      assertTrue(read.handle((answer, failure) -> true).get(5, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
