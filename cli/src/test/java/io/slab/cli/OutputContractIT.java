package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.VerbName;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.testkit.Breadth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every example of every verb's help is run, and what it prints as JSON is what spec/cli says. A
 * new verb is tested by having examples; it fails here until its examples work and its schema is
 * written.
 */
class OutputContractIT {
  /** Verbs whose output is no JSON, by nature. */
  private static final Set<String> TEXT =
      Set.of("completion", "man", "shell", "serve", "mcp", "demo");

  /** Command lines for shapes that no example has. */
  private static final Map<String, List<String>> MORE =
      Map.of(
          "inspect",
          List.of(
              "inspect some.slab",
              "inspect some.slab --what layout",
              "inspect some.slab --what columns",
              "inspect some.slab --what sections",
              "inspect some.slab --what vectors",
              "inspect some.slab --what ann",
              "inspect some.slab --what all",
              "inspect ivf.slab --what ann",
              "inspect pqfs.slab --what all",
              "inspect sparse.slab --what all",
              "inspect some.slab --what hex --length 32",
              "inspect some.slab --row 0",
              "inspect books --what namespaces",
              "inspect books --what levels",
              "inspect vectors"),
          "query",
          List.of(
              "query books --id book-dune --include-values --include-metadata --profile-query",
              "query books --id book-dune --include-slab",
              "query books --vector '[1,0]' --filter '{\"year\":1}'"),
          "explain",
          List.of("explain books --id book-dune", "explain vectors --vector '[1,0]' --exact"),
          "ingest",
          List.of("ingest books books.jsonl --dry-run"),
          "fetch",
          List.of("fetch books --ids no-such-record"),
          "update",
          List.of("update books --id book-dune --values '[1,1]'"),
          "delete",
          List.of("delete books --prefix animal --yes"),
          "compact",
          List.of("compact books --full"),
          "gc",
          List.of("gc books --min-age 0 --yes"),
          "copy",
          List.of("copy books shop", "copy books shop --dry-run"));

  @TempDir static Path folder;
  private static Sandbox template;

  @BeforeAll
  static void make() throws IOException {
    template = Sandbox.make(folder.resolve("template"));
  }

  private static String file(VerbName name) {
    return name.word.replace(' ', '-');
  }

  /** Examples on S3 need a server: other tests run verbs against one. */
  private static List<String> runnable(VerbName name) {
    List<String> examples = new ArrayList<>(new ProgramVerbs().create(name).examples());
    examples.addAll(MORE.getOrDefault(name.word, List.of()));
    // Nor is there a cloud: PullVerbTest has a server that answers as it does.
    examples.removeIf(example -> example.contains("s3://") || example.startsWith("pull "));
    return examples;
  }

  /** A fresh folder with what the verb's examples expect. */
  private static Sandbox sandbox(VerbName name, int number) throws IOException {
    Path to = folder.resolve(file(name) + number + "-" + System.nanoTime());
    if (name == VerbName.CREATE) {
      Files.createDirectories(to);
      Files.copy(template.folder().resolve("books.jsonl"), to.resolve("books.jsonl"));
      return Sandbox.at(to);
    }
    Sandbox sandbox = template.copy(to);
    if (name == VerbName.NAMESPACE_DESCRIBE || name == VerbName.NAMESPACE_DELETE) {
      sandbox.run("namespace create books --name english");
    }
    if (name == VerbName.DROP && runnable(name).get(number % 100).contains("--undo")) {
      sandbox.run("drop books --confirm books");
    }
    return sandbox;
  }

  /** Records for a pipe, in any output format: nothing for this contract. */
  private static boolean raw(String example) {
    return example.contains("--print-")
        || (example.startsWith("export ") && !example.contains("--out "));
  }

  /** An erasure of records that were there a moment ago has to wait for something. */
  private static int code(String example) {
    boolean waits = example.startsWith("erase ") && !example.contains("--dry-run");
    return waits ? ExitCode.PARTIAL.code() : 0;
  }

  private static boolean chosen(String example) {
    return example.contains("--fields");
  }

  private static boolean formatted(String example) {
    return example.contains("--json") || example.contains(" -o ") || example.contains("--output");
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void everyExampleOfTheHelpWorks(VerbName name) throws IOException {
    int number = 0;
    for (String example : runnable(name)) {
      Shell.Result result = sandbox(name, number++).run(example);
      assertEquals(code(example), result.code(), () -> "slab " + example + "\n" + result.err());
    }
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void jsonIsWhatTheSchemaSays(VerbName name) throws IOException {
    if (TEXT.contains(name.word)) {
      return;
    }
    List<String> outputs = new ArrayList<>();
    int number = 0;
    for (String example : runnable(name)) {
      if (chosen(example) || example.contains("--output ndjson") || raw(example)) {
        continue;
      }
      String[] json = formatted(example) ? new String[0] : new String[] {"--json"};
      Shell.Result result = sandbox(name, 100 + number++).run(example, json);
      assertEquals(
          code(example), result.code(), () -> "slab " + example + " --json\n" + result.err());
      outputs.add(result.out());
    }
    dump(name, outputs);
    Schema schema = schema(name);
    for (String output : outputs) {
      Json.parse(name.word, output);
      var errors = schema.validate(output, InputFormat.JSON);
      assertTrue(errors.isEmpty(), () -> name.word + ": " + errors + "\n" + output);
    }
    assertFalse(
        schema.validate("{}", InputFormat.JSON).isEmpty(), name.word + ": the schema accepts {}");
    outputs.forEach(output -> strict(Json.parse(name.word, output), ""));
  }

  /** Writes the outputs where the author of a schema wants them. */
  private static void dump(VerbName name, List<String> outputs) throws IOException {
    String to = System.getProperty("slab.dump");
    for (int i = 0; to != null && i < outputs.size(); i++) {
      Files.writeString(Path.of(to, file(name) + "." + i + ".json"), outputs.get(i));
    }
  }

  private static Path schemas() {
    return Path.of(System.getProperty("slab.root"), "spec", "cli");
  }

  private static Schema schema(VerbName name) throws IOException {
    Path path = schemas().resolve(file(name) + ".schema.json");
    assertTrue(Files.exists(path), "write spec/cli/" + path.getFileName());
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(path));
  }

  /** Rules for every document: LSNs are text, times are RFC 3339, nothing is NaN. */
  private static void strict(JsonNode node, String name) {
    if (node.isObject()) {
      node.forEachEntry((member, value) -> {
        if (member.toLowerCase(Locale.ROOT).contains("lsn") && !value.isNull()) {
          assertTrue(
              value.isString() || value.isObject() || value.isArray(), member + " is no text");
        }
        boolean time = member.equals("created") || member.equals("modified");
        if (time && value.isString()) {
          assertTrue(
              value.stringValue().matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"), value.stringValue());
        }
        strict(value, member);
      });
    } else if (node.isArray()) {
      node.forEach(element -> strict(element, name));
    } else if (node.isString()) {
      assertFalse(Set.of("NaN", "Infinity", "-Infinity").contains(node.stringValue()), name);
    }
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void linesOfJsonHaveATypeAndEndWithASummary(VerbName name) throws IOException {
    if (TEXT.contains(name.word)) {
      return;
    }
    String documented = Files.readString(schemas().resolveSibling("cli-output.md"));
    int number = 0;
    List<String> all = runnable(name);
    // The other tests here run all of them in every build.
    int wanted = Math.min(all.size(), Breadth.of(1, Integer.MAX_VALUE));
    for (String example : all.subList(0, wanted)) {
      if (example.contains("--json") || raw(example)) {
        continue;
      }
      String[] format = formatted(example) ? new String[0] : new String[] {"--output", "ndjson"};
      Shell.Result result = sandbox(name, 200 + number++).run(example, format);
      assertEquals(code(example), result.code(), () -> "slab " + example + "\n" + result.err());
      List<String> lines = result.out().lines().toList();
      assertFalse(lines.isEmpty(), example);
      for (int i = 0; i < lines.size(); i++) {
        JsonNode type = Json.parse(example, lines.get(i)).get("type");
        assertTrue(type != null && type.isString(), example + ": " + lines.get(i));
        assertTrue(documented.contains("`" + type.stringValue() + "`"), type.stringValue());
        boolean last = i == lines.size() - 1;
        assertEquals(last, type.stringValue().equals("summary"), example + ": " + lines.get(i));
      }
    }
  }

  @Test
  void anErrorIsALineOfJsonToo() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(schemas().resolve("error.schema.json")));
    Shell shell = new Shell();
    Path index = folder.resolve("template/books");
    Map<Integer, Object[]> wrong = new LinkedHashMap<>();
    wrong.put(2, new Object[] {"query", index, "--vector", "[1,2,3]", "-o"});
    wrong.put(3, new Object[] {"stats", "/no/such/place", "-o"});
    wrong.put(4, new Object[] {"create", index, "--dimension", 3, "-o"});
    for (Map.Entry<Integer, Object[]> entry : wrong.entrySet()) {
      for (String format : List.of("json", "ndjson")) {
        Object[] words = new Object[entry.getValue().length + 1];
        System.arraycopy(entry.getValue(), 0, words, 0, words.length - 1);
        words[words.length - 1] = format;
        Shell.Result result = shell.run(words);
        assertEquals(entry.getKey(), result.code(), result.err());
        String line = result.err().lines().toList().getLast();
        assertTrue(schema.validate(line, InputFormat.JSON).isEmpty(), line);
        assertEquals(entry.getKey(), Json.parse("e", line).get("error").get("code").intValue());
      }
    }
  }

  @Test
  void everySchemaIsOfAVerbAndSaysWhatItIs() throws IOException {
    List<String> known = new ArrayList<>(List.of("error.schema.json"));
    for (VerbName name : VerbName.values()) {
      known.add(file(name) + ".schema.json");
    }
    try (var files = Files.list(schemas())) {
      for (Path path : (Iterable<Path>) files::iterator) {
        assertTrue(known.contains(path.getFileName().toString()), path.toString());
        JsonNode schema = Json.parse(path.toString(), Files.readString(path));
        assertEquals(
            "https://json-schema.org/draft/2020-12/schema", schema.get("$schema").stringValue());
        assertTrue(schema.has("title") && schema.has("description"), path.toString());
      }
    }
  }
}
