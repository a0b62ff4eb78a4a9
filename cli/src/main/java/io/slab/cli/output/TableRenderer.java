package io.slab.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Aligned columns for people. Column widths come from the first {@value #SAMPLE} rows. */
final class TableRenderer implements Renderer {
  private static final int SAMPLE = 1000;
  private static final int NARROWEST = 6;
  private static final String GAP = "  ";

  private final Sink out;
  private final List<String> fields;
  private final Style style;

  /** Longest line, or 0 for no limit. */
  private final int width;

  private List<Column> columns;
  private int[] widths;
  private List<String[]> waiting = new ArrayList<>();
  private long rows;

  TableRenderer(Sink out, List<String> fields, Style style, int width) {
    this.out = out;
    this.fields = fields;
    this.style = style;
    this.width = width;
  }

  @Override
  public void begin(Listing listing) {
    columns = Fields.columns(listing, fields);
  }

  @Override
  public void row(Doc row) {
    rows++;
    String[] cells = new String[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      String name = columns.get(i).name();
      cells[i] = name.equals(Column.RANK) ? Long.toString(rows) : Cells.table(row.at(name));
    }
    if (waiting == null) {
      write(cells);
      return;
    }
    waiting.add(cells);
    if (waiting.size() == SAMPLE) {
      release();
    }
  }

  @Override
  public void end(Doc summary) {
    if (waiting != null) {
      release();
    }
  }

  @Override
  public void document(Doc document) {
    columns = List.of(Column.text("field"), Column.text("value"));
    for (Map.Entry<String, Object> member : Fields.select(document, fields).members().entrySet()) {
      waiting.add(new String[] {Cells.clean(member.getKey()), Cells.table(member.getValue())});
    }
    widths = measure();
    waiting.forEach(this::write);
  }

  private void release() {
    widths = measure();
    if (!waiting.isEmpty()) {
      String[] titles = new String[columns.size()];
      for (int i = 0; i < titles.length; i++) {
        titles[i] = Cells.clean(columns.get(i).name()).toUpperCase(Locale.ROOT);
      }
      out.write(style.bold(line(titles)));
      out.write("\n");
    }
    waiting.forEach(this::write);
    waiting = null;
  }

  private int[] measure() {
    int[] measured = new int[columns.size()];
    for (int i = 0; i < measured.length; i++) {
      measured[i] = waiting.isEmpty() ? 0 : Cells.width(columns.get(i).name());
      for (String[] row : waiting) {
        measured[i] = Math.max(measured[i], Cells.width(row[i]));
      }
    }
    return width == 0 ? measured : shrink(measured);
  }

  /**
   * Takes what is too much from the widest columns, never below a width that still says something.
   */
  private int[] shrink(int[] measured) {
    int total = GAP.length() * (measured.length - 1);
    for (int w : measured) {
      total += w;
    }
    while (total > width) {
      int widest = 0;
      for (int i = 1; i < measured.length; i++) {
        if (measured[i] >= measured[widest]) {
          widest = i;
        }
      }
      if (measured[widest] <= NARROWEST) {
        break;
      }
      measured[widest]--;
      total--;
    }
    return measured;
  }

  private void write(String[] cells) {
    out.write(line(cells));
    out.write("\n");
  }

  private String line(String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = width == 0 ? cells[i] : Cells.cut(cells[i], widths[i]);
      String padding = " ".repeat(Math.max(0, widths[i] - Cells.width(cell)));
      boolean right = columns.get(i).right();
      line.append(i == 0 ? "" : GAP).append(right ? padding : "").append(cell);
      if (!right && i + 1 < cells.length) {
        line.append(padding);
      }
    }
    return line.toString();
  }
}
