package io.slab.cli.report.page;

import io.slab.ann.CurvePoint;
import io.slab.cli.output.Human;
import io.slab.cli.report.Figures;
import io.slab.cli.report.Percent;
import io.slab.inspect.AnnStats;
import io.slab.inspect.Histogram;
import io.slab.inspect.SlabLayout;
import java.util.List;

/** The pictures of a page, as SVG. */
final class Charts {
  private static final int LOW = 210;
  private static final int HIGH = 260;

  private Charts() {}

  /** The file from its first byte to its last, in proportion. */
  static String layout(SlabLayout layout, long bytes, long hotOffset) {
    StringBuilder svg = new StringBuilder();
    svg.append(
            "<svg class='map' role='img' aria-label='Layout of the file; the list below has the sizes' viewBox='0 0 1000 60' preserveAspectRatio='none'>")
        .append("<title>Layout of the file</title>");
    for (SlabLayout.Part part : layout.parts()) {
      double x = 1000.0 * part.offset() / bytes;
      double width = 1000.0 * part.length() / bytes;
      svg.append("<rect class='g-" + part.group().label() + "' y='0' height='60' x='")
          .append(String.format(java.util.Locale.ROOT, "%.3f' width='%.3f'><title>", x, width))
          .append(part.group().label())
          .append(", ")
          .append(Human.bytes(part.length()))
          .append(" at ")
          .append(Human.count(part.offset()))
          .append("</title></rect>");
    }
    if (hotOffset >= 0) {
      String x = Markup.number(1000.0 * hotOffset / bytes);
      svg.append("<line class='hot' x1='" + x + "' x2='" + x + "' y1='0' y2='60'/>");
    }
    return svg.append("</svg>").toString();
  }

  /** Counts by interval. */
  static String histogram(
      Histogram histogram, String style, String title, String axis, boolean high) {
    Plot plot = new Plot(title, high ? HIGH : LOW, 44);
    int bins = histogram.counts().size();
    double top = Axis.ceiling(Math.max(1, histogram.highest()));
    for (int i = 0; i <= 2; i++) {
      double tick = top * i / 2;
      if (tick == Math.rint(tick)) {
        plot.rule(i / 2.0, Figures.brief((long) tick));
      }
    }
    for (int bin = 0; bin < bins; bin++) {
      long count = histogram.counts().get(bin);
      if (count > 0) {
        String tip =
            Figures.number(histogram.from(bin))
                + " to "
                + Figures.number(histogram.to(bin))
                + ": "
                + Human.count(count);
        double from = bins == 1 ? 0.45 : (double) bin / bins;
        double to = bins == 1 ? 0.55 : (bin + 1.0) / bins;
        plot.bar(from, to, count / top, style, tip);
      }
    }
    if (bins < 2) {
      plot.below(0.5, Figures.tick(histogram.min()));
    } else {
      for (int i = 0; i <= 2; i++) {
        // Not by the difference, which no double may hold.
        double value = histogram.min() * (1 - i / 2.0) + histogram.max() * (i / 2.0);
        plot.below(i / 2.0, Figures.tick(value));
      }
    }
    return plot.says(inWords(histogram)).axis(axis).toString();
  }

  private static String inWords(Histogram histogram) {
    List<Long> counts = histogram.counts();
    if (counts.isEmpty()) {
      return "nothing";
    }
    int most = counts.indexOf(histogram.highest());
    return Human.count(counts.stream().mapToLong(Long::longValue).sum())
        + " from "
        + Figures.number(histogram.min())
        + " to "
        + Figures.number(histogram.max())
        + ", most of them, "
        + Human.count(histogram.highest())
        + ", from "
        + Figures.number(histogram.from(most))
        + " to "
        + Figures.number(histogram.to(most));
  }

  /** One number for each dimension as an area. */
  static String spread(float[] deviations) {
    Plot plot = new Plot("Standard deviation by dimension", LOW, 52);
    double highest = 0;
    for (float value : deviations) {
      highest = Math.max(highest, value);
    }
    double top = highest == 0 ? 1 : Axis.ceiling(highest);
    for (int i = 0; i <= 2; i++) {
      plot.rule(i / 2.0, Figures.tick(top * i / 2));
    }
    StringBuilder path = new StringBuilder("M" + Markup.number(plot.x(0)) + ',');
    path.append(Markup.number(plot.bottom()));
    // As many steps as there are pixels: means of the dimensions that share one.
    int steps = Math.min(deviations.length, 360);
    for (int step = 0; step < steps; step++) {
      int from = (int) ((long) step * deviations.length / steps);
      int to = (int) ((step + 1L) * deviations.length / steps);
      double mean = 0;
      for (int d = from; d < to; d++) {
        mean += deviations[d] / (double) (to - from);
      }
      String y = Markup.number(plot.y(mean / top));
      path.append('L').append(Markup.number(plot.x((double) step / steps))).append(',').append(y);
      path.append('L').append(Markup.number(plot.x((step + 1.0) / steps))).append(',').append(y);
    }
    path.append('L').append(Markup.number(plot.x(1))).append(',');
    path.append(Markup.number(plot.bottom())).append('Z');
    plot.add("<path class='area g-vectors' d='" + path + "'/>");
    plot.below(0, "1").below(1, Human.count(deviations.length));
    plot.says("at most " + Figures.number(highest) + ", in " + Human.count(deviations.length));
    return plot.axis("dimension").toString();
  }

  /** Recall against modelled cost, a line for each number of results. */
  static String curve(AnnStats stats) {
    Plot plot = new Plot("Recall against cost", HIGH, 48);
    double low = 1;
    double cheap = Double.MAX_VALUE;
    double dear = 0;
    for (int k : stats.results()) {
      for (CurvePoint point : stats.ladder(k)) {
        low = Math.min(low, point.assured());
        cheap = Math.min(cheap, point.cost() / 1000);
        dear = Math.max(dear, point.cost() / 1000);
      }
    }
    low = Math.max(0, Math.floor(low * 10) / 10);
    for (int i = 0; i <= 4; i++) {
      plot.rule(i / 4.0, Percent.of(low + (1 - low) * i / 4).replace(".0%", "%"));
    }
    double from = cheap * 0.9;
    double to = dear * 1.1;
    for (double tick : Axis.decades(from, to)) {
      plot.below(place(tick, from, to), Figures.tick(tick));
    }
    int number = 0;
    for (int k : stats.results()) {
      line(plot, stats.ladder(k), "s" + number++, new double[] {low, from, to});
    }
    return plot.axis("microseconds a query by the writer's model (logarithmic)").toString();
  }

  private static double place(double value, double from, double to) {
    return Math.log(value / from) / Math.log(to / from);
  }

  private static void line(Plot plot, List<CurvePoint> curve, String style, double[] range) {
    StringBuilder points = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (CurvePoint point : curve) {
      String x = Markup.number(plot.x(place(point.cost() / 1000, range[1], range[2])));
      String y = Markup.number(plot.y((point.assured() - range[0]) / (1 - range[0])));
      points.append(x).append(',').append(y).append(' ');
      marks
          .append("<circle class='dot " + style + "' r='2.6' cx='" + x + "' cy='" + y)
          .append("'><title>top " + point.k() + ", " + Figures.number(point.cells()))
          .append(" cells: recall " + Percent.of(point.recall()))
          .append(", assured " + Percent.of(point.assured()) + ", ")
          .append(Figures.number(point.cost() / 1000) + " microseconds</title></circle>");
    }
    plot.add("<polyline class='line " + style + "' points='" + points.toString().strip() + "'/>");
    plot.add(marks.toString());
  }
}
