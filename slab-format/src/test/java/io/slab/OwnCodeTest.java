package io.slab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What docs/architecture.md says of the size of our own implementations is about what is there: its
 * table names classes, packages and paths. A package or module after the word "in" says where the
 * classes before it are, and is not counted.
 */
class OwnCodeTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));
  private static final Pattern ROW =
      Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\| ([0-9,]+) \\| .*");
  private static final Pattern NAME = Pattern.compile("(?<!in )`([\\w./-]+)`");

  /** Lines come and go: a row may be so far from what is there, in parts of it and in lines. */
  private static final double PART = 0.1;

  private static final int LINES = 20;

  private final List<Path> sources = sources();

  private static List<Path> sources() {
    Set<String> passed = Set.of("target", ".git", "node_modules");
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(Files::isDirectory).sorted().toList()) {
        if (!passed.contains(module.getFileName().toString())) {
          addMain(module, found);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static void addMain(Path module, List<Path> found) throws IOException {
    for (String main : List.of("src/main/java", "processor/src/main/java")) {
      Path folder = module.resolve(main);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
        }
      }
    }
  }

  /** Files that a name of the table stands for. */
  private List<Path> files(String name) throws IOException {
    Path path = ROOT.resolve(name);
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (name.contains("/")) {
      Path main = path.resolve("src/main/java");
      try (Stream<Path> files = Files.walk(Files.exists(main) ? main : path)) {
        return files.filter(Files::isRegularFile).toList();
      }
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    boolean isClass = Character.isUpperCase(last.charAt(0));
    Path end = Path.of(isClass ? last + ".java" : "io/slab/" + name.replace('.', '/'));
    return sources.stream()
        .filter(file -> (isClass ? file : file.getParent()).endsWith(end))
        .toList();
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.count();
    } catch (IOException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  @Test
  void theTableSaysAboutHowManyLinesThereAre() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/architecture.md"));
    String table = page.substring(page.indexOf("\n## Written here"));
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : table.lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (!row.matches()) {
        continue;
      }
      rows++;
      Set<Path> files = new HashSet<>();
      Matcher names = NAME.matcher(row.group(2));
      while (names.find()) {
        List<Path> found = files(names.group(1));
        if (found.isEmpty()) {
          wrong.add(row.group(1) + ": there is no " + names.group(1));
        }
        files.addAll(found);
      }
      long there = files.stream().mapToLong(OwnCodeTest::lines).sum();
      long said = Long.parseLong(row.group(3).replace(",", ""));
      if (Math.abs(there - said) > LINES + PART * there) {
        wrong.add(row.group(1) + ": " + there + " lines, the table says " + said);
      }
    }
    assertTrue(rows >= 20, rows + " rows");
    assertTrue(wrong.isEmpty(), String.join("\n", wrong));
  }
}
