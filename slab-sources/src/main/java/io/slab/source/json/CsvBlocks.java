package io.slab.source.json;

import io.slab.json.Json;
import io.slab.model.Utf8;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rows of a table as the JSON text of records. Cells of vectors and metadata hold JSON, or what
 * Python prints; other cells that are JSON numbers, booleans or lists are that, and texts
 * otherwise; empty cells are absent. A row with more or fewer cells than the header is no record.
 */
final class CsvBlocks implements RecordBlocks {
  /** NumPy prints whole numbers as "2.". */
  private static final Pattern BARE_POINT = Pattern.compile("\\.(?![0-9])");

  private final CsvRows rows;
  private final List<byte[]> labels = new ArrayList<>();
  private final List<Role> roles = new ArrayList<>();
  private final BlockBuilder builder = new BlockBuilder();
  private final JsonCursor cursor = new JsonCursor();
  private long ordinal;

  private CsvBlocks(CsvRows rows) {
    this.rows = rows;
  }

  /** Reads the header. */
  static CsvBlocks open(CsvRows rows, FieldMap fields) throws IOException {
    CsvBlocks blocks = new CsvBlocks(rows);
    for (String name : header(rows)) {
      blocks.labels.add(Utf8.bytes(Json.text(out -> out.writeString(name)) + ":"));
      blocks.roles.add(fields.role(name, true));
    }
    return blocks;
  }

  static List<String> header(CsvRows rows) throws IOException {
    List<String> names = new ArrayList<>();
    if (rows.next()) {
      for (int i = 0; i < rows.cells(); i++) {
        names.add(rows.shown(i).strip());
      }
    }
    return names;
  }

  @Override
  public RecordBlock next(byte[] recycled) throws IOException {
    builder.start(recycled);
    while (!builder.full() && rows.next()) {
      row();
    }
    if (builder.count() == 0) {
      return null;
    }
    long first = ordinal;
    ordinal += builder.count();
    return builder.block(first, rows.offset(), null);
  }

  private void row() {
    int from = builder.size();
    String problem = problem();
    if (problem == null) {
      try {
        record();
      } catch (CharacterCodingException e) {
        problem = "A cell is no UTF-8 text";
      }
    }
    if (problem != null) {
      builder.cut(from);
      builder.add(shown());
    }
    builder.end(from, rows.rowOffset(), null);
    builder.line(rows.rowLine(), problem);
  }

  /** Why the row cannot be taken apart, or null: what belongs to which column is never guessed. */
  private String problem() {
    if (rows.problem() != null) {
      return rows.problem();
    }
    if (rows.cells() != labels.size()) {
      return "Row has " + rows.cells() + " cells, the header has " + labels.size();
    }
    for (int i = 1; i < labels.size(); i++) {
      if (isUnnamed(i) && !rows.shown(i).isEmpty()) {
        return "Cell " + (i + 1) + " has no name in the header";
      }
    }
    return null;
  }

  private boolean isUnnamed(int column) {
    return labels.get(column).length == 3;
  }

  /** The cells of a row that is refused. */
  private byte[] shown() {
    return Json.bytes(out -> {
      out.writeStartArray();
      for (int i = 0; i < rows.cells(); i++) {
        out.writeString(rows.shown(i));
      }
      out.writeEndArray();
    });
  }

  private void record() throws CharacterCodingException {
    builder.add((byte) '{');
    boolean any = false;
    for (int i = 0; i < labels.size(); i++) {
      String cell = rows.cell(i);
      // The unnamed first column of a data frame holds its row labels.
      byte[] json = cell.isEmpty() || isUnnamed(i) ? null : json(roles.get(i), cell);
      if (json != null) {
        if (any) {
          builder.add((byte) ',');
        }
        builder.add(labels.get(i));
        builder.add(json);
        any = true;
      }
    }
    builder.add((byte) '}');
  }

  private byte[] json(Role role, String cell) {
    return switch (role) {
      case ID, NAMESPACE -> text(cell);
      case VALUES -> vector(cell);
      case SPARSE, METADATA -> document(cell);
      case null -> field(cell);
    };
  }

  private static byte[] text(String cell) {
    return Json.bytes(out -> out.writeString(cell));
  }

  private byte[] vector(String cell) {
    String list = cell.strip();
    boolean bare = list.length() > 1 && list.startsWith("[") && list.endsWith("]");
    String inside = bare ? list.substring(1, list.length() - 1) : list;
    if (inside.indexOf('[') >= 0 || inside.indexOf(']') >= 0 || inside.indexOf('"') >= 0) {
      return text(cell);
    }
    // NumPy prints its arrays without commas.
    String commas =
        inside.indexOf(',') >= 0 ? inside : String.join(",", inside.strip().split("\\s+"));
    return Utf8.bytes("[" + BARE_POINT.matcher(commas).replaceAll(".0") + "]");
  }

  private byte[] document(String cell) {
    byte[] json = Utf8.bytes(cell.strip());
    if (isJson(json)) {
      return json;
    }
    byte[] python = PythonLiteral.toJson(cell.strip());
    return isJson(python) ? python : text(cell);
  }

  private byte[] field(String cell) {
    byte[] json = Utf8.bytes(cell);
    byte first = json[0];
    boolean value =
        first == '-'
            || first >= '0' && first <= '9'
            || first == '['
            || first == '{'
            || cell.equals("true")
            || cell.equals("false");
    if (cell.equals("True") || cell.equals("False")) {
      return Utf8.bytes(cell.toLowerCase(Locale.ROOT));
    }
    if (value && isJson(json)) {
      return json;
    }
    if (first == '[' || first == '{') {
      return document(cell);
    }
    return text(cell);
  }

  private boolean isJson(byte[] json) {
    try {
      cursor.reset(json, 0, json.length);
      cursor.skipValue(null);
      return cursor.peek() < 0;
    } catch (BadRecordException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
