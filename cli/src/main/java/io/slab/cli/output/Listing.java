package io.slab.cli.output;

import java.util.List;

/**
 * The shape of a result made of rows.
 *
 * @param member name of the array of rows in the JSON document
 * @param rowType the {@code type} of each line in ndjson
 * @param columns what tables and separated values show when {@code --fields} does not say
 */
public record Listing(String member, String rowType, List<Column> columns) {
  public Listing {
    columns = List.copyOf(columns);
  }
}
