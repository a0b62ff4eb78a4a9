package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.usage.ExitCode;
import io.slab.testkit.Breadth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * No verb calls an index empty because a listing says so that is none: each answers as over an
 * honest server, or fails.
 */
class ListingLiesIT {
  private static final S3ProxyExtension SERVER =
      S3ProxyExtension.builder()
          .withCredentials("access", "secret")
          .withBlobStoreProvider("transient-nio2")
          .build();
  private static final String INDEX = "s3://bucket/some/index";
  private static final String EMPTY =
      "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
  private static LyingProxy proxy;

  @TempDir Path folder;

  /** What a listing is replaced by. */
  enum Lie {
    HTML((target, body) -> "<!DOCTYPE html><html><body>Sign in</body></html>"),
    NOTHING((target, body) -> ""),
    ANOTHER_ANSWER((target, body) -> "<ListAllMyBucketsResult/>"),
    NO_CONTENTS((target, body) -> EMPTY),
    NO_KEYS((target, body) -> without(body, "Contents")),
    NO_KEYS_COUNTED((target, body) -> body.replaceAll("(?s)<Contents>.*</Contents>", "")),
    NO_FOLDERS((target, body) -> without(body, "CommonPrefixes")),
    NO_FOLDERS_COUNTED(
        (target, body) -> body.replaceAll("(?s)<CommonPrefixes>.*?</CommonPrefixes>", "")),
    NO_NAMESPACES((target, body) -> target.contains("ns%2F&") ? EMPTY : body),
    NO_MANIFESTS((target, body) -> target.contains("manifest%2F") ? EMPTY : body),
    NO_LOG((target, body) -> target.contains("wal%2F") ? EMPTY : body);

    private final BiFunction<String, String, String> change;

    Lie(BiFunction<String, String, String> change) {
      this.change = change;
    }

    private static String without(String body, String element) {
      return body.replaceAll("(?s)<" + element + ">.*?</" + element + ">", "")
          .replaceAll("<KeyCount>\\d+</KeyCount>", "");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    SERVER.beforeEach(null);
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(SERVER.getUri())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
            .build()) {
      client.createBucket(r -> r.bucket("bucket"));
    }
    proxy = new LyingProxy(SERVER.getUri());
    Shell honest = shell(SERVER.getUri());
    honest.ok("create", INDEX, "--dimension", "2", "--metric", "euclidean", "--name", "lies");
    honest.input(records("a")).ok("ingest", INDEX, "-", "--flush");
    honest.input(records("b")).ok("ingest", INDEX, "-");
    honest.input(records("c")).ok("ingest", INDEX, "-", "-n", "Tenant", "--flush");
  }

  @AfterAll
  static void stop() {
    proxy.close();
    SERVER.afterEach(null);
  }

  private static Shell shell(URI endpoint) {
    return new Shell()
        .with("AWS_ACCESS_KEY_ID", "access")
        .with("AWS_SECRET_ACCESS_KEY", "secret")
        .with("AWS_ENDPOINT_URL", endpoint.toString())
        .with("SLAB_NO_CACHE", "1")
        .with("HOME", "/nonexistent");
  }

  private static String records(String prefix) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("{\"id\":\"" + prefix + i + "\",\"values\":[" + i + ",1]}\n");
    }
    return text.toString();
  }

  /** Every verb that reads a listing, and what it must print. */
  private Map<String, List<Object>> verbs() {
    Map<String, List<Object>> verbs = new TreeMap<>();
    verbs.put("query", List.of("query", INDEX, "-v", "[3,1]", "-k", 3, "-j"));
    verbs.put("query Tenant", List.of("query", INDEX, "-v", "[3,1]", "-n", "Tenant", "-j"));
    verbs.put("stats", List.of("stats", INDEX, "-j"));
    verbs.put("export", List.of("export", INDEX, "--out", folder.resolve("export.jsonl")));
    verbs.put("copy", List.of("copy", INDEX, folder.resolve("copy"), "-j"));
    verbs.put("namespace list", List.of("namespace", "list", INDEX, "-j"));
    verbs.put("verify", List.of("verify", INDEX, "--level", "quick", "--fields", "object,problem"));
    verbs.put("gc", List.of("gc", INDEX, "--dry-run", "-j"));
    verbs.put("drop", List.of("drop", INDEX, "--dry-run", "-j"));
    verbs.put("list", List.of("list", INDEX, "-j"));
    verbs.put("fetch", List.of("fetch", INDEX, "--ids", "a1,b1", "-j"));
    verbs.put("describe", List.of("describe", INDEX, "-j"));
    verbs.put("compact", List.of("compact", INDEX, "--dry-run", "-j"));
    verbs.put("inspect", List.of("inspect", INDEX, "--what", "namespaces", "-j"));
    return verbs;
  }

  /** Lies that are noticed where HTML is. */
  private static final Set<Lie> LIKE_HTML =
      Breadth.isLong() ? Set.of() : Set.of(Lie.NOTHING, Lie.ANOTHER_ANSWER);

  private static final Set<Lie> LOOKS_AT_DAMAGE = Set.of(Lie.NO_LOG, Lie.NO_MANIFESTS);

  @ParameterizedTest
  @EnumSource(Lie.class)
  void everyVerbAnswersAsOverAnHonestServerOrFails(Lie lie) throws IOException {
    Shell honest = shell(SERVER.getUri());
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, List<Object>> verb : verbs().entrySet()) {
      if (LOOKS_AT_DAMAGE.contains(lie) && List.of("inspect", "drop").contains(verb.getKey())) {
        continue; // They show what is listed, of damaged indexes too.
      }
      List<Object> words = new ArrayList<>(verb.getValue());
      words.addAll(List.of("--timeout", "1s"));
      if (LIKE_HTML.contains(lie) && !List.of("query", "stats").contains(verb.getKey())) {
        continue; // Each takes a second.
      }
      Path exported = folder.resolve("export.jsonl");
      Files.writeString(exported, "yesterday's\n");
      Shell.Result right = honest.run(words.toArray());
      assertEquals(0, right.code(), right.err());
      String file = Files.readString(exported);
      Files.writeString(exported, "yesterday's\n");
      forget(folder.resolve("copy"));
      proxy.lie(lie.change);
      Shell.Result result = shell(proxy.endpoint()).run(words.toArray());
      proxy.lie((target, body) -> body);
      forget(folder.resolve("copy"));
      String written = Files.readString(exported);
      boolean same = result.code() == 0 && result.out().equals(right.out()) && written.equals(file);
      boolean failed =
          result.code() != 0 && !result.err().isBlank() && written.equals("yesterday's\n");
      if (!same && !failed) {
        wrong.add(verb.getKey() + ": " + result);
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static void forget(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (var walk = Files.walk(directory)) {
        for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Test
  void whereFoldersAreNotListedEveryVerbAnswersAllTheSame() {
    for (Lie lie : List.of(Lie.NO_FOLDERS_COUNTED, Lie.NO_FOLDERS)) {
      proxy.lie(lie.change);
      Shell shell = shell(proxy.endpoint());
      String stats = shell.ok("stats", INDEX, "-j");
      assertTrue(stats.contains("\"totalVectorCount\": 60"), stats);
      assertTrue(shell.ok("namespace", "list", INDEX, "-j").contains("Tenant"));
      proxy.lie((target, body) -> body);
    }
  }

  @Test
  void theErrorIsTemporaryAndSaysWhatToDo() {
    for (Lie lie : List.of(Lie.HTML, Lie.NO_CONTENTS)) {
      proxy.lie(lie.change);
      Shell.Result result =
          shell(proxy.endpoint()).run("query", INDEX, "-v", "[1,1]", "--timeout", "1s");
      proxy.lie((target, body) -> body);
      assertEquals(ExitCode.TEMPORARY.code(), result.code(), result.err());
      assertTrue(result.err().contains("hint: "), result.err());
      assertFalse(result.err().contains("Exception"), result.err());
    }
  }

  @Test
  void aChangeOverALyingServerDestroysNothing() {
    Shell honest = shell(SERVER.getUri());
    String target = "s3://bucket/changed";
    honest.ok("create", target, "--dimension", "2", "--name", "changed");
    honest.input(records("a")).ok("ingest", target, "-", "--flush");
    honest.ok("configure", target, "--deletion-protection", "enabled");
    Set<Lie> lies = Set.of(Lie.HTML, Lie.NO_CONTENTS, Lie.NO_KEYS, Lie.NO_MANIFESTS, Lie.NO_LOG);
    for (Lie lie : Breadth.isLong() ? EnumSet.allOf(Lie.class) : lies) {
      proxy.lie(lie.change);
      Shell shell = shell(proxy.endpoint());
      Shell.Result drop = shell.run("drop", target, "--confirm", "changed", "--timeout", "1s");
      assertNotEquals(0, drop.code(), lie + ": " + drop);
      shell.run("gc", target, "--min-age", "0s", "--yes", "--timeout", "1s");
      shell.input(records("b")).run("ingest", target, "-", "--timeout", "1s");
      proxy.lie((t, body) -> body);
      String query = honest.ok("query", target, "-v", "[3,1]", "-k", 1, "-j");
      assertTrue(query.contains("\"a3\"") || query.contains("\"b3\""), lie + ": " + query);
      honest.ok("verify", target);
    }
  }
}
