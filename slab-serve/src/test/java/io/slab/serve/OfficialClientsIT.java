package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.testkit.LongTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pinecone's own clients, unchanged, each with one script of calls, and stores that others wrote on
 * top of them; each in a process of its own.
 */
class OfficialClientsIT {
  private static final Path MODULE = Path.of(System.getProperty("slab.root"), "slab-serve");

  @TempDir static Path root;
  private static Path imports;
  private static TestServer test;

  @BeforeAll
  static void start() throws IOException {
    imports = Files.createDirectory(root.resolve("imports"));
    ImportsIT.write(imports.resolve("in/n/0.parquet"), 5, 4);
    Path indexes = Files.createDirectory(root.resolve("indexes"));
    test =
        new TestServer(
            ServeOptions.of(indexes.toString())
                .anywhere()
                .withImportRoots(List.of(imports.toString())));
  }

  @AfterAll
  static void end() {
    test.close();
  }

  private record Run(int code, String text) {}

  private static Run run(Path folder, String... command) throws Exception {
    Path output = Files.createTempFile(root, "run", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(100, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return new Run(-1, "it did not end: " + Files.readString(output));
      }
      return new Run(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      return new Run(-1, e.getMessage());
    }
  }

  private static String url() {
    return "http://127.0.0.1:" + test.server.port();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1.4", "7.2.0", "8.2.0", "9.0.0"})
  void npm(String version) throws Exception {
    assume(run(root, "node", "--version"), "node is not there");
    Path folder = Files.createDirectories(MODULE.resolve("target/npm/" + version));
    if (!Files.exists(folder.resolve("node_modules/@pinecone-database/pinecone/package.json"))) {
      Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
      String wanted = "@pinecone-database/pinecone@" + version;
      Run install = run(folder, "npm", "install", "--no-audit", "--no-fund", wanted);
      assume(install, wanted + " is not to be had");
    }
    String script = MODULE.resolve("src/test/js/calls.mjs").toString();
    String name = "npm" + version.charAt(0);
    String place = imports.resolve("in").toString();
    Run calls = run(folder, "node", script, folder.toString(), url(), name, place);
    assertEquals(0, calls.code(), calls.text());
  }

  /** A store of others, and the packages that it needs. */
  private static void store(String store, String... packages) throws Exception {
    assume(run(root, "node", "--version"), "node is not there");
    Path folder = Files.createDirectories(MODULE.resolve("target/npm/" + store));
    if (!Files.exists(folder.resolve("installed"))) {
      Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
      List<String> install = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
      install.add("--legacy-peer-deps");
      install.addAll(List.of(packages));
      assume(run(folder, install.toArray(String[]::new)), store + " is not to be had");
      Files.createFile(folder.resolve("installed"));
    }
    String script = MODULE.resolve("src/test/js/stores.mjs").toString();
    Run calls = run(folder, "node", script, folder.toString(), url(), store);
    assertEquals(0, calls.code(), calls.text());
  }

  @Test
  void langchain() throws Exception {
    store(
        "langchain",
        "@langchain/pinecone@1.0.3",
        "@langchain/core@1.1.47",
        "@pinecone-database/pinecone@5");
  }

  @Test
  void llamaindex() throws Exception {
    store(
        "llamaindex",
        "@llamaindex/pinecone@0.1.23",
        "@llamaindex/core@0.6.23",
        "@llamaindex/env@0.1.31");
  }

  /** Not in each build: with what it needs it has 136 MB. */
  @LongTest
  @Test
  void mastra() throws Exception {
    store("mastra", "@mastra/pinecone@1.1.1", "@mastra/core@1.71.0");
  }

  private static void assume(Run run, String otherwise) {
    if (run.code() != 0) {
      System.out.println("skipped: " + otherwise + ": " + run.text());
    }
    assumeTrue(run.code() == 0, otherwise);
  }

  @Test
  void java() throws Exception {
    Path target = MODULE.resolve("java-client/target");
    Path list = target.resolve("class-path.txt");
    if (!Files.exists(list)) {
      System.out.println("skipped: " + list + " is not there; build slab-serve/java-client first");
    }
    assumeTrue(Files.exists(list), "the Java client is not there");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        target.resolve("classes") + ":" + Files.readString(list, StandardCharsets.UTF_8).strip());
    command.addAll(List.of("io.slab.serve.client.JavaClientCalls", url(), "java6"));
    command.add(imports.resolve("in").toString());
    Run calls = run(root, command.toArray(String[]::new));
    assertEquals(0, calls.code(), calls.text());
  }
}
