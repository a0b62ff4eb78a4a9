package io.slab.source;

import io.slab.error.InvalidInputException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the cells of each column of tables in text are. A column is of numbers when all its cells
 * are JSON numbers, of booleans when all are {@code true} or {@code false} in any case, and of
 * texts otherwise: a column never holds numbers beside texts that look like them. Columns of one
 * name in several tables are one column, so that every table must be {@linkplain #add added} before
 * the first cell is read. Empty cells say nothing. Not safe for use by several threads.
 */
public final class CellTypes {
  /** What all cells of a column are. */
  public enum Kind {
    /** There is no cell that says anything. */
    NONE,
    NUMBER,
    BOOLEAN,
    TEXT
  }

  private final Map<String, Kind> kinds = new HashMap<>();

  /** Columns whose kind the user was told. */
  private final Set<String> read = ConcurrentHashMap.newKeySet();

  /** Kinds of the columns of one table, as far as its cells were seen. */
  public static final class Table {
    private final List<String> columns;
    private final Kind[] seen;

    /**
     * @param columns names of all columns, in their order
     * @param wanted those whose kind matters
     */
    public Table(List<String> columns, Collection<String> wanted) {
      this.columns = List.copyOf(columns);
      seen = new Kind[columns.size()];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = wanted.contains(columns.get(i)) ? Kind.NONE : Kind.TEXT;
      }
    }

    /** True when another cell of this column may change what it is. */
    public boolean isOpen(int column) {
      return seen[column] != Kind.TEXT;
    }

    /** Takes a cell into account. */
    public void see(int column, String cell) {
      seen[column] = both(seen[column], kind(cell));
    }
  }

  /**
   * Takes the columns of a table into account.
   *
   * @param name of the table
   * @throws InvalidInputException when cells were read that are something else by this table, which
   *     happens where a pipe is looked at behind others
   */
  public void add(String name, Table table) {
    for (int i = 0; i < table.seen.length; i++) {
      String column = table.columns.get(i);
      Kind before = kinds.getOrDefault(column, Kind.NONE);
      Kind now = both(before, table.seen[i]);
      if (now != before && before != Kind.NONE && read.contains(column)) {
        throw new InvalidInputException(
            name + " makes text of the column '" + column + "', which was read as no text before",
            "put what comes through pipes into files, or ingest one after the other");
      }
      kinds.put(column, now);
    }
  }

  /** What the cells of a column are; texts where it was not looked at. */
  public Kind of(String column) {
    read.add(column);
    return kinds.getOrDefault(column, Kind.TEXT);
  }

  private static Kind both(Kind one, Kind other) {
    if (one == other || other == Kind.NONE) {
      return one;
    }
    return one == Kind.NONE ? other : Kind.TEXT;
  }

  private static Kind kind(String cell) {
    if (cell.isEmpty()) {
      return Kind.NONE;
    }
    if (cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false")) {
      return Kind.BOOLEAN;
    }
    return isNumber(cell) ? Kind.NUMBER : Kind.TEXT;
  }

  /** True for a number of JSON, which has no zeros in front. */
  private static boolean isNumber(String cell) {
    int from = cell.charAt(0) == '-' ? 1 : 0;
    int at = digits(cell, from);
    if (at == from || at - from > 1 && cell.charAt(from) == '0') {
      return false;
    }
    if (at < cell.length() && cell.charAt(at) == '.') {
      int point = at + 1;
      at = digits(cell, point);
      if (at == point) {
        return false;
      }
    }
    if (at < cell.length() && (cell.charAt(at) == 'e' || cell.charAt(at) == 'E')) {
      boolean sign =
          at + 1 < cell.length() && (cell.charAt(at + 1) == '+' || cell.charAt(at + 1) == '-');
      int exponent = at + (sign ? 2 : 1);
      at = digits(cell, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == cell.length();
  }

  private static int digits(String cell, int from) {
    int at = from;
    while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
