package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code slab mcp} as a process: with the client of the protocol's makers, and when it is ended.
 */
class McpClientIT {
  private static final String CLIENT = "@modelcontextprotocol/sdk@1.32.2";
  private static final Path MODULE = Path.of(System.getProperty("slab.root"), "cli");

  @TempDir Path folder;
  private Path index;

  private record Run(int code, String text) {}

  @BeforeEach
  void make() {
    index = folder.resolve("notes");
    Shell shell = new Shell();
    shell.ok("create", index, "--text-index", "text", "-q");
    shell
        .input(
            """
            {"id":"moby","metadata":{"text":"a whale and a captain","year":1851}}
            {"id":"emma","metadata":{"text":"a match is made","year":1815}}
            """)
        .ok("ingest", index, "-", "-q");
  }

  private Run run(Path in, List<String> command) throws Exception {
    Path output = folder.resolve("run.txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(in.toFile())
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

  private static void assume(Run run, String otherwise) {
    if (run.code() != 0) {
      System.out.println("skipped: " + otherwise + ": " + run.text());
    }
    assumeTrue(run.code() == 0, otherwise);
  }

  @Test
  void theClientOfAnotherMakerGetsItsAnswers() throws Exception {
    assume(run(folder, List.of("node", "--version")), "node is not there");
    Path modules = Files.createDirectories(MODULE.resolve("target/npm"));
    if (!Files.exists(modules.resolve("node_modules/@modelcontextprotocol/sdk/package.json"))) {
      Files.writeString(modules.resolve("package.json"), "{\"private\":true}");
      Run install =
          run(modules, List.of("npm", "install", "--no-audit", "--no-fund", "--silent", CLIENT));
      assume(install, CLIENT + " is not to be had");
    }
    List<String> command =
        new ArrayList<>(
            List.of("node", MODULE.resolve("src/test/js/mcp.mjs").toString(), modules.toString()));
    command.addAll(Processes.slab("mcp", index.toString()));
    Run client = run(folder, command);
    System.out.println(client.text());
    assertEquals(0, client.code(), client.text());
  }

  @Test
  void aSignalEndsItAtOnceAndIsNoFailure() throws Exception {
    Process process = new ProcessBuilder(Processes.slab("mcp", index.toString())).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      process
          .getOutputStream()
          .write(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"
                  .getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      assertTrue(out.readLine().contains("\"result\":{}"));
      // By the handle: the process would be left with a closed stdin as well.
      process.toHandle().destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
