package io.slab.cli.report;

import io.slab.cli.output.Doc;
import io.slab.estimate.IndexEstimate;
import io.slab.estimate.LevelEstimate;
import io.slab.estimate.MonthlyCost;
import io.slab.estimate.QueryEstimate;
import io.slab.inspect.SectionGroup;
import java.util.List;
import java.util.Map;

/** An estimate as a document; bytes plain, money with four decimals. */
public final class EstimateDoc {
  private EstimateDoc() {}

  /** All of it. */
  public static Doc of(Forecast forecast) {
    var rows = forecast.basis().rows();
    Doc basis =
        new Doc()
            .put("from", forecast.found() == null ? "plain numbers" : forecast.found().name())
            .put("dimension", rows.dimension() == 0 ? null : rows.dimension())
            .put("metric", rows.metric().label())
            .put("vectorType", rows.vectorType().label())
            .put("measuredRows", rows.rows())
            .put("indexMeasured", forecast.basis().search().measured());
    if (forecast.found() != null) {
      basis
          .put("records", forecast.found().records())
          .put("slabs", forecast.found().slabs())
          .put("bytes", forecast.found().bytes());
    }
    return new Doc()
        .put("basis", basis)
        .put("records", forecast.compacted().records())
        .put("compacted", index(forecast.compacted()))
        .put("levelled", index(forecast.levelled()))
        .put(
            "query",
            new Doc()
                .put("coldCompacted", query(forecast.coldCompacted()))
                .put("coldLevelled", query(forecast.coldLevelled()))
                .put("warm", query(forecast.warm())))
        .put(
            "month",
            new Doc()
                .put("queries", forecast.month().queries())
                .put("coldShare", forecast.month().coldShare())
                .put("writes", forecast.month().writes())
                .put("batch", forecast.month().batch()))
        .put(
            "prices",
            new Doc()
                .put("asOf", forecast.prices().asOf())
                .put("currency", forecast.prices().currency())
                .put("note", forecast.prices().note()))
        .put("costs", forecast.costs().stream().map(EstimateDoc::cost).toList())
        .put("cloud", cost(forecast.cloud()));
  }

  private static Doc index(IndexEstimate index) {
    List<Doc> levels = index.levels().stream().map(EstimateDoc::level).toList();
    return new Doc()
        .put("slabs", index.slabs())
        .put("bytes", index.bytes())
        .put("logged", index.logged())
        .put("sections", groups(index.groups()))
        .put("levels", levels);
  }

  private static Doc groups(Map<SectionGroup, Long> groups) {
    Doc doc = new Doc();
    for (SectionGroup group : SectionGroup.values()) {
      if (groups.containsKey(group)) {
        doc.put(group.label(), groups.get(group));
      }
    }
    return doc;
  }

  private static Doc level(LevelEstimate level) {
    return new Doc()
        .put("level", level.level())
        .put("slabs", level.slabs())
        .put("rowsEach", level.each().rows())
        .put("bytesEach", level.each().bytes())
        .put("bytes", level.bytes())
        .put("algorithm", level.each().algorithm())
        .put("cells", level.each().cells());
  }

  private static Doc query(QueryEstimate query) {
    return new Doc()
        .put("rounds", query.rounds())
        .put("requests", query.requests())
        .put("lists", query.lists())
        .put("bytes", query.bytes());
  }

  private static Doc cost(MonthlyCost cost) {
    return new Doc()
        .put("offer", cost.offer())
        .put("storage", money(cost.storage()))
        .put("queries", money(cost.queries()))
        .put("writes", money(cost.writes()))
        .put("total", money(cost.total()));
  }

  private static double money(double amount) {
    return Math.round(amount * 1e4) / 1e4;
  }
}
