package io.slab.cli.report;

import io.slab.cli.output.Cells;
import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.cli.output.TextCharts;
import io.slab.inspect.ColumnInfo;
import io.slab.model.Numbers;
import java.util.List;

/** Fields with their most frequent values as bars. */
public final class ColumnsText {
  private static final int BAR = 24;
  private static final int NUMBERS = 20;

  private final Style style;
  private final int width;

  public ColumnsText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /** One block for each column. */
  public String text(List<ColumnInfo> columns, long rows) {
    StringBuilder out = new StringBuilder();
    if (columns.isEmpty()) {
      return style.dim("no metadata field is indexed in this slab") + '\n';
    }
    for (ColumnInfo column : columns) {
      out.append(out.isEmpty() ? "" : "\n").append(head(column, rows)).append('\n');
      long shown = 0;
      for (ColumnInfo.Count count : column.top()) {
        out.append(line(count, column.rows())).append('\n');
        shown++;
      }
      long more = column.distinct() - shown;
      if (more > 0 && shown > 0) {
        out.append(style.dim("  and " + Human.plural(more, "more value"))).append('\n');
      }
    }
    return out.toString();
  }

  private String head(ColumnInfo column, long rows) {
    String present =
        column.rows() == rows
            ? "every row"
            : Human.plural(column.rows(), "row") + " (" + share(column.rows(), rows) + ")";
    String facts =
        column.type()
            + range(column)
            + " in "
            + present
            + ", "
            + Human.plural(column.distinct(), "value")
            + ", "
            + Human.bytes(column.bytes());
    String name = Cells.cut(Cells.clean(column.field()), Math.max(8, width - facts.length() - 2));
    return style.bold(name) + "  " + facts;
  }

  private static String range(ColumnInfo column) {
    return column.numbers() == null
        ? ""
        : " from "
            + Numbers.text(column.numbers().min())
            + " to "
            + Numbers.text(column.numbers().max());
  }

  private static String share(long part, long whole) {
    return Percent.of(whole == 0 ? 0 : (double) part / whole);
  }

  private String line(ColumnInfo.Count count, long rows) {
    int room = width - NUMBERS - 4;
    int bar = Math.max(6, Math.min(BAR, room / 3));
    int label = Math.max(8, Math.min(40, room - bar));
    String whole = Cells.clean(SlabDocs.text(count.value()));
    String value = whole.isBlank() ? "(empty)" : Cells.cut(whole, label);
    String drawn = TextCharts.bar(rows == 0 ? 0 : (double) count.rows() / rows, bar);
    return "  "
        + value
        + " ".repeat(Math.max(0, label - Cells.width(value)))
        + ' '
        + style.color(GroupLook.of(io.slab.inspect.SectionGroup.BITMAPS).ansi(), drawn)
        + " ".repeat(Math.max(0, bar - drawn.length()))
        + LayoutText.right(share(count.rows(), rows), 8)
        + LayoutText.right(Human.count(count.rows()), 12);
  }
}
