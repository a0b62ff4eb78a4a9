package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void itRunsWithoutTheVectorModuleAndWithoutAWarning() throws Exception {
    Matcher block = BLOCK.matcher(readme());
    assertTrue(block.find(), "the README has a quick start");
    Path program = folder.resolve("QuickStart.java");
    Files.writeString(program, block.group(1));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process java =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    program.toString()))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = java.waitFor();
    assertEquals("", Files.readString(err));
    assertEquals(0, code);
    assertTrue(Files.readString(out).matches("dune 0\\.99\\d+\n"), Files.readString(out));
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
