package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an embedder comes from, what is sent to it, and what its faults end with. */
class EmbedderDoorsIT {
  private static final String ROOT = System.getProperty("slab.root");

  @TempDir Path folder;
  private final FakeEmbedder server = new FakeEmbedder();
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("index");
    shell.with("HOME", folder.toString());
    shell.ok("create", index, "--dimension", FakeEmbedder.DIMENSION);
    StringBuilder lines = new StringBuilder();
    for (String text : List.of("cat", "sea")) {
      lines.append("{\"id\":\"%s\",\"values\":%s}\n".formatted(text, FakeEmbedder.vector(text)));
    }
    shell.input(lines.toString()).ok("ingest", index, "-", "-q");
    shell.input("");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result ask(Object... more) {
    List<Object> words = new ArrayList<>(List.of("query", index, "--json", "-k", "1"));
    words.addAll(List.of(more));
    return shell.run(words.toArray());
  }

  private Shell.Result byUrl(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("--text", "sea", "--embed-url", server.url(), "--embed-model", "m"));
    words.addAll(List.of(more));
    return ask(words.toArray());
  }

  private static void finds(String id, Shell.Result result) {
    assertEquals(0, result.code(), result.err());
    JsonNode matches = Json.parse("answer", result.out()).get("matches");
    assertEquals(id, matches.get(0).get("id").stringValue());
  }

  private static void fails(int code, String words, Shell.Result result) {
    assertEquals(code, result.code(), result.err());
    // Errors are lines of JSON here, in which quotation marks are escaped.
    assertTrue(result.err().replace("\\\"", "\"").contains(words), result.err());
  }

  private void file(String json) throws IOException {
    Path file = folder.resolve(".config/slab/config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String settings(String model) {
    return "{\"embed\":{\"url\":\"%s\",\"model\":\"%s\"}}".formatted(server.url(), model);
  }

  @Test
  void optionsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
    fails(2, "no embedder", ask("--text", "sea"));
    file(settings("of-the-file"));
    finds("sea", ask("--text", "sea"));
    shell.with("SLAB_EMBED_MODEL", "of-the-environment");
    finds("cat", ask("--text", "cat"));
    finds("cat", ask("--text", "cat", "--embed-model", "of-the-option"));
    assertEquals(List.of("of-the-file", "of-the-environment", "of-the-option"), server.models);
    // A place that is named leaves out those further away.
    shell.with("SLAB_EMBED_URL", "http://127.0.0.1:1/v1");
    fails(5, "cannot reach the embedder at http://127.0.0.1:1/v1/embeddings", ask("--text", "sea"));
    finds("sea", byUrl());
    fails(2, "exclude each other", byUrl("--embed-command", "cat"));
    shell.with("SLAB_EMBED_COMMAND", "cat");
    fails(2, "SLAB_EMBED_URL and SLAB_EMBED_COMMAND", ask("--text", "sea"));
  }

  @Test
  void aFileThatOthersMayWriteDoesNotCount() throws IOException {
    file(settings("m"));
    Path file = folder.resolve(".config/slab/config.json");
    for (Path place : List.of(file, file.getParent())) {
      file(settings("m"));
      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxr-x"));
      Shell.Result result = ask("--text", "sea");
      fails(2, "no embedder", result);
      assertTrue(result.err().contains("others may write " + place.toRealPath()), result.err());
    }
    assertEquals(0, server.requests());
    file("{\"embed\":{\"key\":\"secret\"}}");
    fails(2, "SLAB_EMBED_KEY", ask("--text", "sea"));
    file("{\"embed\":{\"urll\":\"x\"}}");
    fails(2, "did you mean url", ask("--text", "sea"));
  }

  @Test
  void aKeyComesFromTheEnvironmentAndIsNotShown() {
    shell.with("OPENAI_API_KEY", "sk-openai");
    finds("sea", byUrl());
    assertEquals(List.of(""), server.keys);
    shell.with("SLAB_EMBED_KEY", "sk-mine");
    server.faults.add(
        FakeEmbedder.Answer.of(401, "{\"error\":{\"message\":\"bad key sk-mine, sorry\"}}"));
    Shell.Result refused = byUrl();
    fails(10, "bad key ***, sorry", refused);
    assertFalse(refused.err().contains("sk-mine"), refused.err());
    assertEquals("Bearer sk-mine", server.keys.getLast());
  }

  @Test
  void whatMayPassIsAskedAgain() {
    server.faults.add(new FakeEmbedder.Answer(429, "{}", "Retry-After", "0"));
    server.faults.add(new FakeEmbedder.Answer(503, "", "retry-after-ms", "1"));
    finds("sea", byUrl());
    assertEquals(3, server.requests());
    server.faults.add(
        new FakeEmbedder.Answer(429, "{\"message\":\"slow down\"}", "Retry-After", "3600"));
    Shell.Result later = byUrl();
    fails(5, "429: \"slow down\"", later);
    assertTrue(later.err().contains("it asks to wait 3600 s"), later.err());
    server.faults.add(FakeEmbedder.Answer.of(429, "{\"error\":{\"code\":\"insufficient_quota\"}}"));
    fails(1, "429", byUrl());
    server.faults.add(FakeEmbedder.Answer.of(500, "<html>out of\u001b[31m memory</html>"));
    Shell.Result broken = byUrl("--embed-timeout", "100ms");
    fails(5, "out of [31m memory", broken);
  }

  @Test
  void anAnswerThatIsNoneIsRefused() {
    String vector = FakeEmbedder.vector("sea");
    server.body = texts -> "{\"data\":[{\"embedding\":[1,2]}]}";
    fails(4, "gives 2 numbers, and the index has dimension 16", byUrl());
    server.body = texts -> "{\"data\":[{\"embedding\":" + vector.replace("0.125", "NaN") + "}]}";
    fails(1, "'NaN' at position", byUrl());
    server.body = texts -> "[" + vector + "," + vector + "]";
    fails(1, "gave 2 vectors for 1 texts", byUrl());
    server.body = texts -> "hello";
    fails(1, "Expected a vector but found 'h'", byUrl());
    server.faults.add(new FakeEmbedder.Answer(302, "", "Location", "http://elsewhere.test/"));
    fails(1, "a redirect to http://elsewhere.test/, which is not followed", byUrl());
    server.faults.add(FakeEmbedder.Answer.of(404, "{\"error\":\"model 'm' not found\"}"));
    fails(1, "model 'm' not found", byUrl());
    server.faults.add(FakeEmbedder.Answer.of(400, "{\"detail\":[{\"msg\":\"too long\"}]}"));
    fails(2, "too long", byUrl());
    server.faults.add(FakeEmbedder.Answer.of(0, ""));
    fails(5, "did not answer within 200 ms", byUrl("--embed-timeout", "200ms"));
    fails(2, "is no URL", ask("--text", "x", "--embed-url", "ftp://x", "--embed-model", "m"));
    fails(2, "no user", ask("--text", "x", "--embed-url", "http://a:b@x", "--embed-model", "m"));
    fails(2, "an embedder goes with --text", ask("--id", "sea", "--embed-model", "m"));
    fails(2, "exclude each other", byUrl("--id", "sea"));
  }

  @Test
  void aVectorComesInTheFormsOfTools() throws IOException {
    String vector = FakeEmbedder.vector("sea");
    for (String form :
        List.of(
            vector,
            "[" + vector + "]",
            "{\"model\":\"x\",\"embedding\":" + vector + "}",
            "{\"embedding\":{\"values\":" + vector + "}}",
            "{\"embeddings\":[" + vector + "],\"prompt_eval_count\":3}",
            FakeEmbedder.openai(List.of("sea")))) {
      finds("sea", shell.input(form).run("query", index, "--json", "-k", "1", "--vector", "-"));
      Path file = folder.resolve("vector.txt");
      Files.writeString(file, form);
      finds("sea", ask("--vector", "@" + file));
    }
    String two = FakeEmbedder.openai(List.of("sea", "cat"));
    fails(2, "2 vectors where one is needed", ask("--vector", two));
    assertTrue(ask("--vector", two).err().contains("--queries"));
  }

  @Test
  void theShellAndStdinAndExplainTakeTexts() throws IOException {
    Path starts = folder.resolve("starts");
    String program = "echo x >> '" + starts + "'; exec python3 '" + counter() + "'";
    shell.with("SLAB_EMBED_COMMAND", program).with("SLAB_EMBED_MODEL", "m");
    Shell.Result session =
        shell.run(
            "shell",
            index,
            "-c",
            "query --text sea -k 1 --json",
            "-c",
            "query --text 'cat' -k 1 --json");
    assertEquals(0, session.code(), session.err());
    assertTrue(session.out().contains("\"sea\"") && session.out().contains("\"cat\""));
    assertEquals(1, Files.readAllLines(starts).size());
    finds("cat", shell.input(" cat\n").run("query", index, "--json", "-k", "1", "--text", "-"));
    shell.ok("explain", index, "--text", "sea", "--json");
    fails(2, "--text is empty", ask("--text", "  "));
  }

  /** A program that gives for "cat" and "sea" the vectors of {@link FakeEmbedder}. */
  private Path counter() throws IOException {
    Path program = folder.resolve("counter.py");
    Files.writeString(
        program,
        """
        import json, sys
        known = {"cat": %s, "sea": %s}
        for line in sys.stdin:
            print(json.dumps([known[text] for text in json.loads(line)["texts"]]), flush=True)
        """
            .formatted(FakeEmbedder.vector("cat"), FakeEmbedder.vector("sea")));
    return program;
  }

  @Test
  void aProgramThatFailsIsShownWithItsWords() {
    Object[] ask = {"--text", "sea", "--embed-model", "m", "--embed-command", null};
    ask[5] = "echo no such model >&2; exit 3";
    Shell.Result dead = ask(ask);
    fails(1, "it says: \"no such model\"", dead);
    assertTrue(dead.err().contains("exit status 3"), dead.err());
    ask[5] = "read line; echo Loading...; cat";
    fails(1, "printed what is no vectors: \"Loading...\"", ask(ask));
    ask[5] = "read line; echo '[[1]]'";
    fails(4, "gives 1 numbers", ask(ask));
    ask[5] = "no-such-program-anywhere";
    fails(1, "not found", ask(ask));
    List<Object> slow = new ArrayList<>(List.of(ask));
    slow.set(5, "sleep 30");
    slow.addAll(List.of("--embed-timeout", "200ms"));
    long start = System.nanoTime();
    fails(5, "did not answer within 200 ms", ask(slow.toArray()));
    assertTrue(System.nanoTime() - start < 10_000_000_000L);
    fails(2, "no name of a model", ask("--text", "sea", "--embed-command", "cat"));
  }

  @Test
  void theEmbedderSaysTheDimension() {
    Path made = folder.resolve("made");
    String out =
        shell.ok("create", made, "--embed-url", server.url(), "--embed-model", "m", "--json");
    assertEquals(FakeEmbedder.DIMENSION, Json.parse("c", out).get("dimension").intValue());
    String described = shell.ok("describe", made, "--json");
    assertEquals("m", Json.parse("d", described).get("embedding").get("model").stringValue());
    fails(2, "--dimension is missing", shell.run("create", folder.resolve("other")));
    fails(
        2,
        "an embedder says the dimension",
        shell.run("create", folder.resolve("x"), "-d", "3", "--embed-model", "m"));
  }

  @Test
  void whatThePageSaysWorks() throws IOException {
    String page = Files.readString(Path.of(ROOT, "docs", "embeddings.md"));
    List<String> blocks = new ArrayList<>();
    for (String part : page.split("```sh\n")) {
      blocks.add(part.substring(0, Math.max(0, part.indexOf("```"))));
    }
    String url = server.url();
    for (String block : blocks.subList(1, 3)) {
      Path texts = folder.resolve("texts-index-" + blocks.indexOf(block));
      for (String line : block.lines().toList()) {
        run(
            line.replace("texts-index", texts.toString())
                .replace("http://127.0.0.1:11434/v1", url)
                .replace("samples/", ROOT + "/samples/"));
      }
      String first = shell.ok("list", texts, "--json");
      assertTrue(first.contains("animal-"), first);
    }
    assertTrue(server.texts.contains("a detective solves a murder"));
  }

  private void run(String line) {
    List<String> words = new ArrayList<>(Examples.words(line));
    String verb = words.removeFirst();
    if (verb.equals("export")) {
      for (String word : words) {
        shell.with(word.replaceFirst("=.*", ""), word.replaceFirst("[^=]*=", ""));
      }
      return;
    }
    assertEquals("./slab", verb);
    String out = shell.ok(words.toArray());
    if (words.getFirst().equals("query")) {
      // The words of a server that counts them in sixteen places are hardly words.
      assertTrue(out.contains(words.contains("--embed-url") ? "score" : "detective"), out);
    }
  }
}
