package io.slab.bench.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws curves over time as an SVG: one panel below the other, the time in common. */
final class LoadPicture {
  private static final int WIDTH = 900;
  private static final int PANEL = 130;
  private static final int LEFT = 70;
  private static final int GAP = 40;

  /**
   * One curve.
   *
   * @param name beside its colour
   * @param values one for each second; NaN for none
   */
  record Curve(String name, String color, double[] values) {}

  private record Panel(String title, boolean logarithmic, List<Curve> curves) {}

  private final List<Panel> panels = new ArrayList<>();

  /**
   * Adds a panel.
   *
   * @param logarithmic whether equal ratios are equally far apart
   */
  LoadPicture panel(String title, boolean logarithmic, Curve... curves) {
    panels.add(new Panel(title, logarithmic, List.of(curves)));
    return this;
  }

  static <T> double[] values(List<T> samples, ToDoubleFunction<T> value) {
    return samples.stream().mapToDouble(value).toArray();
  }

  String svg(String title) {
    StringBuilder out = new StringBuilder();
    int height = 30 + panels.size() * (PANEL + GAP);
    line(
        out,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='11'>",
        WIDTH,
        height);
    line(out, "<rect width='%d' height='%d' fill='white'/>", WIDTH, height);
    line(out, "<text x='%d' y='18' font-size='13'>%s</text>", LEFT, title);
    for (int i = 0; i < panels.size(); i++) {
      draw(out, panels.get(i), 30 + GAP / 2 + i * (PANEL + GAP));
    }
    return out.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder out, Panel panel, int top) {
    double most = 0;
    double least = Double.MAX_VALUE;
    int seconds = 1;
    for (Curve curve : panel.curves) {
      seconds = Math.max(seconds, curve.values.length - 1);
      for (double value : curve.values) {
        most = value > most ? value : most;
        least = value > 0 && value < least ? value : least;
      }
    }
    double low = panel.logarithmic ? Math.log10(Math.min(least, most)) : 0;
    double high = panel.logarithmic ? Math.log10(most) : most;
    double span = high > low ? high - low : 1;
    frame(out, panel, top, panel.logarithmic ? Math.min(least, most) : 0, most, seconds);
    int label = WIDTH - 10;
    for (Curve curve : panel.curves) {
      line(
          out,
          "<text x='%d' y='%d' text-anchor='end' fill='%s'>%s</text>",
          label,
          top - 5,
          curve.color,
          curve.name);
      label -= 12 + 7 * curve.name.length();
      String path = path(curve, panel.logarithmic, low, span, seconds, top);
      line(out, "<path d='%s' fill='none' stroke='%s'/>", path, curve.color);
    }
  }

  private static void frame(
      StringBuilder out, Panel panel, int top, double least, double most, int seconds) {
    line(
        out,
        "<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#ccc'/>",
        LEFT,
        top,
        WIDTH - LEFT - 10,
        PANEL);
    line(out, "<text x='%d' y='%d'>%s</text>", LEFT, top - 5, panel.title);
    line(out, "<text x='%d' y='%d' text-anchor='end'>%.4g</text>", LEFT - 5, top + 10, most);
    line(out, "<text x='%d' y='%d' text-anchor='end'>%.4g</text>", LEFT - 5, top + PANEL, least);
    line(
        out,
        "<text x='%d' y='%d' text-anchor='end'>%d s</text>",
        WIDTH - 10,
        top + PANEL + 12,
        seconds);
  }

  /** The line of one curve; it breaks where there is no value. */
  private static String path(
      Curve curve, boolean logarithmic, double low, double span, int seconds, int top) {
    StringBuilder path = new StringBuilder();
    boolean on = false;
    for (int i = 0; i < curve.values.length; i++) {
      double value = curve.values[i];
      if (Double.isNaN(value) || (logarithmic && value <= 0)) {
        on = false;
        continue;
      }
      double y = ((logarithmic ? Math.log10(value) : value) - low) / span;
      path.append(on ? 'L' : 'M');
      path.append(number(LEFT + (double) i / seconds * (WIDTH - LEFT - 10))).append(' ');
      path.append(number(top + PANEL * (1 - y)));
      on = true;
    }
    return path.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
