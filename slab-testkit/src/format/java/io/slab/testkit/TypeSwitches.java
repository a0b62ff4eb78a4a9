package io.slab.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Switches over types: each is a class that the virtual machine makes at run time, which no cache
 * of classes keeps. What a short command or the beginning of an ingest runs has none.
 */
public final class TypeSwitches {
  private static final String LINKER = "java/lang/runtime/SwitchBootstraps";

  private TypeSwitches() {}

  /**
   * Checks the main classes of the module that runs the test.
   *
   * @param packages those that may have such switches, without their {@code io.slab.}
   */
  public static void checkNoneBut(String... packages) throws IOException {
    Path root = Path.of("target", "classes");
    Set<String> allowed = Set.of(packages);
    Set<String> wrong = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(root.resolve("io/slab"))) {
      List<Path> files = walk.filter(file -> file.toString().endsWith(".class")).toList();
      assertTrue(files.size() > 10, "classes found: " + files.size());
      for (Path file : files) {
        Path name = root.resolve("io/slab").relativize(file);
        String folder = name.getParent() == null ? "" : name.getParent().toString();
        if (has(file) && !allowed.contains(folder.replace('/', '.'))) {
          wrong.add(name.toString());
        }
      }
    }
    assertEquals(Set.of(), wrong, "switches over types; ask for the types one by one");
  }

  private static boolean has(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).contains(LINKER);
  }
}
