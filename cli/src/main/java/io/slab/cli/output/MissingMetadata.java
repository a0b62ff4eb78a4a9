package io.slab.cli.output;

import io.slab.cli.usage.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The members {@code metadata.NAME} of {@code --fields} that no row of a listing has: mostly a
 * misspelt name, which would otherwise be an empty column. One thread only.
 */
final class MissingMetadata {
  private static final String METADATA = "metadata";

  /** More names than that are no hint. */
  private static final int MOST_NAMES = 100;

  private final List<String> unseen = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();
  private long rows;

  MissingMetadata(List<String> fields) {
    for (String field : fields) {
      if (field.startsWith(METADATA + ".")) {
        unseen.add(field);
      }
    }
  }

  void row(Doc row) {
    rows++;
    if (unseen.isEmpty()) {
      return;
    }
    for (int i = unseen.size() - 1; i >= 0; i--) {
      if (row.at(unseen.get(i)) != null) {
        unseen.remove(i);
      }
    }
    if (!unseen.isEmpty() && names.size() < MOST_NAMES && row.get(METADATA) instanceof Doc doc) {
      names.addAll(doc.members().keySet());
    }
  }

  /** A line for each that no row had; nothing where there was no row. */
  List<String> warnings() {
    List<String> found = new ArrayList<>();
    if (rows == 0) {
      return found;
    }
    for (String field : unseen) {
      String name = field.substring(METADATA.length() + 1);
      String hint = Suggest.hint(name, names);
      found.add("no row has " + field + (hint == null ? "" : "; " + hint));
    }
    return found;
  }
}
