package io.slab.cli.report.page;

/**
 * An SVG with a frame, ticks and labels, in units that are about a pixel each: it is shown between
 * 0.8 and 1.4 times this size. One use, one thread.
 */
final class Plot {
  static final int WIDTH = 420;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 42;

  /** Room of one character of a label. */
  private static final double CHARACTER = 6.4;

  private final int height;
  private final int left;
  private final StringBuilder body = new StringBuilder();
  private final String title;
  private String said = "";

  /**
   * @param title what a screen reader says
   * @param left room for the labels of the vertical axis
   */
  Plot(String title, int height, int left) {
    this.title = title;
    this.height = height;
    this.left = left;
  }

  /** What a screen reader says after the title: the picture in words. */
  Plot says(String words) {
    said = ": " + words;
    return this;
  }

  /** A place from 0 (left) to 1 (right). */
  double x(double share) {
    return left + share * (WIDTH - left - RIGHT);
  }

  /** A place from 0 (bottom) to 1 (top). */
  double y(double share) {
    return height - BOTTOM - share * (height - TOP - BOTTOM);
  }

  double bottom() {
    return height - BOTTOM;
  }

  Plot add(String svg) {
    body.append(svg);
    return this;
  }

  /** A horizontal line with its label. */
  Plot rule(double share, String label) {
    String at = Markup.number(y(share));
    return add("<line class='rule' x1='" + left + "' x2='" + (WIDTH - RIGHT) + "' y1='" + at)
        .add("' y2='" + at + "'/><text class='tick' text-anchor='end' x='" + (left - 6))
        .add("' y='" + Markup.number(y(share) + 4) + "'>" + Markup.text(label) + "</text>");
  }

  /** A label below the frame, kept inside of the picture. */
  Plot below(double share, String label) {
    double half = label.length() * CHARACTER / 2;
    double at = Math.clamp(x(share), half + 1, WIDTH - half - 1);
    return add("<text class='tick' text-anchor='middle' x='" + Markup.number(at) + "' y='")
        .add((height - BOTTOM + 16) + "'>" + Markup.text(label) + "</text>");
  }

  /** What the horizontal axis is. */
  Plot axis(String label) {
    if (label.isEmpty()) {
      return this;
    }
    return add("<text class='axis' text-anchor='middle' x='" + Markup.number(x(0.5)) + "' y='")
        .add((height - 6) + "'>" + Markup.text(label) + "</text>");
  }

  /** A filled rectangle between two places of both axes. */
  Plot bar(double from, double to, double top, String style, String tip) {
    double x = x(from) + 0.6;
    double width = Math.max(0.8, x(to) - x(from) - 1.2);
    return add("<rect class='" + style + "' x='" + Markup.number(x) + "' y='")
        .add(Markup.number(y(top)) + "' width='" + Markup.number(width) + "' height='")
        .add(Markup.number(Math.max(0, bottom() - y(top))) + "' rx='1'><title>")
        .add(Markup.text(tip) + "</title></rect>");
  }

  @Override
  public String toString() {
    return "<svg role='img' aria-label='"
        + Markup.text(title + said)
        + "' viewBox='0 0 "
        + WIDTH
        + ' '
        + height
        + "'><title>"
        + Markup.text(title)
        + "</title>"
        + body
        + "</svg>";
  }
}
