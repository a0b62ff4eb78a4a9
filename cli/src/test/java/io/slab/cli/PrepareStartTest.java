package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareStartTest {
  @TempDir Path folder;

  @Test
  void saysWhatTheLauncherMade() throws Exception {
    Files.writeString(folder.resolve("slab.aot"), "12345");
    Files.writeString(folder.resolve("launch.sh"), "123");
    Files.createDirectories(folder.resolve("training-x"));
    Shell shell = new Shell().with("SLAB_START", folder.toString());
    Shell.Result said = shell.run("prepare", "--json");
    assertEquals(0, said.code(), said.err());
    String text = said.out().replaceAll("\\s", "");
    assertTrue(text.contains("\"folder\":\"" + folder + "\""), text);
    assertTrue(text.contains("\"caches\":[\"slab.aot\"],\"bytes\":8"), text);
  }

  @Test
  void withoutIsAnErrorThatSaysWhereItCouldBe() {
    Shell.Result said = new Shell().run("prepare");
    assertEquals(1, said.code());
    assertTrue(said.err().startsWith("error: starts are not prepared\n"), said.err());
    assertTrue(said.err().contains("SLAB_START_DIR"), said.err());
  }
}
