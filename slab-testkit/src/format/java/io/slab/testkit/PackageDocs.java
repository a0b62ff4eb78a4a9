package io.slab.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * That every package says what lives in it and what does not: a {@code package-info.java} with a
 * paragraph. Looks at the sources, since the compiler leaves nothing of them in the classes.
 */
public final class PackageDocs {
  private static final Pattern DOCUMENTED =
      Pattern.compile("\\A\\s*/\\*\\*(?<text>.*?)\\*/\\s*package\\s+[\\w.]+;.*", Pattern.DOTALL);
  private static final int FEWEST_WORDS = 12;

  private PackageDocs() {}

  /**
   * Checks all modules below a folder, tests left out.
   *
   * @param root of the checkout
   * @param without folders below the root that are left out
   */
  public static void check(Path root, String... without) throws IOException {
    List<Path> omitted = Arrays.stream(without).map(root::resolve).toList();
    Set<String> found = new TreeSet<>();
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.find(root, 16, (file, attributes) -> isSource(root, file))) {
      files
          .filter(file -> omitted.stream().noneMatch(file::startsWith))
          .map(Path::getParent)
          .distinct()
          .forEach(
              folder -> {
                String name = root.relativize(folder).toString();
                found.add(name);
                if (!isDocumented(folder.resolve("package-info.java"))) {
                  missing.add(name);
                }
              });
    }
    assertTrue(found.size() > 40, () -> "packages found: " + found);
    assertEquals(Set.of(), missing, "packages without a paragraph in package-info.java");
  }

  /** True for a source file of a module that is not one of a test nor made by the build. */
  private static boolean isSource(Path root, Path file) {
    String name = "/" + root.relativize(file).toString().replace('\\', '/');
    return name.endsWith(".java")
        && name.matches(".*/src/[^/]+/java/.*/[^/]+")
        && !name.contains("/src/test/")
        && !name.contains("/target/");
  }

  private static boolean isDocumented(Path file) {
    try {
      if (!Files.exists(file)) {
        return false;
      }
      var matcher = DOCUMENTED.matcher(Files.readString(file));
      return matcher.matches()
          && matcher.group("text").replace("*", " ").strip().split("\\s+").length >= FEWEST_WORDS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
