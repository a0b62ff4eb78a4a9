package io.slab.cli.output;

/**
 * One column of a listing.
 *
 * @param name as in {@code --fields} and in the JSON members of a row
 * @param right aligned right (numbers)
 */
public record Column(String name, boolean right) {
  /** Name of the column that counts rows; it has no member in the row. */
  public static final String RANK = "rank";

  public static Column text(String name) {
    return new Column(name, false);
  }

  public static Column number(String name) {
    return new Column(name, true);
  }
}
