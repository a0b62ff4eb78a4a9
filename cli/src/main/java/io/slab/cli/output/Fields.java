package io.slab.cli.output;

import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import java.util.ArrayList;
import java.util.List;

/** What {@code --fields} does: chooses and orders columns and JSON members. */
final class Fields {
  private static final String METADATA = "metadata";

  private Fields() {}

  /** The columns to show: those asked for, or the listing's own. */
  static List<Column> columns(Listing listing, List<String> fields) {
    if (fields.isEmpty()) {
      return listing.columns();
    }
    List<Column> chosen = new ArrayList<>();
    for (String field : fields) {
      chosen.add(column(listing, field));
    }
    return chosen;
  }

  private static Column column(Listing listing, String field) {
    for (Column column : listing.columns()) {
      if (column.name().equals(field)) {
        return column;
      }
    }
    if (field.startsWith(METADATA + ".")) {
      return Column.text(field);
    }
    throw new UsageException(
        "unknown field '" + field + "'",
        hint(field, listing.columns().stream().map(Column::name).toList()));
  }

  /** The members asked for, in that order; all of them when nothing was asked. */
  static Doc select(Doc doc, List<String> fields) {
    if (fields.isEmpty()) {
      return doc;
    }
    Doc chosen = new Doc();
    for (String field : fields) {
      Object value = doc.at(field);
      if (value != null || doc.has(field)) {
        chosen.put(field, value);
      }
    }
    return chosen;
  }

  /** Fails for a field that a document does not have. */
  static void check(Doc doc, List<String> fields) {
    for (String field : fields) {
      if (doc.at(field) == null && !doc.has(field)) {
        throw new UsageException(
            "unknown field '" + field + "'", hint(field, List.copyOf(doc.members().keySet())));
      }
    }
  }

  private static String hint(String field, List<String> known) {
    return Suggest.nearest(field, known) + "valid fields: " + String.join(", ", known);
  }
}
