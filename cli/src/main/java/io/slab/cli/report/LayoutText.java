package io.slab.cli.report;

import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.SlabLayout;
import java.util.EnumMap;
import java.util.Map;

/** The layout of a slab as a bar in proportion, with its legend. */
public final class LayoutText {
  private static final int LABEL = 44;

  private final SlabLayout layout;
  private final long bytes;
  private final Style style;
  private final int width;

  /**
   * A layout for people.
   *
   * @param bytes of the file
   * @param width columns to fill
   */
  public LayoutText(SlabLayout layout, long bytes, Style style, int width) {
    this.layout = layout;
    this.bytes = bytes;
    this.style = style;
    this.width = width;
  }

  /** Bar and legend, a line end after each line. */
  public String text() {
    return text("layout");
  }

  /** The same under another title. */
  public String text(String title) {
    StringBuilder out = new StringBuilder(style.bold(title));
    out.append("  ").append(Human.bytes(bytes)).append('\n').append(bar()).append('\n');
    for (SectionGroup group : SectionGroup.values()) {
      if (layout.bytes(group) > 0) {
        out.append(legend(group)).append('\n');
      }
    }
    return out.toString();
  }

  /** Each column shows the group that has most of its bytes. */
  private String bar() {
    StringBuilder line = new StringBuilder();
    SectionGroup last = null;
    StringBuilder run = new StringBuilder();
    int part = 0;
    for (int column = 0; column < width; column++) {
      long from = (long) ((double) bytes * column / width);
      long to = (long) ((double) bytes * (column + 1) / width);
      while (part + 1 < layout.parts().size() && end(part) <= from) {
        part++;
      }
      SectionGroup group = most(part, from, Math.max(from + 1, to));
      if (group != last) {
        line.append(paint(last, run.toString()));
        run.setLength(0);
        last = group;
      }
      run.append(style == Style.PLAIN ? GroupLook.of(group).letter() : '█');
    }
    return line.append(paint(last, run.toString())).toString();
  }

  private long end(int part) {
    return layout.parts().get(part).offset() + layout.parts().get(part).length();
  }

  private SectionGroup most(int first, long from, long to) {
    Map<SectionGroup, Long> here = new EnumMap<>(SectionGroup.class);
    SectionGroup best = layout.parts().get(first).group();
    for (int i = first; i < layout.parts().size(); i++) {
      SlabLayout.Part part = layout.parts().get(i);
      if (part.offset() >= to) {
        break;
      }
      long common = Math.min(to, end(i)) - Math.max(from, part.offset());
      here.merge(part.group(), common, Long::sum);
      best = here.get(part.group()) > here.getOrDefault(best, 0L) ? part.group() : best;
    }
    return best;
  }

  private String paint(SectionGroup group, String text) {
    return group == null ? text : style.color(GroupLook.of(group).ansi(), text);
  }

  private String legend(SectionGroup group) {
    double share = (double) layout.bytes(group) / bytes;
    GroupLook look = GroupLook.of(group);
    String mark = style == Style.PLAIN ? String.valueOf(look.letter()) : "█";
    String numbers =
        left(group.label(), 10)
            + right(Human.bytes(layout.bytes(group)), 10)
            + right(Percent.of(share), 8);
    String about = width >= LABEL + 34 ? "  " + style.dim(look.about()) : "";
    return paint(group, mark) + ' ' + numbers + about;
  }

  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
