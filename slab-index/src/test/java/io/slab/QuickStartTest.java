package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README, compiled and run as it stands there. */
class QuickStartTest {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- quick-start -->\n```java\n(.*?)```\n", Pattern.DOTALL);

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(Path.of(System.getProperty("slab.root"), "README.md"));
  }

  private static String quickStart() throws IOException {
    Matcher block = BLOCK.matcher(readme());
    assertTrue(block.find(), "the README has a quick start");
    return block.group(1);
  }

  private record Ended(int code, String out, String err) {}

  /** Runs a source file as a user would. */
  private Ended java(String source, String... flags) throws IOException, InterruptedException {
    Path program = folder.resolve("QuickStart.java");
    Files.writeString(program, source);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add(program.toString());
    Process java =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Ended(java.waitFor(), Files.readString(out), Files.readString(err));
  }

  private static void assertFound(Ended ended) {
    assertEquals("", ended.err());
    assertEquals(0, ended.code());
    assertTrue(ended.out().matches("dune 0\\.99\\d+\n"), ended.out());
  }

  @Test
  void itRunsWithoutTheVectorModuleAndWithoutAWarning() throws Exception {
    assertFound(
        java(
            quickStart(),
            "--enable-native-access=ALL-UNNAMED",
            "-classpath",
            System.getProperty("java.class.path")));
  }

  private static final String[] MODULES = {
    "--enable-native-access=io.slab.format,com.github.luben.zstd_jni",
    "--module-path",
    System.getProperty("java.class.path"),
    "--add-modules",
    "io.slab.index,io.slab.s3"
  };

  @Test
  void itRunsOnAModulePath() throws Exception {
    assertFound(java(quickStart(), MODULES));
  }

  @Test
  void onAModulePathTheInsideIsClosedAndTheStoreIsAService() throws Exception {
    Ended inside = java("void main() { IO.println(io.slab.index.SlabIndex.class); }", MODULES);
    assertTrue(inside.err().contains("package io.slab.index is not visible"), inside.err());
    Ended store =
        java(
            """
            import io.slab.*;
            import java.util.Map;

            void main() {
              try {
                Index.open("s3://bucket/x", IndexOptions.defaults().withStore(Map.of("a", "b")));
              } catch (io.slab.error.InvalidInputException e) {
                IO.println(e.getMessage());
              }
            }
            """,
            MODULES);
    assertEquals("unknown options for S3: a\n", store.out(), store.err());
  }

  @Test
  void itsCoordinatesHaveThisVersion() throws IOException {
    Matcher versions = Pattern.compile("<version>(.*?)</version>").matcher(readme());
    int found = 0;
    while (versions.find()) {
      assertEquals(Version.NUMBER, versions.group(1));
      found++;
    }
    assertTrue(found >= 2);
  }
}
