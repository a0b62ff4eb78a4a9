package io.slab.cli.report;

import io.slab.cli.output.Human;
import io.slab.cli.output.Style;
import io.slab.estimate.IndexEstimate;
import io.slab.estimate.LevelEstimate;
import io.slab.estimate.MonthlyCost;
import io.slab.estimate.QueryEstimate;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.SlabLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An estimate for people. */
public final class EstimateText {
  private final Style style;
  private final int width;
  private final StringBuilder out = new StringBuilder();

  public EstimateText(Style style, int width) {
    this.style = style;
    this.width = width;
  }

  /** All of it; one use. */
  public String text(Forecast forecast) {
    head(forecast);
    out.append('\n');
    IndexEstimate compacted = forecast.compacted();
    out.append(
        new LayoutText(layout(compacted), compacted.bytes(), style, width)
            .text("size when compacted or loaded in bulk"));
    out.append('\n');
    levels("compacted", compacted);
    levels("by the log", forecast.levelled());
    out.append('\n');
    queries(forecast);
    out.append('\n');
    month(forecast);
    return out.toString();
  }

  private void head(Forecast forecast) {
    var rows = forecast.basis().rows();
    long records = forecast.compacted().records();
    String what =
        rows.dimension() == 0
            ? "sparse"
            : Human.plural(rows.dimension(), "dimension") + ", " + rows.metric().label();
    out.append(style.bold("estimate"))
        .append("  ")
        .append(Human.plural(records, "record"))
        .append(", ")
        .append(what)
        .append(", ")
        .append(Human.bytes(records == 0 ? 0 : forecast.compacted().bytes() / records))
        .append(" each\n");
    if (forecast.found() == null) {
      out.append("          ids, metadata and index assumed: no slab was measured\n");
      return;
    }
    var found = forecast.found();
    out.append("          measured on ")
        .append(found.name())
        .append(":\n          ")
        .append(Human.plural(found.records(), "record"))
        .append(" in ")
        .append(Human.plural(found.slabs(), "slab"))
        .append(", ")
        .append(Human.bytes(found.bytes()))
        .append(forecast.basis().search().measured() ? "" : "; it has no index, which is assumed")
        .append('\n');
  }

  private static SlabLayout layout(IndexEstimate index) {
    List<SlabLayout.Part> parts = new ArrayList<>();
    Map<SectionGroup, Long> groups = index.groups();
    long at = 0;
    for (SectionGroup group : SectionGroup.values()) {
      long bytes = groups.getOrDefault(group, 0L);
      if (bytes > 0) {
        parts.add(new SlabLayout.Part(group, at, bytes));
        at += bytes;
      }
    }
    return new SlabLayout(parts, groups, Map.of());
  }

  private void levels(String name, IndexEstimate index) {
    out.append(style.bold(LayoutText.left(name, 12)))
        .append(Human.plural(index.slabs(), "slab"))
        .append(", ")
        .append(Human.bytes(index.bytes()))
        .append(index.logged() == 0 ? "" : ", " + Human.count(index.logged()) + " in the log")
        .append('\n');
    for (LevelEstimate level : index.levels()) {
      out.append(
          String.format(
              Locale.ROOT,
              "  L%d %,9d x %,12d rows %11s  %s%n",
              level.level(),
              level.slabs(),
              level.each().rows(),
              Human.bytes(level.each().bytes()),
              level.each().cells() > 0
                  ? level.each().algorithm() + ", " + Human.plural(level.each().cells(), "cell")
                  : level.each().algorithm()));
    }
  }

  private void queries(Forecast forecast) {
    out.append(style.bold("a query on object storage     rounds  requests       bytes"))
        .append('\n');
    query("cold, compacted", forecast.coldCompacted());
    query("cold, by the log", forecast.coldLevelled());
    query("warm: is anything new?", forecast.warm());
  }

  private void query(String name, QueryEstimate query) {
    out.append(
        String.format(
            Locale.ROOT,
            "  %-26s %7d %,9d %11s%n",
            name,
            query.rounds(),
            query.requests(),
            Human.bytes(query.bytes())));
  }

  private void month(Forecast forecast) {
    out.append(style.bold("a month"))
        .append(
            String.format(
                Locale.ROOT,
                "  %,d queries, %s of them cold; %,d records written%n",
                forecast.month().queries(),
                Percent.of(forecast.month().coldShare()),
                forecast.month().writes()));
    out.append(
        String.format(
            Locale.ROOT,
            "  %-30s %10s %10s %10s %10s%n",
            forecast.prices().currency() + ", assumed " + forecast.prices().asOf(),
            "storage",
            "queries",
            "writes",
            "total"));
    forecast.costs().forEach(this::cost);
    cost(forecast.cloud());
  }

  private void cost(MonthlyCost cost) {
    out.append(
        String.format(
            Locale.ROOT,
            "  %-30s %10s %10s %10s %10s%n",
            cost.offer(),
            money(cost.storage()),
            money(cost.queries()),
            money(cost.writes()),
            money(cost.total())));
  }

  private static String money(double amount) {
    return amount > 0 && amount < 0.01 ? "<0.01" : String.format(Locale.ROOT, "%,.2f", amount);
  }
}
