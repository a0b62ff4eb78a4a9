package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.LongTest;
import io.slab.vector.Workload;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real records in, exact answers out, compared with brute force by another program. Ids are
 * compared where the neighbouring scores differ; the sets hold duplicates, and float32 sums in
 * another order differ in the last digits.
 */
class RealDataIT {
  private static final int BATCH = 500;
  private static final int QUERIES = 100;

  @TempDir Path folder;

  @Test
  void pictures() throws IOException {
    throughTheLibrary(RealData.pictures(), spec(784, Metric.EUCLIDEAN), 1e-6f);
  }

  @LongTest
  @Test
  void notes() throws IOException {
    throughTheLibrary(RealData.notes(), spec(384, Metric.COSINE), 1e-6f);
  }

  private static IndexSpec spec(int dimension, Metric metric) {
    return new IndexSpec("real", dimension, metric, VectorType.DENSE, null, 1);
  }

  private void throughTheLibrary(RealData data, IndexSpec spec, float tolerance)
      throws IOException {
    List<String> ids = data.ids();
    List<float[]> queries = data.queries(QUERIES);
    LocalStore store = new LocalStore(folder);
    try (SlabIndex index = SlabIndex.create(store, spec, false, Environment.system())) {
      write(index, data);
      try (Snapshot snapshot = index.snapshot("");
          QueryEngine engine = new QueryEngine(spec, 2, Workload.LONG_RUNNING)) {
        assertEquals(ids.size(), snapshot.count());
        assertTrue(snapshot.memtable().isEmpty());
        for (RealData.Case which : data.cases()) {
          Answers answers = new Answers(data, which, ids, tolerance);
          Filter filter = which.filter() == null ? null : FilterParser.parse(which.filter());
          if (filter != null) {
            assertEquals(which.matches(), SnapshotSource.count(snapshot, filter), which.name());
          }
          List<QueryRequest> requests =
              queries.stream()
                  .map(q -> new QueryRequest(q, null, filter, RealData.NEAREST, false, false))
                  .toList();
          SnapshotSource source = SnapshotSource.of(snapshot);
          List<List<Match>> found =
              engine.batch(source, requests).stream().map(r -> r.matches()).toList();
          for (int i = 0; i < found.size(); i++) {
            answers.check(i, found.get(i));
          }
          // A query alone is answered as it is in company.
          assertEquals(found.getFirst(), engine.query(source, requests.getFirst()).matches());
        }
      }
    }
  }

  private static void write(SlabIndex index, RealData data) throws IOException {
    try (NamespaceWriter writer = index.writer("")) {
      List<WriteOp> batch = new ArrayList<>();
      data.records(record -> {
        batch.add(new WriteOp.Upsert(record));
        if (batch.size() == BATCH) {
          writer.append(batch);
          batch.clear();
        }
      });
      if (!batch.isEmpty()) {
        writer.append(batch);
      }
      writer.flush();
    }
  }

  @Test
  void notesThroughTheCommandLine() throws Exception {
    RealData data = RealData.notes();
    List<String> ids = data.ids();
    Path records = folder.resolve("notes.jsonl");
    data.writeJsonLines(records);
    List<float[]> asked = data.queries(QUERIES);
    Path queries = folder.resolve("queries.jsonl");
    Files.write(
        queries, asked.stream().map(q -> "{\"vector\":" + Arrays.toString(q) + "}").toList());
    String index = folder.resolve("notes").toString();
    slab("create", index, "--dimension", "384", "--metric", "cosine");
    slab("ingest", index, records.toString(), "--flush", "--quiet");
    assertEquals(
        ids.size() + "\n", lastColumn(slab("stats", index, "--fields", "totalVectorCount")));
    for (RealData.Case which : data.cases()) {
      List<String> words =
          new ArrayList<>(List.of("query", index, "--queries", queries.toString()));
      words.addAll(List.of("--top-k", "" + RealData.NEAREST, "--exact", "--output", "ndjson"));
      if (which.filter() != null) {
        words.addAll(List.of("--filter", which.filter()));
      }
      Answers answers = new Answers(data, which, ids, 1e-6f);
      List<String> lines = slab(words.toArray(String[]::new)).lines().toList();
      assertEquals(asked.size() + 1, lines.size(), "a line per query and a summary");
      for (int i = 0; i < asked.size(); i++) {
        answers.check(i, matches(lines.get(i)));
      }
    }
    slab("verify", index);
  }

  private static List<Match> matches(String line) {
    List<Match> matches = new ArrayList<>();
    for (JsonNode match : Json.parse("line", line).get("matches")) {
      matches.add(
          new Match(match.get("id").stringValue(), (float) match.get("score").doubleValue(), null));
    }
    return matches;
  }

  private static String lastColumn(String table) {
    return table.substring(table.lastIndexOf('\t') + 1);
  }

  /** Runs a process that must succeed and say nothing to stderr that looks like trouble. */
  private String slab(String... words) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    int code =
        new ProcessBuilder(Processes.slab(words))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertEquals(0, code, Files.readString(err));
    return Files.readString(out);
  }

  /** The exact answers under one filter. */
  private static final class Answers {
    private final RealData.Case which;
    private final List<String> ids;
    private final float tolerance;
    private final int[] rows;
    private final float[] scores;

    Answers(RealData data, RealData.Case which, List<String> ids, float tolerance)
        throws IOException {
      this.which = which;
      this.ids = ids;
      this.tolerance = tolerance;
      rows = data.nearest(which);
      scores = data.scores(which);
    }

    void check(int query, List<Match> found) {
      int base = query * RealData.NEAREST;
      int expected = 0;
      while (expected < RealData.NEAREST && rows[base + expected] >= 0) {
        expected++;
      }
      assertEquals(expected, found.size(), () -> name(query));
      for (int i = 0; i < expected; i++) {
        Match match = found.get(i);
        float score = scores[base + i];
        assertTrue(same(score, match.score()), () -> name(query) + ": " + score + ", " + match);
        boolean alone =
            (i == 0 || !same(score, scores[base + i - 1]))
                && i + 1 < expected
                && !same(score, scores[base + i + 1]);
        if (alone) {
          assertEquals(ids.get(rows[base + i]), match.id(), () -> name(query));
        }
      }
    }

    private boolean same(float a, float b) {
      return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
    }

    private String name(int query) {
      return "query " + query + " under " + which.name();
    }
  }
}
