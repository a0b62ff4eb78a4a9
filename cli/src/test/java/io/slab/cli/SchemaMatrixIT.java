package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.slab.testkit.Breadth;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call of {@code schema-calls.txt} in every state of an index: what it prints as JSON is what
 * the verb's schema says, and a failure is one line of JSON on stderr, alone.
 */
class SchemaMatrixIT {
  /** What is in the indexes when they are asked. */
  private enum State {
    EMPTY,
    IN_THE_LOG,
    FLUSHED,
    ON_S3
  }

  private static final Set<String> INDEXES = Set.of("i", "i2", "i9", "i10", "h", "p", "nope");

  @TempDir Path folder;
  private final Map<String, Schema> schemas = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> remote = new HashMap<>();

  private static List<String> calls() throws IOException {
    try (InputStream in = SchemaMatrixIT.class.getResourceAsStream("/schema-calls.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  private Schema schema(String name) throws IOException {
    Schema known = schemas.get(name);
    if (known == null) {
      Path file = Path.of(System.getProperty("slab.root"), "spec", "cli", name + ".schema.json");
      known =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Files.readString(file));
      schemas.put(name, known);
    }
    return known;
  }

  /** Twenty records of which every fourth has no metadata, and questions. */
  private void write() throws IOException {
    StringBuilder dense = new StringBuilder();
    StringBuilder hybrid = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String values = "\"values\":[1,%d,%d]".formatted(i, i % 3);
      String metadata =
          ",\"metadata\":{\"g\":\"%s\",\"n\":%d}".formatted(i % 2 == 0 ? "x" : "y", i);
      String rest = i % 4 == 0 ? "}\n" : metadata + "}\n";
      dense.append("{\"id\":\"r").append(i).append("\",").append(values).append(rest);
      hybrid
          .append("{\"id\":\"r" + i + "\"," + values)
          .append(",\"sparse_values\":{\"indices\":[1," + (i + 2) + "],\"values\":[0.5,1]}")
          .append(rest);
    }
    Files.writeString(folder.resolve("r.jsonl"), dense);
    Files.writeString(folder.resolve("h.jsonl"), hybrid);
    Files.writeString(
        folder.resolve("q.jsonl"),
        "{\"id\":\"q1\",\"vector\":[1,2,3],\"top_k\":3}\n{\"vector\":[0,1,0]}\n");
  }

  /** A word that names an index or a file is a place of this test. */
  private String place(State state, String word) {
    if (INDEXES.contains(word)) {
      return state == State.ON_S3
          ? remote.computeIfAbsent(word, name -> S3Server.newPlace().toString())
          : folder.resolve(word).toString();
    }
    return word.equals(".") || word.matches("[a-z]\\.(jsonl|html)")
        ? folder.resolve(word).normalize().toString()
        : word;
  }

  private void check(Shell shell, State state, String call) throws IOException {
    String[] parts = call.split("\t");
    List<Object> words = new ArrayList<>();
    String before = "";
    for (String word : parts[1].split(" ")) {
      boolean name = Set.of("--confirm", "--name").contains(before);
      // An index is named after its folder or prefix.
      words.add(name && INDEXES.contains(word) ? last(place(state, word)) : place(state, word));
      before = word;
    }
    Shell.Result result = shell.run(words.toArray());
    boolean failed = result.code() != 0;
    String output = failed ? result.err() : result.out();
    if (failed && result.err().strip().lines().count() != 1) {
      faults.add(state + " " + parts[1] + ": more than one line\n    " + result.err());
      return;
    }
    if (failed && !result.out().isEmpty() && !result.out().startsWith("{")) {
      faults.add(state + " " + parts[1] + ": text on stdout");
    }
    var errors = schema(failed ? "error" : parts[0]).validate(output, InputFormat.JSON);
    if (!errors.isEmpty()) {
      faults.add(state + " " + parts[1] + ": " + errors + "\n    " + output);
    }
  }

  /** A build asks a remote index what answers to: the rest is the same code as on a disk. */
  private static boolean isDue(State state, boolean fills, String call) {
    if (state == State.EMPTY
        && fills
        && call.startsWith("ingest\t")
        && !call.contains("--dry-run")) {
      return false;
    }
    return state != State.ON_S3
        || call.matches("(create|ingest|query|explain|fetch|list|describe)\t.*")
        || Breadth.of(0, 1) == 1;
  }

  private static String last(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void everyCallPrintsWhatItsSchemaSays(State state) throws IOException {
    write();
    Shell shell = new Shell();
    if (state == State.ON_S3) {
      S3Server.environment(S3Server.endpoint()).forEach(shell::with);
    }
    boolean fills = false;
    for (String call : calls()) {
      if (call.equals("FILL")) {
        fills = true;
      } else if (call.equals("FLUSH")) {
        if (state == State.FLUSHED || state == State.ON_S3) {
          shell.ok("flush", place(state, "i"));
          shell.ok("flush", place(state, "h"));
        }
      } else if (isDue(state, fills, call)) {
        check(shell, state, call);
      }
    }
    assertEquals("", String.join("\n", faults));
  }
}
