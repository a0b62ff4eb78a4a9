package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import io.slab.source.json.JsonRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what columns of a table look like ids or vectors under names that are not the usual ones.
 */
final class OtherNames {
  /** Rows that are looked at, the header included. */
  static final int ROWS = 20;

  private static final Pattern VECTOR =
      Pattern.compile("\\s*\\[[-+0-9.,eE\\s]*[0-9.][-+0-9.,eE\\s]*\\]\\s*");
  private static final Pattern ID =
      Pattern.compile("(?i)(.*[_ .-])?(id|ids|uuid|guid|key|pk)|[a-z]+(Id|ID|Key|Uuid)");

  private static final Pattern NUMBERED = Pattern.compile("(.*?)(0|[1-9][0-9]{0,5})");

  private OtherNames() {}

  /** True for the name of a column that holds ids, perhaps. */
  static boolean isId(String name) {
    return ID.matcher(name).matches();
  }

  /**
   * Why JSON is refused whose records have ids or vectors under other names.
   *
   * @return null where no member alone fits each part that is missing
   */
  static InvalidInputException refusal(String name, JsonRecords.Input input, FieldMap fields)
      throws IOException {
    List<List<String>> rows = rows(JsonRecords.first(name, input, ROWS));
    if (rows.size() < 2) {
      return null;
    }
    List<String> header = rows.getFirst();
    boolean id = fields.find(Role.ID, header) != null;
    boolean vectors =
        fields.find(Role.VALUES, header) != null || fields.find(Role.SPARSE, header) != null;
    boolean fits =
        (id || ids(rows).size() == 1) && (vectors || vectors(rows).size() == 1) && !(id && vectors);
    return fits ? refusal(name, false, rows, fields) : null;
  }

  /** Records as rows under the names of all their members; lists of numbers as JSON. */
  private static List<List<String>> rows(List<JsonNode> records) {
    List<Map<String, JsonNode>> all = records.stream().map(OtherNames::members).toList();
    Set<String> names = new LinkedHashSet<>();
    all.forEach(record -> names.addAll(record.keySet()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.copyOf(names));
    for (Map<String, JsonNode> record : all) {
      List<String> row = new ArrayList<>();
      for (String name : names) {
        JsonNode value = record.get(name);
        boolean plain = value != null && (value.isString() || value.isIntegralNumber());
        boolean list = value != null && value.isArray();
        row.add(plain || list ? Json.text(value) : "");
      }
      rows.add(row);
    }
    return rows;
  }

  /** What a record has, a document that it wraps included. */
  private static Map<String, JsonNode> members(JsonNode record) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    if (record.isObject()) {
      record.forEachEntry((name, value) -> {
        if (name.equals(JsonRecords.DOCUMENT) && value.isObject()) {
          members.putAll(members(value));
        } else {
          members.put(name, value);
        }
      });
    }
    return members;
  }

  /**
   * Why a table is refused, with the mapping that would take it where one column fits alone.
   *
   * @param rows the header and some rows
   */
  static InvalidInputException refusal(String name, List<List<String>> rows, FieldMap fields) {
    return refusal(name, true, rows, fields);
  }

  private static InvalidInputException refusal(
      String name, boolean table, List<List<String>> rows, FieldMap fields) {
    List<String> header = rows.getFirst();
    boolean id = fields.find(Role.ID, header) != null;
    boolean vectors =
        fields.find(Role.VALUES, header) != null || fields.find(Role.SPARSE, header) != null;
    List<String> ids = id ? List.of() : ids(rows);
    List<String> values = vectors ? List.of() : vectors(rows);
    List<String> maps = new ArrayList<>();
    if (ids.size() == 1) {
      maps.add("id=" + ids.getFirst());
    }
    if (values.size() == 1) {
      maps.add("values=" + values.getFirst());
    }
    String lacks = id ? "vectors" : vectors ? "ids" : "ids and vectors";
    return new InvalidInputException(
        name
            + (table ? " is a table without " : " holds records without ")
            + lacks
            + " under a name that is known: "
            + (table ? "its columns are " : "their members are ")
            + String.join(", ", header.stream().map(OtherNames::shown).toList()),
        hint(maps, id || !table, ids, values, header));
  }

  private static String hint(
      List<String> maps, boolean id, List<String> ids, List<String> values, List<String> header) {
    List<String> ways = new ArrayList<>();
    if (!maps.isEmpty()) {
      ways.add("--map " + String.join(",", maps) + " would take what looks like it");
    }
    if (values.size() > 1) {
      ways.add("say which one: --map values=" + String.join(" or values=", values));
    }
    if (ids.size() > 1) {
      ways.add("say which one: --map id=" + String.join(" or id=", ids));
    }
    if (!id && ids.isEmpty()) {
      ways.add(
          header.getFirst().isEmpty()
              ? "the first column has no name: call it id in the header if it holds the ids"
              : "--map id=NAME names the column with the ids");
    }
    if (!id) {
      ways.add("--number-rows makes ids of the numbers of rows");
    }
    String spread = values.isEmpty() ? spread(header) : null;
    if (ways.isEmpty() && spread != null) {
      ways.add(
          spread
              + " look like one vector, a column for each number: write it as one column, a JSON list");
    }
    if (ways.isEmpty()) {
      ways.add("query again with include_values=true, or name the column: --map values=NAME");
    }
    return String.join("; ", ways);
  }

  /** Names of columns that differ in a number that counts up, as "v0 to v127", or null. */
  private static String spread(List<String> header) {
    for (int from = 0; from < header.size(); from++) {
      Matcher first = NUMBERED.matcher(header.get(from));
      if (first.matches()) {
        int number = Integer.parseInt(first.group(2));
        int to = from;
        while (to + 1 < header.size()
            && header.get(to + 1).equals(first.group(1) + (number + to + 1 - from))) {
          to++;
        }
        if (to > from) {
          return header.get(from) + " to " + header.get(to);
        }
      }
    }
    return null;
  }

  private static String shown(String column) {
    return column.isEmpty() ? "(no name)" : column;
  }

  private static List<String> vectors(List<List<String>> rows) {
    List<String> found = new ArrayList<>();
    for (int i = 0; rows.size() > 1 && i < rows.getFirst().size(); i++) {
      boolean all = !rows.getFirst().get(i).isEmpty();
      for (List<String> row : rows.subList(1, rows.size())) {
        all &= i < row.size() && VECTOR.matcher(row.get(i)).matches();
      }
      if (all) {
        found.add(rows.getFirst().get(i));
      }
    }
    return found;
  }

  private static List<String> ids(List<List<String>> rows) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().size(); i++) {
      Set<String> values = new HashSet<>();
      boolean differ = isId(rows.getFirst().get(i));
      for (List<String> row : rows.subList(1, rows.size())) {
        differ &= i < row.size() && !row.get(i).isEmpty() && values.add(row.get(i));
      }
      if (differ) {
        found.add(rows.getFirst().get(i));
      }
    }
    return found;
  }

  /** True when a table has what looks like vectors, with or without ids. */
  static boolean hasVectors(List<List<String>> rows, FieldMap fields) {
    List<String> header = rows.getFirst();
    return fields.find(Role.VALUES, header) != null
        || fields.find(Role.SPARSE, header) != null
        || !vectors(rows).isEmpty();
  }
}
