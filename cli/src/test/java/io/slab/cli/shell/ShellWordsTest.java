package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the interactive shell passes over, and how it names a place that cannot be used. */
class ShellWordsTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  @Test
  void linesForReadersArePassedOver() {
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", 1);
    Shell.Result result =
        shell.input("# one\n-- two words\n--\nlist --all\n").run("shell", index, "--bail");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("id"), result.out());
  }

  @Test
  void aPlaceThatCannotBeUsedIsNamedInWords() {
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", 1);
    Shell.Result output = shell.run("shell", index, "-c", ".output /nope/x/y");
    assertTrue(output.err().contains("/nope/x"), output.err());
    Shell.Result create = shell.run("create", "/proc/x", "-d", 1);
    assertTrue(create.code() != 0 && create.err().contains("/proc/x"), create.err());
    assertFalse((output.err() + create.err()).contains("Exception"), output.err() + create.err());
  }
}
