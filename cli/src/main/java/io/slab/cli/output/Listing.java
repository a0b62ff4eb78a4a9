package io.slab.cli.output;

import java.util.List;

/**
 * The shape of a result made of rows.
 *
 * @param member name of the array of rows in the JSON document
 * @param rowType the {@code type} of each line in ndjson
 * @param columns what tables and separated values show when {@code --fields} does not say
 * @param key the row member that names each row where the JSON document holds an object of rows and
 *     not an array; or null
 */
public record Listing(String member, String rowType, List<Column> columns, String key) {
  public Listing {
    columns = List.copyOf(columns);
  }

  /** A listing whose JSON form is an array. */
  public Listing(String member, String rowType, List<Column> columns) {
    this(member, rowType, columns, null);
  }
}
