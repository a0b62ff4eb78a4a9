package io.slab.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.Cancellation;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.FieldMap;
import io.slab.source.SourcePart;
import io.slab.source.json.BlockReaderTest;
import io.slab.source.json.JsonlFixture;
import io.slab.source.scan.NativeLines;
import io.slab.writer.Commit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestJobTest {
  /** Takes batches and numbers their records from 100. */
  private static final class Sink implements BatchSink {
    final List<List<VectorRecord>> batches = new ArrayList<>();
    int failAt = Integer.MAX_VALUE;
    private long lsn = 100;

    @Override
    public Commit write(List<VectorRecord> batch) {
      if (batches.size() == failAt) {
        throw new StoreException(StoreException.Kind.TEMPORARY, "no answer", null, null);
      }
      batches.add(batch);
      lsn += batch.size();
      return new Commit(batches.size(), lsn - batch.size(), lsn - 1, batch.size());
    }

    List<String> ids() {
      return batches.stream().flatMap(List::stream).map(VectorRecord::id).toList();
    }
  }

  private final Sink sink = new Sink();
  private final ByteArrayOutputStream rejects = new ByteArrayOutputStream();

  private static String row(Object id) {
    return "{\"id\":\"" + id + "\",\"values\":[1,0]}\n";
  }

  private static String rows(int from, int to) {
    StringBuilder text = new StringBuilder();
    IntStream.range(from, to).forEach(i -> text.append(row(i)));
    return text.toString();
  }

  private static SourcePart input(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return NativeLines.part(
        name, bytes.length, () -> new ByteArrayInputStream(bytes), FieldMap.USUAL);
  }

  static SourcePart file(Path file) {
    return NativeLines.part(
        file.toString(),
        Files.exists(file) ? file.toFile().length() : -1,
        () -> Files.newInputStream(file),
        FieldMap.USUAL);
  }

  private IngestJob job(IngestOptions options, SourcePart... inputs) {
    return new IngestJob(List.of(inputs), JsonlFixture.DENSE, sink, options);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyRecordInOrderInBatchesOfAThousand(int threads) {
    String a = rows(0, 40_000);
    String b = rows(40_000, 100_500).strip();
    IngestSummary summary =
        job(IngestOptions.defaults().withThreads(threads), input("a", a), input("b", b)).run();
    assertEquals(ids(0, 100_500), sink.ids());
    assertEquals(101, sink.batches.size());
    assertTrue(sink.batches.subList(0, 100).stream().allMatch(batch -> batch.size() == 1000));
    assertEquals(IngestSummary.Outcome.COMPLETED, summary.outcome());
    assertEquals(100_500, summary.read());
    assertEquals(100_500, summary.written());
    assertEquals(0, summary.rejected());
    assertEquals(101, summary.batches());
    assertEquals(100, summary.firstLsn());
    assertEquals(100_599, summary.lastLsn());
    assertEquals(a.length() + b.length(), summary.bytes());
    assertNull(summary.resume());
    assertNull(summary.stopText());
  }

  @Test
  void noInputAtAllIsFine() {
    IngestSummary summary = job(IngestOptions.defaults(), input("a", "\n\n")).run();
    assertEquals(IngestSummary.Outcome.COMPLETED, summary.outcome());
    assertEquals(-1, summary.firstLsn());
    assertEquals(0, summary.batches());
    assertEquals(IngestSummary.Outcome.COMPLETED, job(IngestOptions.defaults()).run().outcome());
  }

  @Test
  void batchesStayBelowTheByteLimit() {
    StringBuilder text = new StringBuilder();
    String values = "0.5,".repeat(19_999) + "1";
    for (int i = 0; i < 60; i++) {
      text.append("{\"id\":\"").append(i).append("\",\"values\":[").append(values).append("]}\n");
    }
    new IngestJob(
            List.of(input("a", text.toString())),
            JsonlFixture.spec(20_000, Metric.EUCLIDEAN, VectorType.DENSE),
            sink,
            IngestOptions.defaults())
        .run();
    assertEquals(60, sink.ids().size());
    // 24 * (80,000 + 21) bytes fit into 2,000,000, and 25 of them do not.
    assertEquals(List.of(24, 24, 12), sink.batches.stream().map(List::size).toList());
    for (List<VectorRecord> batch : sink.batches) {
      assertTrue(
          batch.stream().mapToLong(RecordSize::bytes).sum()
              <= Limits.MAX_BATCH_BYTES - RecordSize.OBJECT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void abortWritesWhatCameBeforeAndSaysWhereToGoOn(int threads) {
    String text = rows(0, 1500) + "\n{\"id\":\"bad\",\"values\":[1]}\n" + rows(1500, 90_000);
    IngestOptions options = IngestOptions.defaults().withThreads(threads).withRejects(rejects);
    IngestSummary summary = job(options, input("a:b.jsonl", text)).run();
    assertEquals(IngestSummary.Outcome.ABORTED, summary.outcome());
    assertEquals(ids(0, 1500), sink.ids());
    assertEquals(1500, summary.written());
    assertEquals(1501, summary.read());
    assertEquals(1, summary.rejected());
    assertEquals(
        "a:b.jsonl:1502: record 'bad': Vector dimension 1 does not match the dimension of the index 2",
        summary.problem().text());
    assertEquals(new ResumePoint("a:b.jsonl", 1502), summary.resume());
    assertEquals(
        "1500 records were written and stay; the first line not written is line 1502 of a:b.jsonl"
            + " (resume token a:b.jsonl:1502)",
        summary.stopText());
    assertEquals(1, rejects.toString(StandardCharsets.UTF_8).lines().count());

    String mended = text.replace("[1]", "[1,1]");
    ResumePoint resume = ResumePoint.parse(summary.resume().token());
    IngestSummary rest =
        job(options.resumingAt(resume), input("first", row("x")), input("a:b.jsonl", mended)).run();
    assertEquals(IngestSummary.Outcome.COMPLETED, rest.outcome());
    assertEquals(90_001 - 1500, rest.written());
    List<String> all = new ArrayList<>(ids(0, 1500));
    all.add("bad");
    all.addAll(ids(1500, 90_000));
    assertEquals(all, sink.ids());
  }

  @Test
  void skipGoesOnAndRejectsHoldTheRecordAndTheReason() {
    byte[] text =
        (row(0)
                + "{\"id\":\"a\",\"values\":[1,0],\"metadata\":{\"x\":null}}\n"
                + "not json\n"
                + row(1)
                + "{\"id\":\"\u00ff\",\"values\":[1]}\n"
                + "\"\\ud800\"\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    SourcePart in =
        NativeLines.part("f", text.length, () -> new ByteArrayInputStream(text), FieldMap.USUAL);
    IngestSummary summary =
        job(IngestOptions.defaults().skipping(-1).withRejects(rejects), in).run();
    assertEquals(IngestSummary.Outcome.COMPLETED, summary.outcome());
    assertEquals(List.of("0", "1"), sink.ids());
    assertEquals(4, summary.rejected());
    List<String> lines = rejects.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(
        "{\"file\":\"f\",\"line\":2,\"offset\":67,\"id\":\"a\",\"field\":\"metadata.x\",\"reason\":"
            + "\"Metadata value must be a string, number, boolean or list of strings, got 'null' for"
            + " field 'x'\",\"record\":{\"id\":\"a\",\"values\":[1,0],\"metadata\":{\"x\":null}}}",
        lines.get(0));
    assertEquals(
        "{\"file\":\"f\",\"line\":3,\"offset\":74,\"id\":null,\"field\":null,\"reason\":\"Expected a"
            + " record, which is a JSON object but found 'n'\",\"record\":\"not json\"}",
        lines.get(1));
    JsonNode third = Json.parse("line", lines.get(2));
    assertEquals("{\"id\":\"\uFFFD\",\"values\":[1]}", third.get("record").stringValue());
    assertEquals("eyJpZCI6Iv8iLCJ2YWx1ZXMiOlsxXX0=", third.get("recordBase64").stringValue());
    assertEquals("\"\\ud800\"", Json.parse("line", lines.get(3)).get("record").stringValue());
  }

  @Test
  void rejectedOverlongLinesAreCut() {
    InputStream in = BlockReaderTest.endless("y".getBytes(StandardCharsets.UTF_8), (16L << 20) + 1);
    IngestOptions options = IngestOptions.defaults().skipping(-1).withRejects(rejects);
    job(options, NativeLines.part("-", -1, () -> in, FieldMap.USUAL)).run();
    JsonNode reject = Json.parse("line", rejects.toString(StandardCharsets.UTF_8));
    assertEquals("y".repeat(1024), reject.get("record").stringValue());
    assertTrue(reject.get("truncated").booleanValue());
  }

  @Test
  void skipStopsWhenTooManyAreBad() {
    String bad = "{}\n";
    String text = bad + row(0) + bad + row(1) + bad + row(2);
    assertEquals(
        IngestSummary.Outcome.COMPLETED,
        job(IngestOptions.defaults().skipping(3), input("f", text)).run().outcome());
    sink.batches.clear();
    IngestSummary summary = job(IngestOptions.defaults().skipping(2), input("f", text)).run();
    assertEquals(IngestSummary.Outcome.ABORTED, summary.outcome());
    assertEquals(List.of("0", "1"), sink.ids());
    assertEquals(new ResumePoint("f", 5), summary.resume());
    assertEquals(3, summary.rejected());
  }

  @Test
  void whereNothingIsAcknowledgedNothingIsSaidToStay() {
    sink.failAt = 0;
    IngestJob failed = job(IngestOptions.defaults(), input("f", rows(0, 10)));
    assertThrows(StoreException.class, failed::run);
    // The batch may be written all the same: the call that failed says so.
    assertEquals(
        "no record was acknowledged; the first line not acknowledged is line 1 of f"
            + " (resume token f:1)",
        failed.summary().stopText());
    IngestSummary refused = job(IngestOptions.defaults(), input("f", "bad\n" + rows(0, 10))).run();
    assertEquals(
        "no record was written; the first line not written is line 1 of f (resume token f:1)",
        refused.stopText());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aFailingSinkLeavesThePlaceOfTheFirstLineThatIsNotDurable(int threads) {
    sink.failAt = 2;
    IngestJob job =
        job(IngestOptions.defaults().withThreads(threads), input("f", "\n" + rows(0, 50_000)));
    assertEquals("no answer", assertThrows(StoreException.class, job::run).getMessage());
    IngestSummary summary = job.summary();
    assertEquals(IngestSummary.Outcome.UNFINISHED, summary.outcome());
    assertEquals(2000, summary.written());
    assertEquals(new ResumePoint("f", 2002), summary.resume());
    sink.failAt = Integer.MAX_VALUE;
    job(IngestOptions.defaults().resumingAt(summary.resume()), input("f", "\n" + rows(0, 50_000)))
        .run();
    assertEquals(ids(0, 50_000), sink.ids());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anInputThatFailsLateKeepsWhatWasAcknowledged(int threads) {
    SourcePart missing = file(Path.of("no-such-directory", "x.jsonl"));
    IngestJob job =
        job(
            IngestOptions.defaults().withThreads(threads).withBatchRecords(10),
            input("f", rows(0, 25)),
            missing);
    StoreException e = assertThrows(StoreException.class, job::run);
    assertTrue(e.getMessage().startsWith("cannot read no-such-directory"), e.getMessage());
    // What was read before it is written, although it fills no batch.
    assertEquals(ids(0, 25), sink.ids());
    assertEquals(new ResumePoint("f", 26), job.summary().resume());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void dryRunChecksAndWritesNothing(int threads) {
    IngestOptions options =
        IngestOptions.defaults().dry().skipping(-1).withThreads(threads).withRejects(rejects);
    IngestSummary summary =
        new IngestJob(
                List.of(input("f", rows(0, 3000) + "{}\n" + rows(0, 10))),
                JsonlFixture.DENSE,
                null,
                options)
            .run();
    assertEquals(IngestSummary.Outcome.COMPLETED, summary.outcome());
    assertEquals(3011, summary.read());
    assertEquals(0, summary.written());
    assertEquals(1, summary.rejected());
    assertEquals(1, rejects.toString(StandardCharsets.UTF_8).lines().count());
  }

  @Test
  void progressGrowsAndEndsAtTheWhole(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("x.jsonl");
    Files.writeString(file, rows(0, 100_000));
    List<IngestProgress> seen = new ArrayList<>();
    long[] clock = {50};
    job(
            IngestOptions.defaults().withProgress(seen::add).withNanoClock(() -> clock[0]++),
            file(file))
        .run();
    assertTrue(seen.size() > 100);
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i).written() >= seen.get(i - 1).written());
      assertTrue(seen.get(i).bytes() >= seen.get(i - 1).bytes());
      assertTrue(seen.get(i).elapsedNanos() > seen.get(i - 1).elapsedNanos());
    }
    IngestProgress last = seen.getLast();
    assertEquals(100_000, last.written());
    assertEquals(Files.size(file), last.bytes());
    assertEquals(Files.size(file), last.totalBytes());
    assertEquals(1, seen.getFirst().elapsedNanos());
  }

  @Test
  void cancelStopsAtTheNextRecord() {
    Cancellation cancellation = new Cancellation();
    BatchSink cancelling =
        batch -> {
          cancellation.cancel();
          return sink.write(batch);
        };
    IngestSummary summary =
        new IngestJob(
                List.of(input("f", rows(0, 5000))),
                JsonlFixture.DENSE,
                cancelling,
                IngestOptions.defaults().withCancellation(cancellation))
            .run();
    assertEquals(IngestSummary.Outcome.CANCELLED, summary.outcome());
    assertEquals(1000, summary.written());
    assertEquals(new ResumePoint("f", 1001), summary.resume());
  }

  /** Closing must not wait for a pipe that never ends. */
  @Test
  void aFailingSinkIsReportedThoughThePipeIsSilent() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out, 1 << 20)) {
      out.write(rows(0, 20).getBytes(StandardCharsets.UTF_8));
      out.flush();
      sink.failAt = 1;
      IngestJob job =
          job(
              IngestOptions.defaults().withThreads(2).withBatchRecords(5),
              NativeLines.part("-", -1, () -> in, FieldMap.USUAL));
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> assertThrows(StoreException.class, job::run));
      assertEquals(5, job.summary().written());
    }
  }

  @Test
  void badCallsAndTokens() {
    assertThrows(IllegalArgumentException.class, () -> IngestOptions.defaults().withThreads(0));
    assertThrows(
        IllegalArgumentException.class, () -> IngestOptions.defaults().withBatchRecords(0));
    assertThrows(
        IllegalArgumentException.class, () -> IngestOptions.defaults().withBatchRecords(1001));
    assertThrows(
        IllegalArgumentException.class,
        () -> new IngestJob(List.of(), JsonlFixture.DENSE, null, IngestOptions.defaults()));
    for (String token : new String[] {"", "x", "x:", ":3", "x:0", "x:-1", "x:1.5", "x:y"}) {
      assertEquals(
          "'" + token + "' is no resume token",
          assertThrows(InvalidInputException.class, () -> ResumePoint.parse(token)).getMessage());
    }
    ResumePoint other = new ResumePoint("g", 1);
    assertEquals(
        "the resume token g:1 names a file that is not among the inputs",
        assertThrows(
                InvalidInputException.class,
                () -> job(IngestOptions.defaults().resumingAt(other), input("f", "")))
            .getMessage());
  }

  @Test
  void oneInputIsOpenedAtATime() {
    List<String> events = new ArrayList<>();
    SourcePart[] inputs = new SourcePart[3];
    for (int i = 0; i < inputs.length; i++) {
      String name = "f" + i;
      byte[] bytes = row(name).getBytes(StandardCharsets.UTF_8);
      inputs[i] =
          NativeLines.part(
              name,
              -1,
              () -> {
                events.add("open " + name);
                return new ByteArrayInputStream(bytes) {
                  @Override
                  public void close() {
                    events.add("close " + name);
                  }
                };
              },
              FieldMap.USUAL);
    }
    IngestSummary summary = job(IngestOptions.defaults(), inputs).run();
    assertEquals(
        List.of("open f0", "close f0", "open f1", "close f1", "open f2", "close f2"), events);
    assertEquals(List.of("f0", "f1", "f2"), sink.ids());
    assertSame(IngestSummary.Outcome.COMPLETED, summary.outcome());
  }
}
