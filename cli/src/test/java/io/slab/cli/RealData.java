package io.slab.cli;

import io.slab.cli.input.MetadataInput;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.VectorRecord;
import io.slab.source.ReadOptions;
import io.slab.source.matrix.NpyReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * One data set with exact answers that were computed elsewhere: {@code base.npy} and {@code
 * metadata.jsonl} line by line, {@code queries.npy}, and for each line of {@code filters.jsonl},
 * and for no filter, the 100 nearest of each query. The sets are too large for the project's own
 * tree; tests skip themselves where they are absent.
 */
final class RealData {
  /** Answers per query in the files. */
  static final int NEAREST = 100;

  private final Path folder;
  private final String metric;
  private final String suffix;

  private RealData(Path folder, String metric, String suffix) {
    this.folder = folder;
    this.metric = metric;
    this.suffix = suffix;
  }

  /** 60,000 pictures of 28 by 28 grey pixels, compared by squared Euclidean distance. */
  static RealData pictures() {
    return new RealData(require("fashion-mnist-784"), "euclidean", ".u8.npy");
  }

  /** 26,631 pieces of text, compared by cosine. */
  static RealData notes() {
    return new RealData(require("notes-384"), "cosine", ".npy");
  }

  /** In $SLAB_TEST_DATA, or in ../shared/data beside the project. */
  private static Path require(String name) {
    String given = System.getenv("SLAB_TEST_DATA");
    Path all =
        given != null
            ? Path.of(given)
            : Path.of(System.getProperty("slab.root")).resolveSibling("shared/data");
    Path folder = all.resolve(name).normalize();
    if (!Files.isReadable(folder.resolve("metadata.jsonl"))) {
      String reason = "skipped: no data set at " + folder + " (see SLAB_TEST_DATA)";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return folder;
  }

  /** A filter with the number of records that it must select. */
  record Case(String name, String filter, long matches) {}

  /** The cases, the one without a filter first. */
  List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(null, null, -1));
    for (String line : Files.readAllLines(folder.resolve("filters.jsonl"))) {
      JsonNode json = Json.parse("filters.jsonl", line);
      cases.add(
          new Case(
              json.get("name").stringValue(),
              Json.text(json.get("filter")),
              json.get("matches").longValue()));
    }
    return cases;
  }

  /** Takes the records in the order of the base file. */
  interface RecordSink {
    void accept(VectorRecord record) throws IOException;
  }

  void records(RecordSink sink) throws IOException {
    try (NpyReader base = matrix("base");
        BufferedReader lines = Files.newBufferedReader(folder.resolve("metadata.jsonl"))) {
      for (float[] row = base.next(); row != null; row = base.next()) {
        JsonNode json = Json.parse("metadata.jsonl", lines.readLine());
        sink.accept(record(json, row.clone()));
      }
    }
  }

  /** A record with the id and metadata of a line. */
  static VectorRecord record(JsonNode json, float[] values) {
    return new VectorRecord(
        json.get("id").stringValue(),
        values,
        null,
        MetadataInput.parse("metadata", Json.text(json.get("metadata")), ReadOptions.Nulls.REFUSE)
            .fields());
  }

  /** The ids, by row of the base file. */
  List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve("metadata.jsonl"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ids.add(Json.parse("metadata.jsonl", line).get("id").stringValue());
      }
    }
    return ids;
  }

  /** The records as the command line reads them. */
  void writeJsonLines(Path file) throws IOException {
    try (NpyReader base = matrix("base");
        BufferedReader lines = Files.newBufferedReader(folder.resolve("metadata.jsonl"));
        BufferedWriter out = Files.newBufferedWriter(file)) {
      StringBuilder values = new StringBuilder();
      for (float[] row = base.next(); row != null; row = base.next()) {
        values.setLength(0);
        for (float value : row) {
          values.append(values.isEmpty() ? "{\"values\":[" : ",").append(value);
        }
        out.append(values).append("],").append(lines.readLine().strip().substring(1)).append('\n');
      }
    }
  }

  private NpyReader matrix(String name) throws IOException {
    Path file = folder.resolve(name + suffix);
    return new NpyReader(new BufferedInputStream(Files.newInputStream(file), 1 << 20), name);
  }

  /** The first queries, at most so many. */
  List<float[]> queries(int most) throws IOException {
    List<float[]> queries = new ArrayList<>();
    try (NpyReader matrix = matrix("queries")) {
      for (float[] row = matrix.next(); row != null && queries.size() < most; row = matrix.next()) {
        queries.add(row.clone());
      }
    }
    return queries;
  }

  /** The rows of the base file nearest to each query, -1 where fewer match. */
  int[] nearest(Case which) throws IOException {
    ByteBuffer data = data(which, "ids");
    int[] rows = new int[data.remaining() / 4];
    data.asIntBuffer().get(rows);
    return rows;
  }

  /** Their scores. */
  float[] scores(Case which) throws IOException {
    ByteBuffer data = data(which, "scores");
    float[] scores = new float[data.remaining() / 4];
    data.asFloatBuffer().get(scores);
    return scores;
  }

  private ByteBuffer data(Case which, String what) throws IOException {
    String filter = which.name() == null ? "" : "filter_" + which.name() + "_";
    Path file = folder.resolve("gt_" + metric + "_" + filter + what + ".npy");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = 10 + bytes.getShort(8);
    return bytes.slice(header, bytes.capacity() - header).order(ByteOrder.LITTLE_ENDIAN);
  }
}
