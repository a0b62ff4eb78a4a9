package io.slab.cli.report.page;

import io.slab.inspect.Projection;

/** Points on a plane, square, without axes: distances are what there is to see. */
final class Scatter {
  private static final int SIZE = 560;
  private static final int MARGIN = 12;

  private Scatter() {}

  static String of(Projection points, Colouring colours) {
    float[] x = ends(points.x());
    float[] y = ends(points.y());
    // One scale for both, so that the picture does not stretch what lies there.
    double span = Math.max(Math.max(x[1] - x[0], y[1] - y[0]), 1e-12);
    double height = Math.max(160, (y[1] - y[0]) / span * (SIZE - 2 * MARGIN) + 2 * MARGIN);
    double scale = (SIZE - 2 * MARGIN) / span;
    double left = (SIZE - (x[1] - x[0]) * scale) / 2;
    double top = (height - (y[1] - y[0]) * scale) / 2;
    StringBuilder svg =
        new StringBuilder(
            "<svg role='img' aria-label='Vectors on their first two principal components; the list"
                + " below has the colours' class='scatter' viewBox='0 0 ");
    svg.append(SIZE).append(' ').append(Math.round(height));
    svg.append("'><title>Vectors on their first two principal components</title>");
    int groups = Math.max(1, colours.names().size());
    for (int colour = groups - 1; colour >= 0; colour--) {
      svg.append("<g class='").append(colours.style(colour)).append("'>");
      for (int i = 0; i < points.x().length; i++) {
        if (colours.of()[i] == colour) {
          svg.append("<circle r='3' cx='")
              .append(Markup.number(left + (points.x()[i] - x[0]) * scale))
              .append("' cy='")
              .append(Markup.number(height - top - (points.y()[i] - y[0]) * scale))
              .append("'/>");
        }
      }
      svg.append("</g>");
    }
    return svg.append("</svg>").toString();
  }

  private static float[] ends(float[] values) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new float[] {min, max};
  }
}
