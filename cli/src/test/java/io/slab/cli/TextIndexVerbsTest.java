package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words that are asked for, on the command line, without any model. */
class TextIndexVerbsTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path notes;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    shell.with("HOME", folder.toString());
    notes = folder.resolve("notes");
    file = folder.resolve("notes.jsonl");
    Files.writeString(
        file,
        """
        {"id":"whale","text":"The white whale hunts, says the captain","year":1851}
        {"id":"tea","text":"How to brew tea: boiling water, three minutes","year":1900}
        {"id":"ship","text":"Captains sail ships to Nantucket","year":1850}
        """);
  }

  private List<String> ask(Object... more) {
    Object[] words = new Object[more.length + 3];
    words[0] = "query";
    words[1] = notes;
    words[2] = "--json";
    System.arraycopy(more, 0, words, 3, more.length);
    return StreamSupport.stream(
            Json.parse("answer", shell.ok(words)).get("matches").spliterator(), false)
        .map(match -> match.get("id").stringValue())
        .toList();
  }

  @Test
  void threeCommandsAnswerFromTextsAlone() {
    shell.ok("create", notes, "--text-index", "text");
    shell.ok("ingest", notes, file);
    String answer = shell.ok("query", notes, "--text", "hunting whales", "--include-metadata");
    assertTrue(answer.contains("whale"), answer);
    assertFalse(answer.contains("tea"), answer);
    assertEquals(List.of("ship", "whale"), ask("--text", "captains on a ship"));
    assertEquals(List.of("ship"), ask("--text", "captain", "--filter", "{\"year\":1850}"));
    String out = shell.ok("export", notes);
    assertTrue(out.contains("Nantucket") && !out.contains("sparse"), out);
    assertTrue(shell.ok("describe", notes, "--json").contains("english"));
    shell.ok("verify", notes, "--level", "deep");
  }

  @Test
  void aRowShowsItsTermsAsTheSchemaSays() throws IOException {
    shell.ok("create", notes, "--text-index", "text");
    shell.ok("ingest", notes, file, "--flush");
    String slab;
    try (Stream<Path> files = Files.walk(notes)) {
      slab = files.filter(path -> path.toString().endsWith(".slab")).findFirst().get().toString();
    }
    String row = shell.ok("inspect", slab, "--what", "row", "--row", 0, "--json");
    Path schema = Path.of(System.getProperty("slab.root"), "spec/cli/inspect.schema.json");
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(schema))
            .validate(row, InputFormat.JSON));
    JsonNode terms = Json.parse("row", row).get("terms");
    assertEquals(terms.get("indices").size(), terms.get("values").size());
  }

  @Test
  void changesComeThroughEveryDoor() throws IOException {
    shell.ok("create", notes, "--text-index", "text:english");
    shell.ok("ingest", notes, file);
    shell.ok("flush", notes);
    shell.ok("update", notes, "--id", "tea", "--set-metadata", "{\"text\":\"Coffee\"}");
    assertEquals(List.of("tea"), ask("--text", "coffee"));
    shell.ok(
        "update",
        notes,
        "--filter",
        "{\"year\":{\"$lt\":1860}}",
        "--set-metadata",
        "{\"text\":\"A submarine\"}",
        "--yes");
    assertEquals(List.of("ship", "whale"), ask("--text", "submarines"));
    assertEquals(List.of(), ask("--text", "captain"));
    Path queries = folder.resolve("queries.jsonl");
    Files.writeString(queries, "{\"text\":\"coffee\"}\n{\"text\":\"submarine\"}\n");
    String many = shell.ok("query", notes, "--queries", queries, "--output", "csv");
    assertEquals(1 + 3, many.lines().count(), many);
    shell.ok("compact", notes, "--full");
    Path copy = folder.resolve("copy");
    shell.ok("copy", notes, copy);
    assertTrue(shell.ok("query", copy, "--text", "coffee").contains("tea"));
    shell.ok("verify", copy, "--level", "deep");
  }

  @Test
  void wordsStandBesideVectors() throws IOException {
    shell.ok("create", notes, "--dimension", 2, "--metric", "cosine", "--text-index", "text");
    Files.writeString(
        file,
        """
        {"id":"a","values":[1,0],"metadata":{"text":"red apples"}}
        {"id":"b","values":[0.9,0.1],"metadata":{"text":"green apples"}}
        {"id":"c","values":[0,1],"metadata":{"text":"red wine"}}
        """);
    shell.ok("ingest", notes, file);
    assertEquals(List.of("a", "b", "c"), ask("--vector", "[1,0]"));
    assertEquals(List.of("c"), ask("--text", "wine"));
    assertEquals(List.of("c", "a", "b"), ask("--text", "wine", "--vector", "[1,0]"));
    assertEquals(
        List.of("a", "b"), ask("--text", "apples", "--id", "a", "--mode", "hybrid", "-k", 2));
    // An embedder would have to make a vector, and the command names none.
    assertEquals(2, shell.run("query", notes, "--text", "red", "--mode", "dense").code());
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Path dense = folder.resolve("dense");
    shell.ok("create", dense, "--dimension", 2);
    Shell.Result none = shell.run("query", dense, "--text", "x", "--mode", "text");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--text-index"), none.err());
    assertEquals(2, shell.run("create", notes, "--text-index", "text:klingon").code());
    assertEquals(
        2, shell.run("create", notes, "--text-index", "text", "--vector-type", "sparse").code());
    assertEquals(
        2, shell.run("create", notes, "--text-index", "text", "--metric", "cosine").code());
    shell.ok("create", notes, "--text-index", "text");
    Files.writeString(file, "{\"id\":\"a\",\"sparse_values\":{\"indices\":[1],\"values\":[1]}}\n");
    Shell.Result own = shell.run("ingest", notes, file);
    assertTrue(own.err().contains("takes no 'sparse_values'"), own.err());
    assertEquals(2, shell.run("query", notes, "--text", "the").code());
  }
}
