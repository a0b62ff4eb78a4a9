package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tools of {@code slab mcp}: they answer as the verbs do, and reach nothing but the indexes.
 */
class McpVerbTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private final FakeEmbedder server = new FakeEmbedder();
  private Path index;
  private Path other;

  @BeforeEach
  void make() {
    shell.with("HOME", folder.toString());
    index = folder.resolve("books");
    other = folder.resolve("more/books");
    shell.ok("create", index, "-d", FakeEmbedder.DIMENSION, "-q");
    shell.ok("create", other, "-d", 2, "-q");
    StringBuilder lines = new StringBuilder();
    for (String text : List.of("cat", "sea", "dog")) {
      lines.append(
          "{\"id\":\"%s\",\"values\":%s,\"metadata\":{\"kind\":\"%s\",\"n\":%d}}\n"
              .formatted(
                  text,
                  FakeEmbedder.vector(text),
                  text.equals("sea") ? "place" : "animal",
                  (int) text.charAt(0)));
    }
    shell.input(lines.toString()).ok("ingest", index, "-", "--flush", "-q");
    shell
        .input("{\"id\":\"late\",\"values\":%s}".formatted(FakeEmbedder.vector("late")))
        .ok("ingest", index, "-", "-q");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String call(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}\n"
        .formatted(tool, arguments);
  }

  private JsonNode ask(String tool, String arguments, Object... more) {
    List<Object> words = new ArrayList<>(List.of("mcp", index));
    words.addAll(List.of(more));
    String out = shell.input(call(tool, arguments)).ok(words.toArray());
    assertEquals(1, out.lines().count(), out);
    return Json.parse("answer", out).get("result");
  }

  private String failure(String tool, String arguments, Object... more) {
    JsonNode result = ask(tool, arguments, more);
    assertTrue(result.get("isError").booleanValue(), result.toString());
    return result.get("content").get(0).get("text").stringValue();
  }

  /** What a tool says is what the verb says. */
  private void assertSame(String tool, String arguments, Object... verb) {
    JsonNode result = ask(tool, arguments);
    assertFalse(result.get("isError").booleanValue(), result.toString());
    String printed = shell.ok(verb);
    assertEquals(printed.strip(), result.get("content").get(0).get("text").stringValue());
    assertEquals(Json.parse("verb", printed), result.get("structuredContent"));
  }

  @Test
  void eachToolAnswersAsItsVerb() {
    String filter = "{\"kind\":\"animal\"}";
    assertSame(
        "search",
        "{\"id\":\"cat\",\"top_k\":3,\"filter\":%s}".formatted(filter),
        "query",
        index,
        "--id",
        "cat",
        "-k",
        3,
        "-f",
        filter,
        "--include-metadata",
        "--include-slab",
        "-j");
    assertSame(
        "fetch",
        "{\"ids\":[\"cat\",\"a,b\"],\"include_values\":true}",
        "fetch",
        index,
        "--ids",
        "[\"cat\",\"a,b\"]",
        "-j");
    assertSame(
        "fetch",
        "{\"filter\":%s,\"limit\":1}".formatted(filter),
        "fetch",
        index,
        "-f",
        filter,
        "-l",
        1,
        "--no-include-values",
        "-j");
    assertSame("list", "{\"prefix\":\"c\",\"limit\":2}", "list", index, "--prefix", "c", "-j");
    assertSame(
        "facet",
        "{\"fields\":[\"kind\",\"n\"],\"top\":1}",
        "facet",
        index,
        "--field",
        "kind",
        "--field",
        "n",
        "--top",
        1,
        "-j");
    assertSame("stats", "{}", "stats", index, "-j");
  }

  @Test
  void searchSaysTheSlabAndDescribeTheFields() {
    JsonNode found =
        ask("search", "{\"vector\":%s}".formatted(FakeEmbedder.vector("late")))
            .get("structuredContent")
            .get("matches");
    assertEquals("late", found.get(0).get("id").stringValue());
    assertTrue(found.get(0).get("slab").isNull());
    assertEquals(26, found.get(1).get("slab").stringValue().length());
    JsonNode described = ask("describe", "{}").get("structuredContent");
    assertEquals(4, described.get("records").intValue());
    assertEquals(
        "[{\"field\":\"kind\",\"types\":[\"text\"]},{\"field\":\"n\",\"types\":[\"number\"]}]",
        described.get("fields").toString());
    assertEquals("books", described.get("index").get("name").stringValue());
    assertTrue(ask("explain", "{\"id\":\"cat\"}").get("structuredContent").has("profile"));
  }

  @Test
  void aTextGoesToTheEmbedderOfTheUserAlone() {
    assertTrue(failure("search", "{\"text\":\"sea\"}").contains("no embedder"), "none was given");
    JsonNode found =
        ask("search", "{\"text\":\"sea\"}", "--embed-url", server.url(), "--embed-model", "m")
            .get("structuredContent");
    assertEquals("sea", found.get("matches").get(0).get("id").stringValue());
    assertEquals(1, server.requests());
  }

  @Test
  void noArgumentIsAFileOrAnOption() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "[\"sea\"]");
    for (String text : List.of("@" + secret, "-", "--help", secret + ".json")) {
      String arguments = "{\"text\":%s}".formatted(Json.text(out -> out.writeString(text)));
      JsonNode found = ask("search", arguments, "--embed-url", server.url(), "--embed-model", "m");
      assertFalse(found.get("isError").booleanValue(), found.toString());
    }
    // The words themselves went to the model, and not what is in the file.
    assertEquals(List.of("@" + secret, "-", "--help", secret + ".json"), List.copyOf(server.texts));
    assertEquals(List.of(), ids("{\"ids\":[\"@%s\"]}".formatted(secret)));
    assertTrue(failure("search", "{\"id\":\"@%s\"}".formatted(secret)).contains("no record '@"));
    assertTrue(failure("fetch", "{\"ids\":\"sea\"}").contains("ids must be"));
  }

  private List<String> ids(String arguments) {
    JsonNode vectors = ask("fetch", arguments).get("structuredContent").get("vectors");
    return List.copyOf(vectors.propertyNames());
  }

  @Test
  void mistakesAreToldWithWhatToDo() {
    assertTrue(failure("search", "{}").contains("give text, vector or id"));
    assertTrue(failure("search", "{\"id\":\"cat\",\"topk\":3}").contains("did you mean top_k?"));
    assertTrue(failure("search", "{\"id\":\"cat\",\"top_k\":0}").contains("from 1 to 100"));
    assertTrue(failure("search", "{\"vector\":[1]}").contains("dimension"));
    assertTrue(failure("search", "{\"id\":\"cat\",\"filter\":{\"$x\":1}}").contains("filter"));
    assertTrue(failure("stats", "{\"index\":\"boks\"}").contains("did you mean books?"));
    assertTrue(failure("fetch", "{}").contains("either ids or filter"));
    assertTrue(failure("list", "{\"namespace\":\"none\"}").contains("no namespace 'none'"));
  }

  @Test
  void severalIndexesHaveNamesOfTheirOwn() {
    String tools = shell.input("").ok("mcp", index, other, "--tools");
    assertTrue(tools.contains("\"enum\":[\"books\",\"books-2\"]"), tools);
    assertTrue(Json.parse("tools", tools).get("tools").size() <= 8);
    assertTrue(failure("stats", "{}", other).contains("use books or books-2"));
    JsonNode stats = ask("stats", "{\"index\":\"books-2\"}", other).get("structuredContent");
    assertEquals(2, stats.get("dimension").intValue());
  }

  @Test
  void anIndexThatIsNotThereEndsItAtOnce() {
    assertEquals(3, shell.run("mcp", folder.resolve("none")).code());
    assertEquals(2, shell.run("mcp").code());
    assertEquals(2, shell.run("mcp", "http://x/y").code());
  }

  @Test
  void whatToDoIsSaidInTheWordsOfTheTools() {
    String[][] wrong = {
      {"search", "{}", "give text, vector or id"},
      {"search", "{\"id\":\"none\"}", "hint: see the tool list"},
      {
        "search", "{\"text\":\"sea\",\"mode\":\"text\"}", "hint for the user, on the command line: "
      },
      {"search", "{\"text\":\"sea\"}", "no embedder"},
      {"search", "{\"id\":\"cat\",\"vector\":[1]}", "id and a vector exclude each other"},
      {"search", "{\"id\":\"cat\",\"filter\":{\"year\":{\"$gtee\":1}}}", "$gte"},
      {"fetch", "{}", ""},
      {"fetch", "{\"ids\":[\"cat\"],\"filter\":{}}", ""},
      {"facet", "{\"fields\":[\"kind\"],\"filter\":{\"a\":{\"b\":1}}}", ""}
    };
    for (String[] call : wrong) {
      String text = failure(call[0], call[1]);
      assertTrue(text.contains(call[2]), call[1] + "\n" + text);
      String own = text.replaceAll("(?s)hint for the user, on the command line: .*", "");
      assertFalse(own.contains("--") || own.contains("`slab"), call[1] + "\n" + text);
    }
  }
}
