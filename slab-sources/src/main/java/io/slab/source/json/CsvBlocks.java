package io.slab.source.json;

import io.slab.json.Json;
import io.slab.model.Utf8;
import io.slab.source.CellTypes;
import io.slab.source.CellTypes.Kind;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import io.slab.source.RowNumbers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rows of a table as the JSON text of records. Cells of vectors and metadata hold JSON, or what
 * Python prints; other cells are what {@link CellTypes} says of their column, lists and objects by
 * each cell; empty cells are absent. A row with more or fewer cells than the header is no record.
 */
final class CsvBlocks implements RecordBlocks {
  /** NumPy prints whole numbers as "2.". */
  private static final Pattern BARE_POINT = Pattern.compile("\\.(?![0-9])");

  private static final byte[] ID = Utf8.bytes("\"id\":");

  private final CsvRows rows;
  private final List<byte[]> labels = new ArrayList<>();
  private final List<Role> roles = new ArrayList<>();
  private final BlockBuilder builder = new BlockBuilder();
  private final JsonCursor cursor = new JsonCursor();
  private final List<Kind> kinds = new ArrayList<>();
  private final RowNumbers.Range ids;
  private long ordinal;

  private CsvBlocks(CsvRows rows, RowNumbers.Range ids) {
    this.rows = rows;
    this.ids = ids;
  }

  /**
   * Reads the header.
   *
   * @param cells what the other columns are
   * @param ids of the rows where no column has them, else null
   */
  static CsvBlocks open(CsvRows rows, FieldMap fields, CellTypes cells, RowNumbers.Range ids)
      throws IOException {
    CsvBlocks blocks = new CsvBlocks(rows, ids);
    for (String name : header(rows)) {
      blocks.labels.add(Utf8.bytes(Json.text(out -> out.writeString(name)) + ":"));
      blocks.roles.add(fields.role(name, true));
      blocks.kinds.add(cells.of(name));
    }
    return blocks;
  }

  /**
   * Goes through all rows behind the header.
   *
   * @return how many there are
   */
  static long survey(CsvRows rows, CellTypes.Table table, int columns) throws IOException {
    long count = 0;
    while (rows.next()) {
      count++;
      // A row that is refused says nothing of the others.
      boolean whole = rows.problem() == null && rows.cells() == columns;
      for (int i = 0; whole && i < columns; i++) {
        if (table.isOpen(i)) {
          table.see(i, rows.shown(i));
        }
      }
    }
    return count;
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
    boolean any = ids != null;
    if (any) {
      builder.add(ID);
      builder.add(text(ids.id(ordinal + builder.count())));
    }
    for (int i = 0; i < labels.size(); i++) {
      String cell = rows.cell(i);
      // The unnamed first column of a data frame holds its row labels.
      byte[] json = cell.isEmpty() || isUnnamed(i) ? null : json(i, cell);
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

  private byte[] json(int column, String cell) {
    return switch (roles.get(column)) {
      case ID, NAMESPACE -> text(cell);
      case VALUES -> vector(cell);
      case SPARSE, METADATA -> document(cell);
      case null -> field(kinds.get(column), cell);
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

  private byte[] field(Kind kind, String cell) {
    return switch (kind) {
      case NUMBER -> Utf8.bytes(cell);
      case BOOLEAN -> Utf8.bytes(cell.toLowerCase(Locale.ROOT));
      case NONE, TEXT ->
          cell.charAt(0) == '[' || cell.charAt(0) == '{' ? document(cell) : text(cell);
    };
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
