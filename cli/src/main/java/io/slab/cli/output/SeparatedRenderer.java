package io.slab.cli.output;

import java.util.List;
import java.util.Map;

/**
 * Comma- (RFC 4180) or tab-separated values with a header; structured values as JSON, never
 * shortened.
 */
final class SeparatedRenderer implements Renderer {
  private final Sink out;
  private final List<String> fields;
  private final boolean commas;
  private List<Column> columns;
  private long rows;

  SeparatedRenderer(Sink out, List<String> fields, boolean commas) {
    this.out = out;
    this.fields = fields;
    this.commas = commas;
  }

  @Override
  public void begin(Listing listing) {
    columns = Fields.columns(listing, fields);
    line(columns.stream().map(Column::name).toList());
  }

  @Override
  public void row(Doc row) {
    rows++;
    line(
        columns.stream()
            .map(column ->
                column.name().equals(Column.RANK)
                    ? Long.toString(rows)
                    : Cells.plain(row.at(column.name())))
            .toList());
  }

  @Override
  public void end(Doc summary) {
    // A separated file has no place beside its rows; the summary is talk and goes to stderr.
  }

  @Override
  public void document(Doc document) {
    line(List.of("field", "value"));
    for (Map.Entry<String, Object> member : Fields.select(document, fields).members().entrySet()) {
      line(List.of(member.getKey(), Cells.plain(member.getValue())));
    }
  }

  private void line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        line.append(commas ? ',' : '\t');
      }
      line.append(commas ? quoted(cells.get(i)) : escaped(cells.get(i)));
    }
    out.write(line.append(commas ? "\r\n" : "\n").toString());
  }

  private static String quoted(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return '"' + cell.replace("\"", "\"\"") + '"';
      }
    }
    return cell;
  }

  /**
   * Backslash escapes keep one row on one line; a backslash itself is doubled so that it can be
   * undone.
   */
  private static String escaped(String cell) {
    StringBuilder out = new StringBuilder(cell.length());
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      switch (c) {
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
