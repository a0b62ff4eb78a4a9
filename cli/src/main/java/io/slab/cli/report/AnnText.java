package io.slab.cli.report;

import io.slab.ann.CurvePoint;
import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.cli.output.TextCharts;
import io.slab.inspect.AnnStats;
import io.slab.inspect.SectionGroup;
import java.util.List;
import java.util.Locale;

/** Cells and measured recall of a slab's index. */
public final class AnnText {
  private static final int WIDE = 76;

  /** Points that gain less than this are left out. */
  private static final double STEP = 0.005;

  private final Style style;
  private final int width;

  public AnnText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /**
   * A few lines, a chart and the ladder.
   *
   * @param stats null where there is no index
   */
  public String text(AnnStats stats) {
    if (stats == null) {
      return style.bold("index       ") + "none: every search of this slab is an exact scan\n";
    }
    StringBuilder out = new StringBuilder(style.bold("index       "));
    out.append(stats.algorithm())
        .append(", ")
        .append(stats.quantizer())
        .append(
            String.format(
                Locale.ROOT, " codes, %.1f bytes a row in its list%n", stats.codeBytes()));
    if (stats.cells() > 1) {
      out.append(style.bold("cells       "))
          .append(Human.count(stats.cells()))
          .append(" of ")
          .append(Human.count(stats.fewest()))
          .append(" to ")
          .append(Human.plural(stats.most(), "row"))
          .append("; cells by rows:\n")
          .append(VectorsText.chart(stats.sizes(), style, width, SectionGroup.CODES));
    }
    return out.append(ladders(stats)).toString();
  }

  private String ladders(AnnStats stats) {
    if (stats.curve().isEmpty()) {
      return style.bold("recall      ") + "nothing was measured: queries scan every cell\n";
    }
    StringBuilder out = new StringBuilder(style.bold("recall      "));
    out.append("measured when the slab was built; a query takes the cheapest point that is\n")
        .append("            assured to reach its --recall\n");
    out.append(
            style.bold("  top-k   cells   scanned  refined  rescored   recall  assured      cost"))
        .append('\n');
    for (int k : stats.results()) {
      double shown = -1;
      List<CurvePoint> ladder = stats.ladder(k);
      for (CurvePoint point : ladder) {
        if (point.assured() >= shown + STEP || point == ladder.getLast()) {
          out.append(point(point)).append('\n');
          shown = point.assured();
        }
      }
    }
    return out.toString();
  }

  private String point(CurvePoint point) {
    String line =
        String.format(
            Locale.ROOT,
            "%7d %7.1f %9.0f %8.0f %9.0f %8s %8s %9s",
            point.k(),
            point.cells(),
            point.scanned(),
            point.refined(),
            point.rescored(),
            Percent.of(point.recall()),
            Percent.of(point.assured()),
            time(point.cost()));
    if (width < WIDE) {
      return line;
    }
    String bar = TextCharts.bar(point.assured(), width - WIDE + 10);
    return line + "  " + style.color(GroupLook.of(SectionGroup.CODES).ansi(), bar);
  }

  private static String time(double nanos) {
    return nanos < 1e6
        ? String.format(Locale.ROOT, "%.1f us", nanos / 1e3)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
