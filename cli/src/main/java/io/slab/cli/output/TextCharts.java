package io.slab.cli.output;

import java.util.List;

/** Charts made of block characters, in whole columns of a terminal. */
public final class TextCharts {
  private static final String ROWS = " ▏▎▍▌▋▊▉█";
  private static final String COLUMNS = " ▁▂▃▄▅▆▇█";
  private static final int STEPS = 8;

  private TextCharts() {}

  /**
   * A bar from the left, to an eighth of a column; anything above zero shows.
   *
   * @param share of the width, 0 to 1
   */
  public static String bar(double share, int width) {
    long eighths = Math.round(Math.clamp(share, 0.0, 1.0) * width * STEPS);
    eighths = share > 0 ? Math.max(1, eighths) : 0;
    String full = "█".repeat((int) (eighths / STEPS));
    int rest = (int) (eighths % STEPS);
    return rest == 0 ? full : full + ROWS.charAt(rest);
  }

  /**
   * Columns that stand side by side, lines from the top down. A value takes as many columns as fit.
   *
   * @param width most columns to fill
   * @param height lines
   */
  public static String[] columns(List<Long> values, int width, int height) {
    int each = Math.max(1, Math.min(4, width / Math.max(1, values.size())));
    long highest = Math.max(1, values.stream().mapToLong(Long::longValue).max().orElse(1));
    String[] lines = new String[height];
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder();
      for (long value : values) {
        long eighths = Math.round((double) value / highest * height * STEPS);
        eighths = value > 0 ? Math.max(1, eighths) : 0;
        long here = Math.clamp(eighths - (long) (height - 1 - line) * STEPS, 0L, (long) STEPS);
        text.append(String.valueOf(COLUMNS.charAt((int) here)).repeat(each));
      }
      lines[line] = text.toString().stripTrailing();
    }
    return lines;
  }

  /** Values in one line, each column the mean of those that fall on it. */
  public static String spark(float[] values, int width) {
    int columns = Math.min(width, values.length);
    double[] means = new double[columns];
    double highest = 0;
    for (int column = 0; column < columns; column++) {
      int from = (int) ((long) column * values.length / columns);
      int to = (int) ((column + 1L) * values.length / columns);
      for (int i = from; i < to; i++) {
        means[column] += values[i] / (double) (to - from);
      }
      highest = Math.max(highest, means[column]);
    }
    StringBuilder line = new StringBuilder();
    for (double mean : means) {
      long step = highest == 0 ? 0 : Math.round(mean / highest * STEPS);
      line.append(COLUMNS.charAt((int) (mean > 0 ? Math.max(1, step) : 0)));
    }
    return line.toString();
  }
}
