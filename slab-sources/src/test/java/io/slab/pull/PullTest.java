package io.slab.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import io.slab.model.Metric;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.scan.SourceScanner;
import io.slab.testkit.index.FakePinecone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live index, read over the API of a server that answers as the cloud does. */
class PullTest {
  @TempDir Path folder;
  private FakePinecone cloud;
  private final List<String> said = new ArrayList<>();

  private final PullProgress progress =
      new PullProgress() {
        @Override
        public void say(String text) {
          said.add(text);
        }

        @Override
        public void found(String namespace, long ids, long expected) {}

        @Override
        public void written(String namespace, long records, long expected) {}
      };

  @BeforeEach
  void start() throws IOException {
    cloud = new FakePinecone();
    for (int i = 0; i < 23; i++) {
      cloud.put(
          "",
          "r%02d".formatted(i),
          "\"values\":[0.1,%d.5],\"metadata\":{\"n\":%d}".formatted(i, i));
    }
    cloud.put("über/all", "b c#/%&+", "\"values\":[1.0,3.4028235e38],\"metadata\":{\"t\":[\"p\"]}");
    cloud.put(
        "über/all",
        "\"quoted\"",
        "\"values\":[0.0,1.0],\"sparseValues\":{\"indices\":[1,4294967295],\"values\":[0.5,0.25]}");
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private PullOptions options(String host) {
    return PullOptions.into(folder.resolve("export"))
        .index(host == null ? "books" : null)
        .host(host)
        .control(cloud.host())
        .key(FakePinecone.KEY)
        .idle(20)
        .threads(3)
        .perSecond(10_000)
        .firstWait(Duration.ofMillis(1))
        .build();
  }

  private static PullOptions with(
      PullOptions o,
      String key,
      Set<String> spaces,
      Path ids,
      boolean probe,
      CancellationToken token) {
    return o.toBuilder()
        .key(key)
        .namespaces(spaces)
        .ids(ids)
        .probe(probe)
        .cancellation(token)
        .build();
  }

  private static PullOptions threads(PullOptions o, int threads) {
    return o.toBuilder().threads(threads).build();
  }

  private static Set<String> lines(Path folder) throws IOException {
    Set<String> lines = new TreeSet<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        for (String line : Files.readAllLines(file)) {
          assertTrue(lines.add(line), "twice: " + line);
        }
      }
    }
    return lines;
  }

  @Test
  void theExportHasEveryRecordAndSaysWhatTheServerCounts() throws IOException {
    PullReport report = Pull.run(options(null), progress);
    assertTrue(report.whole());
    assertEquals(25, report.written());
    assertEquals(2, report.dimension());
    assertEquals("cosine", report.metric());
    Set<String> lines = lines(folder.resolve("export"));
    assertEquals(25, lines.size());
    assertTrue(
        lines.contains(
            "{\"id\":\"b c#/%&+\",\"values\":[1,3.4028235E38],\"metadata\":{\"t\":[\"p\"]}}"),
        lines.toString());
    Source source = SourceScanner.scan(folder.resolve("export").toString(), ScanOptions.defaults());
    assertEquals(Shape.JSONL_FOLDER, source.shape());
    assertEquals(Metric.COSINE, source.declared().metric());
    assertEquals(Map.of("", 23L, "über/all", 2L), source.declared().namespaces());
    assertFalse(Files.exists(folder.resolve("export.pull")));
  }

  @Test
  void aRunThatEndedGoesOnWhereItStopped() throws IOException {
    AtomicInteger fetches = new AtomicInteger();
    CancellationToken token = () -> fetches.get() >= 2;
    cloud.before =
        () -> {
          if (cloud.requests.getLast().contains("/vectors/fetch")) {
            fetches.incrementAndGet();
          }
        };
    PullOptions options = threads(options(cloud.host()), 1);
    assertThrows(
        CancellationException.class,
        () -> Pull.run(with(options, FakePinecone.KEY, Set.of(), null, false, token), progress));
    assertFalse(Files.exists(folder.resolve("export")));
    PullReport report = Pull.run(options, progress);
    assertTrue(report.resumed());
    assertTrue(report.whole());
    assertEquals(25, lines(folder.resolve("export")).size());
    // What the first run had is not asked for again.
    long again =
        cloud.requests.stream()
            .filter(r -> r.contains("/vectors/fetch") && r.contains("ids=r00"))
            .count();
    assertEquals(1, again);
  }

  @Test
  void refusedRequestsAreRepeatedAndCounted() {
    AtomicInteger count = new AtomicInteger();
    cloud.refuses = request -> count.incrementAndGet() % 3 == 0;
    PullReport report = Pull.run(options(null), progress);
    assertTrue(report.whole());
    assertTrue(report.repeats() > 2);
    cloud.refuses = request -> true;
    PullOptions other = options(cloud.host());
    StoreException e =
        assertThrows(
            StoreException.class,
            () ->
                new ApiCalls(FakePinecone.KEY, 1000, Duration.ofMillis(1), CancellationToken.NONE)
                    .get(java.net.URI.create(other.host() + "/x")));
    assertEquals(StoreException.Kind.TEMPORARY, e.kind());
    assertTrue(e.getMessage().contains("Too many requests"), e.getMessage());
  }

  @Test
  void aPodGivesItsRecordsByQueriesOrByAFileOfIds() throws IOException {
    cloud.lists = false;
    PullReport report = Pull.run(options(null), progress);
    assertTrue(report.whole());
    assertEquals(25, lines(folder.resolve("export")).size());
    assertEquals(List.of("a pod does not list its ids: looking for them with queries"), said);
    // Told nothing of the kind of index: the server's words, and what to do.
    StoreException e =
        assertThrows(
            StoreException.class,
            () -> Pull.run(elsewhere(options(cloud.host()), "two"), progress));
    assertTrue(e.getMessage().contains("list is not supported for pod indexes"));
    assertTrue(e.hint().contains("--ids FILE"));
    Path ids = Files.write(folder.resolve("ids.txt"), List.of("r01", "", "gone", "r02"));
    PullOptions some =
        with(
            elsewhere(options(cloud.host()), "three"),
            FakePinecone.KEY,
            Set.of("__default__"),
            ids,
            false,
            CancellationToken.NONE);
    PullReport few = Pull.run(some, progress);
    assertFalse(few.whole());
    assertEquals(2, few.written());
    assertEquals(List.of("gone"), few.namespaces().getFirst().someAbsent());
  }

  private PullOptions elsewhere(PullOptions o, String name) {
    return o.toBuilder().folder(folder.resolve(name)).build();
  }

  @Test
  void whatCannotBeReadSaysWhy() throws IOException {
    StoreException denied =
        assertThrows(
            StoreException.class,
            () ->
                Pull.run(
                    with(options(null), "wrong", Set.of(), null, false, CancellationToken.NONE),
                    progress));
    assertEquals(StoreException.Kind.DENIED, denied.kind());
    assertTrue(denied.getMessage().contains("Invalid API key"));
    PullOptions o = options(null);
    NotFoundException missing =
        assertThrows(
            NotFoundException.class, () -> Pull.run(o.toBuilder().index("nope").build(), progress));
    assertTrue(missing.getMessage().contains("Resource nope not found"), missing.getMessage());
    NotFoundException space =
        assertThrows(
            NotFoundException.class,
            () ->
                Pull.run(
                    with(o, o.key(), Set.of("none"), null, false, CancellationToken.NONE),
                    progress));
    assertTrue(space.hint().contains("__default__, über/all"), space.hint());
    Files.createDirectory(folder.resolve("export"));
    assertThrows(ConflictException.class, () -> Pull.run(o, progress));
  }

  @Test
  void anotherPullsWorkIsNotTakenFor() throws IOException {
    Files.createDirectory(folder.resolve("export.pull"));
    Files.writeString(folder.resolve("export.pull/pull.json"), "{\"reads\":\"something else\"}");
    Files.writeString(folder.resolve("export.pull/0001-default.jsonl"), "{\"id\":\"old\"}\n");
    ConflictException e =
        assertThrows(ConflictException.class, () -> Pull.run(options(null), progress));
    assertTrue(e.hint().contains("--restart"));
    PullOptions o = options(null);
    PullReport report = Pull.run(o.toBuilder().restart(true).build(), progress);
    assertTrue(report.whole());
    assertEquals(25, lines(folder.resolve("export")).size());
  }

  @Test
  void aResumedRunTakesNoFileOfAnotherNamespace() throws IOException {
    cloud.put("a b", "x1", "\"values\":[1.0,1.5]");
    cloud.put("c d", "y1", "\"values\":[2.0,2.5]");
    PullOptions options = threads(options(cloud.host()), 1);
    // The first is read whole, the second is refused.
    cloud.lists = true;
    CancellationToken token =
        () -> cloud.requests.stream().anyMatch(r -> r.contains("namespace=c%20d"));
    assertThrows(
        CancellationException.class,
        () ->
            Pull.run(
                with(options, FakePinecone.KEY, Set.of("a b", "c d"), null, false, token),
                progress));
    PullReport report =
        Pull.run(
            with(options, FakePinecone.KEY, Set.of("c d"), null, false, CancellationToken.NONE),
            progress);
    assertTrue(report.whole());
    Set<String> lines = lines(folder.resolve("export"));
    assertEquals(1, lines.size());
    assertTrue(lines.iterator().next().contains("\"y1\""), lines.toString());
  }
}
