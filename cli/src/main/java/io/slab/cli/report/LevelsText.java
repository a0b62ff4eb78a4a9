package io.slab.cli.report;

import io.slab.cli.output.Cells;
import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.cli.output.TextCharts;
import io.slab.compaction.CompactionPlan;
import io.slab.inspect.SectionGroup;
import io.slab.objects.LevelInfo;
import io.slab.objects.NamespaceInfo;
import java.util.List;
import java.util.Locale;

/** The levels of each namespace, how full they are, and what is due. */
public final class LevelsText {
  private static final int COLUMNS = 62;

  private final Style style;
  private final int width;
  private final String target;

  /**
   * A text about an index.
   *
   * @param target the index as a word of a command line
   */
  public LevelsText(Style style, int width, String target) {
    this.style = style;
    this.width = width;
    this.target = target;
  }

  /** A block for each namespace that has a manifest. */
  public String text(List<NamespaceInfo> namespaces) {
    StringBuilder out = new StringBuilder();
    for (NamespaceInfo info : namespaces) {
      if (info.manifest() != null && !info.manifest().deleted()) {
        out.append(out.isEmpty() ? "" : "\n").append(block(info));
      }
    }
    return out.toString();
  }

  private String block(NamespaceInfo info) {
    StringBuilder out =
        new StringBuilder(style.bold("namespace "))
            .append(style.bold(Cells.clean(info.namespace())));
    out.append("  manifest ").append(info.manifest().id()).append(", ");
    out.append(Human.plural(info.unflushedWalObjects(), "log object")).append(" not flushed\n");
    List<LevelInfo> levels = LevelInfo.of(info.manifest());
    if (levels.isEmpty()) {
      return out.append("  no slabs\n").toString();
    }
    out.append(style.dim("  level  slabs         rows    dead       bytes  until it is merged"));
    out.append('\n');
    for (LevelInfo level : levels) {
      out.append(level(level)).append('\n');
    }
    return out.append(due(info)).toString();
  }

  private String level(LevelInfo level) {
    String numbers =
        String.format(
            Locale.ROOT,
            "  L%-4d %6d %,12d %7s %11s  ",
            level.level(),
            level.slabs(),
            level.rows(),
            level.dead() == 0 ? "-" : Percent.of((double) level.dead() / level.rows()),
            Human.bytes(level.bytes()));
    if (level.fullness() == 0) {
      return numbers + style.dim("stays");
    }
    int room = Math.clamp(width - COLUMNS, 8, 30);
    String bar = TextCharts.bar(level.fullness(), room);
    int color = GroupLook.of(SectionGroup.CODES).ansi();
    String rest = "░".repeat(Math.max(0, room - bar.length()));
    return numbers
        + style.color(color, bar)
        + style.dim(rest)
        + ' '
        + Percent.of(Math.min(1, level.fullness()));
  }

  private String due(NamespaceInfo info) {
    CompactionPlan plan = CompactionPlan.due(info.manifest());
    if (plan == null) {
      return "  no compaction is due\n";
    }
    return "  "
        + style.yellow("due")
        + ": "
        + plan.reason()
        + ", "
        + Human.plural(plan.inputs().size(), "slab")
        + " of "
        + Human.bytes(plan.bytesIn())
        + "; next: slab compact "
        + target
        + '\n';
  }
}
