package io.slab.source;

import io.slab.error.InvalidInputException;

/**
 * Ids for rows that have none: their numbers, which run on over all files that are scanned with one
 * of these, behind a prefix. All have as many digits as the last one, so that ids sort as rows do;
 * so every file must be {@linkplain #take taken} before the first id is made.
 */
public final class RowNumbers {
  /** Largest number that a row may have: 18 digits. */
  private static final long MAX = 999_999_999_999_999_999L;

  private final String prefix;
  private final long from;
  private final boolean said;
  private final boolean tables;
  private long rows;

  private RowNumbers(String prefix, long from, boolean said, boolean tables) {
    this.prefix = prefix;
    this.from = from;
    this.said = said;
    this.tables = tables;
  }

  /** Numbers from 0 on, without a prefix. */
  public static RowNumbers usual() {
    return new RowNumbers("", 0, false, false);
  }

  /**
   * @param prefix what every number follows, possibly empty
   * @param from the first number, or null for 0
   * @throws InvalidInputException when the first number is no row number
   */
  public static RowNumbers of(String prefix, Long from) {
    if (from != null && (from < 0 || from > MAX)) {
      throw new InvalidInputException("rows are numbered from 0 to " + MAX + ", not from " + from);
    }
    return new RowNumbers(prefix, from == null ? 0 : from, from != null, false);
  }

  /** The same for rows of tables too. */
  public RowNumbers withTables() {
    return new RowNumbers(prefix, from, said, true);
  }

  /** True when rows of tables without a column of ids are numbered like those of matrices. */
  public boolean tables() {
    return tables;
  }

  /** True when the first number was said, so that the ids that are meant are known. */
  public boolean said() {
    return said;
  }

  /** True when they differ from the defaults. */
  public boolean unusual() {
    return said || tables || !prefix.isEmpty();
  }

  /** Rows numbered so far. */
  public long rows() {
    return rows;
  }

  /**
   * Numbers the rows of the next file.
   *
   * @throws InvalidInputException when there are too many
   */
  public Range take(long count) {
    if (count > MAX - from - rows) {
      throw new InvalidInputException("rows are numbered up to " + MAX);
    }
    Range range = new Range(from + rows, count);
    rows += count;
    return range;
  }

  /** Digits of every number, once all files are taken. */
  public int digits() {
    return Long.toString(from + Math.max(0, rows - 1)).length();
  }

  /** True for the id of a row of some file, once all files are taken. */
  public boolean makes(String id) {
    int digits = digits();
    if (rows == 0 || id.length() != prefix.length() + digits || !id.startsWith(prefix)) {
      return false;
    }
    long number = 0;
    for (int i = prefix.length(); i < id.length(); i++) {
      char digit = id.charAt(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
      number = 10 * number + digit - '0';
    }
    return number >= from && number < from + rows;
  }

  /** The numbers of the rows of one file. */
  public final class Range {
    private final long first;
    private final long rows;

    private Range(long first, long rows) {
      this.first = first;
      this.rows = rows;
    }

    public long rows() {
      return rows;
    }

    /** The number of row 0. */
    public long first() {
      return first;
    }

    public String prefix() {
      return prefix;
    }

    public int digits() {
      return RowNumbers.this.digits();
    }

    /** True when the first number was said. */
    public boolean said() {
      return said;
    }

    /** The id of a row. */
    public String id(long row) {
      String number = Long.toString(first + row);
      return prefix + "0".repeat(digits() - number.length()) + number;
    }
  }
}
