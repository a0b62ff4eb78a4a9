package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/architecture.md of what is written here and not taken from a library: the lines
 * that it states are there, to a tenth, under the names that it gives.
 */
class OwnCodeTableTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));

  /** A class, a package, or a path; after "in" the module or package of what stands before it. */
  private static final Pattern NAME = Pattern.compile("(in )?`([^`]+)`");

  @Test
  void theLinesAreThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/architecture.md"))) {
      String[] cells = line.split("\\|");
      if (cells.length < 6 || !cells[3].strip().matches("[\\d,]+")) {
        continue;
      }
      rows++;
      long stated = Long.parseLong(cells[3].strip().replace(",", ""));
      long found = lines(cells[2]);
      if (Math.abs(found - stated) * 10 > found) {
        wrong.add(cells[1].strip() + ": " + stated + " lines, found " + found);
      }
    }
    assertTrue(rows > 20, rows + " rows");
    assertEquals(List.of(), wrong);
  }

  private static long lines(String where) throws IOException {
    long lines = 0;
    Matcher name = NAME.matcher(where);
    while (name.find()) {
      if (name.group(1) == null) {
        lines += linesOf(name.group(2));
      }
    }
    return lines;
  }

  private static long linesOf(String name) throws IOException {
    String last = name.substring(name.lastIndexOf('.') + 1);
    Path place = ROOT.resolve(name);
    if (Files.exists(place)) {
      return count(place, "");
    }
    String end =
        Character.isUpperCase(last.charAt(0))
            ? "/" + last + ".java"
            : "/src/main/java/io/slab/" + name.replace('.', '/') + "/";
    long lines = 0;
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path sources = module.resolve("src/main/java");
        lines += Files.isDirectory(sources) ? count(sources, end) : 0;
      }
    }
    return lines;
  }

  /** Lines of the files below a place whose paths have a part. */
  private static long count(Path place, String part) throws IOException {
    long lines = 0;
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = file.toString().replace('\\', '/');
        if (path.contains(part) && !path.contains("/target/")) {
          lines += Files.readAllLines(file).size();
        }
      }
    }
    return lines;
  }
}
