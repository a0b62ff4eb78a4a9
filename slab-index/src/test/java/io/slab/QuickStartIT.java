package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Version;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README, compiled and run as it stands there. */
class QuickStartIT {
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
    assertEquals(0, ended.code());
    assertTrue(ended.out().matches("dune 0\\.99\\d+\n"), ended.out());
  }

  @Test
  void itRunsWithoutTheVectorModuleAndWithoutAWarning() throws Exception {
    Ended ended =
        java(
            quickStart(),
            "--enable-native-access=ALL-UNNAMED",
            "-classpath",
            System.getProperty("java.class.path"));
    assertEquals("", ended.err());
    assertFound(ended);
  }

  /** What an embedder has on the path, without what the tests bring. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          ".*(slab-(format|index|s3).target.(classes|slab-[a-z0-9.-]+\\.jar)"
              + "|jackson-core-[^/]*|RoaringBitmap-[^/]*|zstd-jni-[^/]*"
              + "|.software.amazon.[^:]*|.httpcomponents.[^:]*|reactive-streams-[^/]*)");

  private static String[] modules() {
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> LIBRARIES.matcher(entry).matches())
            .collect(Collectors.joining(File.pathSeparator));
    return new String[] {
      "--enable-native-access=io.slab.format,com.github.luben.zstd_jni",
      "--module-path",
      path,
      "--add-modules",
      "io.slab.index,io.slab.s3"
    };
  }

  @Test
  void itRunsOnAModulePath() throws Exception {
    // The compiler of the source, and no one at run time, remarks on the optional module.
    assertFound(java(quickStart(), modules()));
  }

  @Test
  void onAModulePathTheInsideIsClosedAndTheStoreIsAService() throws Exception {
    Ended inside = java("void main() { IO.println(io.slab.index.SlabIndex.class); }", modules());
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
            modules());
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
