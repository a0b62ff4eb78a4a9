package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.testkit.Breadth;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The command line on a bucket of a real S3 server. */
class S3VerbsIT {
  private static final S3ProxyExtension SERVER =
      S3ProxyExtension.builder()
          .withCredentials("access", "very-secret")
          .withBlobStoreProvider("transient-nio2")
          .build();
  private static final String BUCKET = "s3://bucket/";

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    SERVER.beforeEach(null);
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(SERVER.getUri())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("access", "very-secret")))
            .build()) {
      client.createBucket(r -> r.bucket("bucket"));
    }
  }

  @AfterAll
  static void stop() {
    SERVER.afterEach(null);
  }

  private static Map<String, String> environment(URI endpoint) {
    return Map.of(
        "AWS_ACCESS_KEY_ID", "access",
        "AWS_SECRET_ACCESS_KEY", "very-secret",
        "AWS_ENDPOINT_URL", endpoint.toString(),
        "HOME", "/nonexistent");
  }

  private static Shell shell() {
    Shell shell = new Shell();
    environment(SERVER.getUri()).forEach(shell::with);
    return shell;
  }

  private static String records(String prefix, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("{\"id\":\"" + prefix + i + "\",\"values\":[" + i + ",1],")
          .append("\"metadata\":{\"n\":" + i + "}}\n");
    }
    return text.toString();
  }

  @Test
  void aBenchCountsRequests() throws Exception {
    Shell s3 = shell();
    String remote = BUCKET + "bench";
    String local = folder.resolve("bench").toString();
    Path queries = folder.resolve("queries.jsonl");
    Files.writeString(queries, "{\"vector\":[3,1]}\n{\"vector\":[7,1]}\n");
    for (String target : List.of(remote, local)) {
      s3.ok("create", target, "--dimension", "2", "--name", "bench");
      s3.input(records("r", 30)).ok("ingest", target, "-", "--flush");
      JsonNode report =
          Json.parse(
              "bench",
              s3.ok("bench", target, "--queries", queries, "--warmup", 0, "-k", 3, "--json"));
      double requests = report.get("perQuery").get("requests").doubleValue();
      assertEquals(target.equals(remote), requests > 0, target + ": " + requests);
    }
  }

  @Test
  void everyVerbWorksAndAnswersAsOnADisk() {
    Shell s3 = shell();
    String remote = BUCKET + "verbs";
    String local = folder.resolve("local").toString();
    for (String target : List.of(remote, local)) {
      s3.ok("create", target, "--dimension", "2", "--name", "verbs");
      s3.input(records("r", 30)).ok("ingest", target, "-", "--flush");
      s3.input(records("s", 5)).ok("ingest", target, "-");
      s3.ok("update", target, "--id", "r3", "--metadata", "{\"x\":true}");
      s3.ok("delete", target, "--ids", "r4,s1", "--yes");
    }
    for (List<String> words :
        List.of(
            List.of("query", "--vector", "[3,1]", "--top-k", "7", "--include-metadata", "--json"),
            List.of("query", "--id", "r9", "--filter", "{\"n\":{\"$lt\":20}}", "--top-k", "4"),
            List.of("fetch", "--ids", "r3,s2", "--json"),
            List.of("list", "--prefix", "s"),
            List.of("facet", "--field", "n", "--field", "x", "--top", "3", "--json"),
            List.of("facet", "--field", "n", "-f", "{\"n\":{\"$gt\":8}}", "--all", "--json"),
            List.of("stats", "--filter", "{\"x\":true}", "--fields", "totalVectorCount"))) {
      List<String> there = new ArrayList<>(words);
      there.add(1, remote);
      List<String> here = new ArrayList<>(words);
      here.add(1, local);
      assertEquals(
          s3.ok(here.toArray()).replace(local, remote), s3.ok(there.toArray()), words.toString());
    }
    s3.ok("flush", remote);
    s3.ok("compact", remote, "--full");
    s3.ok("gc", remote, "--min-age", "0", "--yes");
    s3.ok("verify", remote, "--level", "deep");
    String slab =
        s3.ok("inspect", remote, "--fields", "file")
            .lines()
            .filter(line -> line.endsWith(".slab"))
            .findFirst()
            .orElseThrow();
    assertTrue(s3.ok("inspect", remote + "/" + slab, "-o", "line").contains("rows"));
    s3.ok("verify", remote + "/" + slab);
    s3.ok("explain", remote, "--id", "r1");
    s3.ok("namespace", "list", remote);
    s3.ok("describe", remote);
    s3.ok("copy", remote, folder.resolve("copy"));
    assertEquals(
        s3.ok("list", remote, "--limit", "50"),
        s3.ok("list", folder.resolve("copy"), "--limit", "50"));
    s3.ok("drop", remote, "--confirm", "verbs");
    assertEquals(3, s3.run("stats", remote).code());
    s3.ok("drop", remote, "--undo");
    s3.ok("stats", remote);
    s3.ok("drop", remote, "--now", "--confirm", "verbs");
    assertEquals(3, s3.run("stats", remote).code());
    s3.ok("create", remote, "--dimension", "2", "--name", "verbs");
  }

  @Test
  void eachTroubleHasItsExitCodeAndNoKeyIsEverShown() {
    String target = BUCKET + "codes";
    shell().ok("create", target, "--dimension", "2");
    assertEquals(4, shell().run("create", target, "--dimension", "2").code());
    shell().ok("create", target, "--dimension", "2", "--if-not-exists");
    assertEquals(3, shell().run("stats", "s3://no-such-bucket/x").code());
    assertEquals(3, shell().run("stats", BUCKET + "nothing").code());
    assertEquals(3, shell().run("inspect", BUCKET + "nothing").code());
    assertEquals(3, shell().run("verify", BUCKET + "nothing/x.slab").code());
    Shell wrong = shell().with("AWS_SECRET_ACCESS_KEY", "wrong-secret");
    for (Object[] words :
        new Object[][] {
          {"stats", target}, {"create", BUCKET + "n", "-d", "2"}, {"ingest", target, "-"}
        }) {
      Shell.Result result = wrong.input(records("x", 1)).run(words);
      assertEquals(10, result.code(), result.err());
      assertFalse(result.err().contains("wrong-secret"), result.err());
    }
    Shell.Result silent =
        shell().run("stats", target, "--endpoint-url", "http://127.0.0.1:1", "--timeout", "2s");
    assertEquals(5, silent.code(), silent.err());
    assertEquals(2, shell().run("stats", "s3://").code());
    assertEquals(2, shell().run("stats", target, "--profile", "none-such").code());
    assertEquals(2, shell().run("stats", target, "--endpoint-url", "nowhere").code());
    assertEquals(2, shell().run("stats", target, "--timeout", "soon").code());
    assertEquals(2, shell().run("copy", target, target).code());
  }

  @Test
  void profilesAndServersComeFromTheFilesOfTheAwsCommandLine() throws Exception {
    String target = BUCKET + "profiles";
    shell().ok("create", target, "--dimension", "2");
    Path aws = Files.createDirectory(folder.resolve(".aws"));
    Files.writeString(
        aws.resolve("credentials"),
        "[work]\naws_access_key_id = access\naws_secret_access_key = very-secret\n");
    Files.writeString(
        aws.resolve("config"),
        "[profile work]\nregion = us-east-1\nservices = mine\n\n[services mine]\ns3 =\n  endpoint_url = "
            + SERVER.getUri()
            + "\n");
    Shell plain = new Shell().with("HOME", folder.toString());
    plain.ok("stats", target, "--profile", "work");
    plain.with("AWS_PROFILE", "work").ok("stats", target);
    Shell elsewhere =
        new Shell()
            .with("AWS_CONFIG_FILE", aws.resolve("config").toString())
            .with("AWS_SHARED_CREDENTIALS_FILE", aws.resolve("credentials").toString());
    elsewhere.ok("stats", target, "--profile", "work");
  }

  @Test
  void aCacheThatCannotBeWrittenIsSaidOnceUnlessItWasAskedFor() throws Exception {
    String target = BUCKET + "uncached";
    shell().ok("create", target, "--dimension", "2");
    shell().input(records("r", 30)).ok("ingest", target, "-", "--flush");
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    Object[] query = {"query", target, "--vector", "[3,1]", "--top-k", "3", "--json"};
    String answer = shell().ok(query).replaceAll("\"took[^,}]*", "");
    for (String place : List.of("XDG_CACHE_HOME", "SLAB_CACHE_DIR")) {
      Shell.Result without = shell().with(place, plain.resolve("c").toString()).run(query);
      assertEquals(0, without.code(), without.err());
      assertEquals(answer, without.out().replaceAll("\"took[^,}]*", ""));
      assertEquals(2, without.err().split("going on without it", -1).length, without.err());
    }
    Object[] asked = {"query", target, "--vector", "[3,1]", "--cache-dir", plain.resolve("c")};
    Shell.Result refused = shell().run(asked);
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.err().contains("--no-cache"), refused.err());
  }

  @Test
  void theDoctorTriesEverythingAndLeavesNothing() {
    Shell s3 = shell();
    String found = s3.ok("doctor", BUCKET + "doctor");
    assertEquals(10, found.lines().count(), found);
    assertFalse(found.contains("fail"), found);
    assertEquals(3, s3.run("inspect", BUCKET + "doctor").code());
    s3.ok("doctor", folder.resolve("disk"));
    assertEquals(0, s3.ok("inspect", folder, "--fields", "file").lines().skip(1).count());
    assertEquals(3, s3.ok("doctor", BUCKET + "doctor", "--read-only").lines().count());
    assertEquals(10, s3.with("AWS_SECRET_ACCESS_KEY", "no").run("doctor", BUCKET + "d").code());
    assertEquals(3, shell().run("doctor", "s3://no-such-bucket").code());
  }

  private Process process(Path errors, String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(Processes.slab(words));
    builder.environment().putAll(environment(SERVER.getUri()));
    return builder.redirectError(errors.toFile()).start();
  }

  @Test
  void severalProcessesWriteAtOnceAndEveryAcknowledgedRecordIsThereOnceInLsnOrder()
      throws Exception {
    String target = BUCKET + "many";
    shell().ok("create", target, "--dimension", "2");
    int writers = Breadth.of(2, 4);
    int each = Breadth.of(15, 30);
    List<Process> running = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      Path input = folder.resolve("in" + w);
      Files.writeString(input, records("w" + w + "-", each));
      running.add(
          process(
              folder.resolve("err" + w),
              "ingest",
              target,
              input.toString(),
              "--batch-size",
              "3",
              "--threads",
              "1",
              "-o",
              "ndjson"));
    }
    Map<Long, Long> acknowledged = new TreeMap<>();
    for (int w = 0; w < writers; w++) {
      Process process = running.get(w);
      String out = new String(process.getInputStream().readAllBytes());
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), Files.readString(folder.resolve("err" + w)));
      long last = -1;
      for (String line : out.lines().filter(l -> l.contains("\"firstLsn\"")).toList()) {
        long first = number(line, "firstLsn");
        if (line.contains("\"type\":\"commit\"")) {
          assertTrue(first > last, "LSNs of one writer rise");
          assertEquals(
              null,
              acknowledged.put(first, number(line, "lastLsn")),
              "two writers were given one LSN");
          last = number(line, "lastLsn");
        }
      }
    }
    long before = -1;
    for (Map.Entry<Long, Long> range : acknowledged.entrySet()) {
      assertTrue(range.getKey() > before, "ranges of LSNs do not overlap");
      before = range.getValue();
    }
    assertTrue(acknowledged.size() >= writers, acknowledged.size() + " commits");
    Set<String> ids = new HashSet<>();
    int logged = 0;
    List<String> files = shell().ok("inspect", target, "--fields", "file").lines().toList();
    for (String file : files.stream().filter(f -> f.endsWith(".wal")).toList()) {
      for (String line :
          shell()
              .ok("inspect", target + "/" + file, "--fields", "operation,target")
              .lines()
              .filter(l -> l.startsWith("upsert"))
              .toList()) {
        ids.add(line);
        logged++;
      }
    }
    assertEquals(writers * each, logged, "each record was written once");
    assertEquals(writers * each, ids.size());
    String count = "\t" + writers * each;
    assertTrue(
        shell().ok("stats", target, "--fields", "totalVectorCount").contains(count), "all there");
  }

  private static long number(String line, String member) {
    int at = line.indexOf('"' + member + "\":") + member.length() + 3;
    StringBuilder digits = new StringBuilder();
    for (int i = at; i < line.length(); i++) {
      char c = line.charAt(i);
      if (Character.isDigit(c)) {
        digits.append(c);
      } else if (c != '"') {
        break;
      }
    }
    return Long.parseLong(digits.toString());
  }

  @Test
  void aCommandOnADiskLoadsNothingOfTheClientForS3() throws Exception {
    String local = folder.resolve("plain").toString();
    shell().ok("create", local, "--dimension", "2");
    shell().input(records("r", 5)).ok("ingest", local, "-", "--flush");
    List<String> command = new ArrayList<>(Processes.slab("query", local, "--id", "r1"));
    command.add(1, "-verbose:class");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertTrue(text.contains("io.slab.search.QueryEngine"), "the classes are listed");
    for (String foreign :
        List.of("software.amazon", "org.apache.hc", "org.slf4j", "store.s3.S3Store")) {
      assertFalse(text.contains(foreign), foreign);
    }
    assertTrue(File.separator.equals("/") || text.contains("r1"));
  }
}
