package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.input.LocalFile;
import io.slab.cli.verb.FileArguments;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Written;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** An address where a command takes a file: a usage error, and never a path. */
class FileAddressIT {
  private static final List<String> ADDRESSES =
      List.of("gs://x/y", "GS://x/y", "file:///x/y", "http://x/y", "s3://x/y", "S3A://x/y");

  @TempDir Path folder;

  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void makeIndex() throws IOException {
    index = folder.resolve("index");
    Path records = folder.resolve("r.jsonl");
    Files.writeString(records, "{\"id\":\"a\",\"values\":[1,2]}\n");
    shell.ok("create", index, "-d", 2);
    shell.ok("ingest", index, records);
  }

  private static void assertRefused(String what, String address, Shell.Result result) {
    String about = what + " " + address + "\n" + result.err();
    assertEquals(2, result.code(), about);
    assertTrue(result.err().contains("'" + address + "'"), about);
    assertFalse(result.err().contains("no such file"), about);
  }

  /** By the model: an option of a path that is added is here too. */
  @ParameterizedTest
  @EnumSource(VerbName.class)
  void everyPathOfEveryVerb(VerbName verb) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new ProgramVerbs().create(verb));
    int found = 0;
    for (ArgSpec argument : spec.args()) {
      if (!FileArguments.is(argument)) {
        continue;
      }
      found++;
      for (String address : ADDRESSES) {
        for (List<String> words : spellings(argument, address)) {
          List<Object> line = new ArrayList<>(Arrays.asList(verb.word.split(" ")));
          required(spec, argument).forEach(line::add);
          line.addAll(words);
          Shell.Result result = shell.run(line.toArray());
          if (address.startsWith("file:") && written(argument)) {
            assertEquals(2, result.code(), line + "\n" + result.err());
          } else {
            assertRefused(line.toString(), address, result);
          }
          String wanted = written(argument) ? "cannot write" : argumentName(argument) + ": ";
          assertTrue(result.err().contains(wanted), line + "\n" + result.err());
          List<String> rest =
              line.stream().skip(verb.word.split(" ").length).map(w -> "" + w).toList();
          assertNull(Dispatcher.bound(verb, rest, Map.of()), line.toString());
        }
      }
    }
    assertTrue(found > 0, "every verb has --out");
  }

  private static String argumentName(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static boolean written(ArgSpec argument) {
    return ((Field) argument.userObject()).isAnnotationPresent(Written.class);
  }

  private static List<List<String>> spellings(ArgSpec argument, String address) {
    if (!(argument instanceof OptionSpec option)) {
      return List.of(List.of(address));
    }
    String name = option.longestName();
    return List.of(List.of(name, address), List.of(name + "=" + address));
  }

  private static List<String> required(CommandSpec spec, ArgSpec but) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (option.required() && option != but) {
        words.addAll(List.of(option.longestName(), "word"));
      }
    }
    for (PositionalParamSpec place : spec.positionalParameters()) {
      if (place.required() && place != but) {
        words.add("word");
      }
    }
    return words;
  }

  @Test
  void filesThatAreNoPathsToTheParser() {
    List<List<Object>> doors =
        List.of(
            List.of("query", index, "--queries"),
            List.of("query", index, "--queries", "@"),
            List.of("query", index, "--vector", "@"),
            List.of("query", index, "--vector", "[1,2]", "--filter", "@"),
            List.of("query", index, "--sparse-values", "[1]", "--sparse-indices", "@"),
            List.of("explain", index, "--vector", "@"),
            List.of("fetch", index, "--ids", "@"),
            List.of("delete", index, "--yes", "--ids", "@"),
            List.of("update", index, "--id", "a", "--values", "@"),
            List.of("update", index, "--id", "a", "--metadata", "@"));
    for (List<Object> door : doors) {
      for (String address : ADDRESSES) {
        List<Object> line = new ArrayList<>(door);
        if (door.getLast().equals("@")) {
          line.set(line.size() - 1, "@" + address);
        } else {
          line.add(address);
        }
        assertRefused(line.toString(), address, shell.run(line.toArray()));
      }
    }
    for (String name : List.of("gs://x/v.npy", "gs://x/v.json", "s3://x/v.jsonl")) {
      assertRefused("--vector", name, shell.run("query", index, "--vector", name));
    }
  }

  @Test
  void anIdThatIsAnAddressIsWrittenAsJson() {
    Shell.Result result = shell.run("fetch", index, "--ids", "https://h/page.json");
    assertRefused("--ids", "https://h/page.json", result);
    assertTrue(result.err().contains("[\"https://h/page.json\"]"), result.err());
    assertEquals(0, shell.run("fetch", index, "--ids", "[\"https://h/page.json\"]").code());
    assertEquals(0, shell.run("fetch", index, "--ids", "https://h/page").code());
  }

  @Test
  void theShell() {
    for (String address : ADDRESSES) {
      for (String line :
          List.of(
              ".read " + address,
              ".output " + address,
              ".once " + address,
              "query --queries " + address,
              "bench --queries " + address,
              "estimate --prices " + address,
              "list --out " + address,
              "query --vector @" + address)) {
        Shell.Result piped = new Shell().input(line + "\n").run("shell", index, "--bail");
        assertEquals(2, piped.code(), line + "\n" + piped.err());
        assertFalse(piped.err().contains("no such file"), piped.err());
        assertEquals(2, new Shell().run("shell", index, "-c", line).code(), line);
      }
    }
  }

  /** The program itself, in a folder where the path that the user did not mean is there. */
  @Test
  void theProgramNeverReadsAFileOfThatName() throws Exception {
    Path trap = Files.createDirectories(folder.resolve("gs:/x")).resolve("q.jsonl");
    Files.writeString(trap, "{\"values\":[1,2]}\n");
    Path prices = folder.resolve("gs:/x/p.json");
    Files.writeString(prices, shell.ok("estimate", "--print-prices"));
    for (List<String> words :
        List.of(
            List.of("query", "index", "--queries", "gs://x/q.jsonl"),
            List.of("bench", "index", "--queries", "gs://x/q.jsonl"),
            List.of("estimate", "index", "--prices", "gs://x/p.json"),
            List.of("ingest", "index", "gs://x/q.jsonl"),
            List.of("shell", "index", "--file", "gs://x/q.jsonl"))) {
      assertEquals(2, program(words), words.toString());
    }
    assertEquals(0, program(List.of("query", "index", "--queries", "./gs://x/q.jsonl")));
    assertEquals(0, program(List.of("query", "index", "--queries", "gs:/x/q.jsonl")));
    assertEquals(0, program(List.of("bench", "index", "--queries", "gs:/x/q.jsonl", "-k", "1")));
  }

  private int program(List<String> words) throws Exception {
    Process process =
        new ProcessBuilder(Processes.slab(words.toArray(new String[0])))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    return process.waitFor();
  }

  @Test
  void aMissingFileIsOneTextAndOneExitCode() {
    Path gone = folder.resolve("gone.npy");
    for (List<Object> line :
        List.<List<Object>>of(
            List.of("query", index, "--queries", gone),
            List.of("query", index, "--vector", gone),
            List.of("query", index, "--vector", "@" + gone),
            List.of("bench", index, "--queries", gone),
            List.of("bench", index, "--queries", folder.resolve("r.jsonl"), "--ground-truth", gone),
            List.of("bench", index, "--queries", folder.resolve("r.jsonl"), "--ids", gone),
            List.of("estimate", index, "--prices", gone),
            List.of("fetch", index, "--ids", "@" + gone),
            List.of("ingest", index, gone),
            List.of("ingest", index, gone, "--format", "npy"),
            List.of("shell", index, "--file", gone),
            List.of("shell", index, "--bail", "-c", ".read " + gone))) {
      Shell.Result result = shell.run(line.toArray());
      assertEquals(3, result.code(), line + "\n" + result.err());
      assertTrue(result.err().contains(": no such file: " + gone), line + "\n" + result.err());
    }
  }

  @Test
  void whatAnAddressIs() {
    for (String word : ADDRESSES) {
      assertTrue(LocalFile.isAddress(word), word);
    }
    for (String word : List.of("s3:/x", "gs:x", "a/gs://x", "./gs://x", "://x", "x", "c:\\x")) {
      assertFalse(LocalFile.isAddress(word), word);
    }
    assertNotNull(
        Dispatcher.bound(VerbName.BENCH, List.of("i", "--queries", "s3:/x"), Map.of()),
        "a path takes the quick way");
  }
}
