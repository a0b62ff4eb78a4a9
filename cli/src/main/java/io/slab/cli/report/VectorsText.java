package io.slab.cli.report;

import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.cli.output.TextCharts;
import io.slab.inspect.Histogram;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.VectorStats;
import java.util.Arrays;
import java.util.Locale;

/** Norms, spread and duplicates of vectors. */
public final class VectorsText {
  private static final int HEIGHT = 5;

  private final Style style;
  private final int width;

  public VectorsText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /** A few lines and two charts. */
  public String text(VectorStats stats) {
    String rows =
        stats.sample().isAll()
            ? Human.plural(stats.sample().of(), "row")
            : Human.count(stats.sample().count())
                + " of "
                + Human.plural(stats.sample().of(), "row")
                + " at equal distances (--sample 0 for all)";
    return head("vectors", rows + ", " + Human.plural(stats.means().length, "dimension"))
        + norms(stats)
        + spread(stats)
        + duplicates(stats);
  }

  private String head(String title, String text) {
    return style.bold(LayoutText.left(title, 12)) + text + '\n';
  }

  private String norms(VectorStats stats) {
    Histogram norms = stats.norms();
    if (norms.counts().size() < 2) {
      String all = norms.counts().isEmpty() ? "none" : "all " + Figures.number(stats.meanNorm());
      return head("norms", all);
    }
    StringBuilder out =
        new StringBuilder(
            head(
                "norms",
                Figures.number(norms.min())
                    + " to "
                    + Figures.number(norms.max())
                    + ", mean "
                    + Figures.number(stats.meanNorm())));
    return out.append(chart(norms, style, width, SectionGroup.VECTORS)).toString();
  }

  /** A histogram with its ends below. */
  static String chart(Histogram histogram, Style style, int width, SectionGroup look) {
    StringBuilder out = new StringBuilder();
    String[] lines = TextCharts.columns(histogram.counts(), width - 4, HEIGHT);
    int widest = 0;
    for (String line : lines) {
      widest = Math.max(widest, line.length());
      out.append("  ").append(style.color(GroupLook.of(look).ansi(), line)).append('\n');
    }
    String min = Figures.number(histogram.min());
    String max = Figures.number(histogram.max());
    int gap = Math.max(1, widest - min.length() - max.length());
    return out.append("  ").append(style.dim(min + " ".repeat(gap) + max)).append('\n').toString();
  }

  private String spread(VectorStats stats) {
    float[] sorted = stats.deviations().clone();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return "";
    }
    String text =
        "deviation by dimension "
            + Figures.number(sorted[0])
            + " to "
            + Figures.number(sorted[sorted.length - 1])
            + ", median "
            + Figures.number(sorted[sorted.length / 2]);
    String line = TextCharts.spark(stats.deviations(), width - 4);
    return head("spread", text)
        + "  "
        + style.color(GroupLook.of(SectionGroup.VECTORS).ansi(), line)
        + '\n'
        + head(
            "",
            "as much as "
                + String.format(Locale.ROOT, "%.1f", stats.effectiveDimensions())
                + " equal dimensions; constant: "
                + stats.constantDimensions());
  }

  private String duplicates(VectorStats stats) {
    String zero = stats.zeroRows() == 0 ? "" : "; zeros alone: " + Human.count(stats.zeroRows());
    String among = stats.sample().isAll() ? "" : " among the rows looked at";
    if (stats.duplicateRows() == 0) {
      return head("duplicates", "none" + among + zero);
    }
    return head(
        "duplicates",
        Human.plural(stats.duplicateRows(), "row")
            + (stats.duplicateRows() == 1 ? " repeats" : " repeat")
            + " an earlier vector"
            + among
            + " ("
            + Human.plural(stats.duplicateGroups(), "vector")
            + ", at most "
            + Human.count(stats.largestGroup())
            + " times)"
            + zero);
  }
}
