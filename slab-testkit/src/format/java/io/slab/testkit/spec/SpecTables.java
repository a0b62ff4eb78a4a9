package io.slab.testkit.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of the specification: every row whose first cell is an id in backticks, such as {@code
 * H-8}. Cells are trimmed; a bar inside backticks is not supported, so none is used there.
 */
public final class SpecTables {
  private SpecTables() {}

  /** The folder {@code spec} of this checkout. */
  public static Path folder() {
    String root = System.getProperty("slab.root");
    for (Path at = Path.of(root == null ? "" : root).toAbsolutePath();
        at != null;
        at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("spec/slab-file.md"))) {
        return at.resolve("spec");
      }
    }
    throw new IllegalStateException("no spec/slab-file.md at or above " + root);
  }

  public static String text(String document) {
    try {
      return Files.readString(folder().resolve(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rows of a document whose ids begin so, in order: what follows the prefix, and the other
   * cells.
   */
  public static Map<String, List<String>> rows(String document, String prefix) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : text(document).lines().toList()) {
      String start = "| `" + prefix;
      if (!line.startsWith(start)) {
        continue;
      }
      List<String> cells = cells(line);
      String id = cells.getFirst().replace("`", "").substring(prefix.length());
      if (rows.put(id, cells.subList(1, cells.size())) != null) {
        throw new IllegalStateException("the row " + prefix + id + " stands twice in " + document);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalStateException("no row " + prefix + "... in " + document);
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /** A number in decimal or as 0x... */
  public static long number(String cell) {
    return Long.decode(cell);
  }

  /** The content of a cell in backticks. */
  public static String code(String cell) {
    if (cell.length() < 2 || !cell.startsWith("`") || !cell.endsWith("`")) {
      throw new IllegalStateException("not in backticks: " + cell);
    }
    return cell.substring(1, cell.length() - 1);
  }
}
