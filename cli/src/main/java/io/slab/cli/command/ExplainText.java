package io.slab.cli.command;

import io.slab.cli.output.Cells;
import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.cli.report.Percent;
import io.slab.filter.FilterExplanation;
import io.slab.search.QueryProfile;
import io.slab.store.TrafficTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The plan of a query as a tree. One use. */
final class ExplainText {
  /** More slabs than that are summed up. */
  private static final int SHOWN = 8;

  private static final String BRANCH = "├─ ";
  private static final String LAST = "└─ ";
  private static final String BESIDE = "│  ";

  private final StringBuilder out = new StringBuilder();
  private final Style style;
  private final int width;

  ExplainText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /**
   * The tree.
   *
   * @param head what was asked, lines without line ends
   * @param trace what was asked of a remote store; null where another tree shows it
   */
  String tree(List<String> head, List<SlabPlan> plans, QueryProfile profile, TrafficTrace trace) {
    for (String line : head) {
      out.append(String.join("\n  ", wrap(line, Math.max(30, width - 2)))).append('\n');
    }
    List<SlabPlan> skipped = plans.stream().filter(SlabPlan::skipped).toList();
    List<SlabPlan> searched =
        plans.stream()
            .filter(plan -> !plan.skipped())
            .sorted(Comparator.comparingLong((SlabPlan p) -> -p.profile().scanNanos()))
            .toList();
    List<SlabPlan> shown = searched.subList(0, Math.min(SHOWN, searched.size()));
    plans.stream().filter(shown::contains).forEach(this::slab);
    if (shown.size() < searched.size()) {
      rest(searched.subList(shown.size(), searched.size()));
    }
    skipped(skipped);
    memtable(profile);
    if (trace != null && profile.traffic() != null) {
      remote(trace);
    }
    time(profile);
    return out.toString();
  }

  private void slab(SlabPlan plan) {
    out.append(BRANCH)
        .append(style.bold("slab " + plan.profile().slab()))
        .append("  L")
        .append(plan.slab().entry().level())
        .append(", ")
        .append(Human.plural(plan.profile().rows(), "row"))
        .append(": ")
        .append(style.bold(method(plan)))
        .append('\n');
    detail("why", plan.why());
    if (plan.filter() != null) {
      filter("filter", plan.filter(), "");
    }
    if (plan.effort() != null) {
      detail("effort", effort(plan));
    }
    detail("work", work(plan));
    plan.profile().leftOut().forEach(text -> detail("left out", text));
    detail(
        "time",
        "filter "
            + micros(plan.profile().filterNanos())
            + ", scan "
            + micros(plan.profile().scanNanos()));
  }

  private static String method(SlabPlan plan) {
    return switch (plan.profile().strategy()) {
      case INDEX -> "index (" + plan.profile().algorithm() + ")";
      case POSTINGS -> "postings";
      case PRE_FILTER -> "pre-filter";
      case MID_SCAN -> "mid-scan";
      case FULL_SCAN -> "full scan";
      case SKIPPED, SKIPPED_BY_MANIFEST -> "skipped";
    };
  }

  private static String effort(SlabPlan plan) {
    if (plan.measured() == null) {
      return "every cell: no effort that was measured is assured to reach the recall";
    }
    String cells =
        plan.effort().probes() == 1
            ? "the nearest cell"
            : plan.effort().probes() + " nearest cells";
    return String.format(
        Locale.ROOT,
        "%s; measured for top %d: recall %s, assured %s%s",
        cells,
        plan.measured().k(),
        Percent.of(plan.measured().recall()),
        Percent.of(plan.measured().assured()),
        plan.filter() == null ? "" : "; more cells where the filter thins them out");
  }

  private static String work(SlabPlan plan) {
    var profile = plan.profile();
    List<String> parts = new ArrayList<>();
    boolean index = plan.effort() != null;
    if (index) {
      parts.add(Human.plural(profile.cellsScanned(), "cell"));
    }
    parts.add(Human.count(profile.rowsScored()) + (index ? " codes scanned" : " rows scored"));
    parts.add(Human.count(profile.rowsRescored()) + " scored exactly");
    parts.add(Human.bytes(profile.bytesRead()) + " read");
    return String.join(", ", parts);
  }

  private void filter(String label, FilterExplanation plan, String indent) {
    String counts =
        String.format(
            Locale.ROOT,
            " -> %,d of %,d (%s)",
            plan.matching(),
            plan.rows(),
            Percent.of(plan.selectivity()));
    String text = indent + Cells.clean(plan.filter());
    int room = Math.max(20, width - 12 - counts.length());
    detail(label, Cells.cut(text, room) + counts);
    plan.parts().forEach(part -> filter("", part, indent + "  "));
  }

  /** A labelled line, wrapped under itself. */
  private void detail(String label, String text) {
    String margin = BESIDE + "  ";
    int room = Math.max(30, width - 13);
    String[] lines = wrap(text, room);
    for (int i = 0; i < lines.length; i++) {
      String name = i == 0 ? label : "";
      out.append(margin)
          .append(style.dim(name + " ".repeat(Math.max(1, 8 - name.length()))))
          .append(lines[i])
          .append('\n');
    }
  }

  private static String[] wrap(String text, int room) {
    if (Cells.width(text) <= room || text.startsWith(" ")) {
      return new String[] {text};
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String whole : text.split(" ")) {
      String word = whole;
      while (word.length() > room) {
        if (!line.isEmpty()) {
          lines.add(line.toString());
          line.setLength(0);
        }
        lines.add(word.substring(0, room));
        word = word.substring(room);
      }
      if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines.toArray(String[]::new);
  }

  private void rest(List<SlabPlan> plans) {
    long rows = 0;
    long scored = 0;
    long bytes = 0;
    long nanos = 0;
    for (SlabPlan plan : plans) {
      rows += plan.profile().rows();
      scored += plan.profile().rowsScored();
      bytes += plan.profile().bytesRead();
      nanos += plan.profile().scanNanos();
    }
    out.append(BRANCH)
        .append(
            String.format(
                Locale.ROOT,
                "%d more slabs that took less time: %,d rows, %,d scored, %s read, scan %s%n",
                plans.size(),
                rows,
                scored,
                Human.bytes(bytes),
                micros(nanos)));
  }

  private void skipped(List<SlabPlan> plans) {
    for (SlabPlan plan : plans.subList(0, Math.min(SHOWN, plans.size()))) {
      out.append(BRANCH)
          .append(style.bold("slab " + plan.profile().slab()))
          .append("  L")
          .append(plan.slab().entry().level())
          .append(", ")
          .append(Human.plural(plan.profile().rows(), "row"))
          .append(": ")
          .append(style.bold("skipped"))
          .append('\n');
      detail("why", Cells.clean(plan.why()));
    }
    if (plans.size() > SHOWN) {
      out.append(BRANCH).append(plans.size() - SHOWN).append(" more slabs skipped\n");
    }
  }

  private void memtable(QueryProfile profile) {
    String text =
        profile.memtableRows() == 0
            ? "nothing beside the slabs"
            : Human.plural(profile.memtableRows(), "record")
                + " in no slab yet, "
                + Human.count(profile.memtableMatching())
                + " of them match: each is scored exactly";
    out.append(BRANCH).append(style.bold("log")).append("  ").append(text).append('\n');
  }

  private void remote(TrafficTrace trace) {
    out.append(BRANCH)
        .append(style.bold("remote"))
        .append("  ")
        .append(Profiles.words(trace.counts()))
        .append('\n');
    long round = 0;
    List<String> parts = new ArrayList<>();
    for (TrafficTrace.Step step : trace.steps()) {
      if (step.round() != round && !parts.isEmpty()) {
        detail("round " + round, String.join("; ", parts));
        parts.clear();
      }
      round = step.round();
      parts.add(Profiles.words(step));
    }
    if (!parts.isEmpty()) {
      detail("round " + round, String.join("; ", parts));
    }
  }

  private void time(QueryProfile profile) {
    out.append(LAST)
        .append(style.bold("time"))
        .append("  filter ")
        .append(micros(profile.planNanos()))
        .append(", scan ")
        .append(micros(profile.scanNanos()))
        .append(", merge ")
        .append(micros(profile.mergeNanos()))
        .append(", fetch ")
        .append(micros(profile.fetchNanos()))
        .append('\n');
  }

  static String micros(long nanos) {
    return nanos < 1_000_000
        ? nanos / 1000 + " us"
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
