package io.slab.cli.report;

import io.slab.ann.CurvePoint;
import io.slab.cli.output.Doc;
import io.slab.inspect.AnnStats;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.Histogram;
import io.slab.inspect.SampledRows;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.SlabOverview;
import io.slab.inspect.VectorStats;
import io.slab.model.MetaValue;
import io.slab.model.Numbers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What inspection finds in a slab, as documents: one place for JSON, text and page to agree. */
public final class SlabDocs {
  private SlabDocs() {}

  /** The slab at a glance. */
  public static Doc summary(SlabOverview s) {
    return new Doc()
        .put("object", "slab")
        .put("id", s.id().toString())
        .put("created", Instant.ofEpochMilli(s.createdMillis()).toString())
        .put("formatVersion", s.major() + "." + s.minor())
        .put("writer", s.writer())
        .put("namespace", s.namespace())
        .put("level", s.level())
        .put("rows", s.rows())
        .put("dimension", s.dimension())
        .put("metric", s.metric())
        .put("vectorType", s.vectorType())
        .put("lsnMin", Long.toString(s.lsnMin()))
        .put("lsnMax", Long.toString(s.lsnMax()))
        .put("ledger", s.ledger())
        .put("lsnAsOf", s.lsnAsOf() < 0 ? null : Long.toString(s.lsnAsOf()))
        .put("tombstones", s.tombstones())
        .put("rangeTombstones", s.rangeTombstones())
        .put("sections", s.sections())
        .put("columns", s.columns())
        .put("bytes", s.bytes())
        .put("hotOffset", s.hotOffset())
        .put("hotBytes", s.bytes() - s.hotOffset())
        .put("requiredFeatures", Long.toHexString(s.requiredFeatures()))
        .put("optionalFeatures", Long.toHexString(s.optionalFeatures()));
  }

  /** One row for each group that has bytes. */
  public static List<Doc> layout(SlabLayout layout, long bytes) {
    List<Doc> rows = new ArrayList<>();
    for (SectionGroup group : SectionGroup.values()) {
      if (layout.bytes(group) > 0) {
        rows.add(
            new Doc()
                .put("group", group.label())
                .put("bytes", layout.bytes(group))
                .put("share", share(layout.bytes(group), bytes))
                .put("sections", layout.sections().getOrDefault(group, 0)));
      }
    }
    return rows;
  }

  /** A share with four decimals. */
  public static double share(double part, double whole) {
    return whole == 0 ? 0 : Math.round(part / whole * 10_000) / 10_000.0;
  }

  /** One column with its most frequent values. */
  public static Doc column(ColumnInfo info) {
    Doc top = new Doc();
    info.top().forEach(count -> top.put(text(count.value()), count.rows()));
    return new Doc()
        .put("column", info.column())
        .put("field", info.field())
        .put("type", info.type())
        .put("valueType", info.type())
        .put("rows", info.rows())
        .put("distinct", info.distinct())
        .put("bytes", info.bytes())
        .put("top", top)
        .putIfPresent("histogram", info.numbers() == null ? null : histogram(info.numbers()));
  }

  /** A metadata value as plain text. */
  public static String text(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> text;
      case MetaValue.Num(double number) -> Numbers.text(number);
      case MetaValue.Bool(boolean truth) -> Boolean.toString(truth);
      case MetaValue.StrList list -> String.join(", ", list.values());
    };
  }

  /** What the vectors look like. */
  public static Doc vectors(VectorStats stats) {
    return new Doc()
        .put("sample", sample(stats.sample()))
        .put("dimension", stats.means().length)
        .put("norms", histogram(stats.norms()).put("mean", stats.meanNorm()))
        .put(
            "spread",
            new Doc()
                .put("constantDimensions", stats.constantDimensions())
                .put("effectiveDimensions", rounded(stats.effectiveDimensions()))
                .put("means", stats.means())
                .put("deviations", stats.deviations()))
        .put("zeroRows", stats.zeroRows())
        .put(
            "duplicates",
            new Doc()
                .put("rows", stats.duplicateRows())
                .put("vectors", stats.duplicateGroups())
                .put("mostFrequent", stats.largestGroup()));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Which rows were looked at. */
  public static Doc sample(SampledRows sample) {
    return new Doc()
        .put("rows", sample.count())
        .put("of", sample.of())
        .put("method", sample.isAll() ? "all" : "equal distances");
  }

  /** Ends and counts. */
  public static Doc histogram(Histogram histogram) {
    return new Doc()
        .put("min", histogram.min())
        .put("max", histogram.max())
        .put("counts", histogram.counts());
  }

  /** The index, or {@code algorithm: exact} where there is none. */
  public static Doc ann(AnnStats stats) {
    if (stats == null) {
      return new Doc().put("algorithm", "exact");
    }
    return new Doc()
        .put("algorithm", stats.algorithm())
        .put("quantizer", stats.quantizer())
        .put("codeBytes", rounded(stats.codeBytes()))
        .put(
            "cells",
            new Doc()
                .put("count", stats.cells())
                .put("fewestRows", stats.fewest())
                .put("mostRows", stats.most())
                .put("sizes", histogram(stats.sizes())))
        .put("curve", stats.curve().stream().map(SlabDocs::point).toList());
  }

  private static Doc point(CurvePoint point) {
    return new Doc()
        .put("k", point.k())
        .put("probes", point.effort().probes())
        .put("margin", point.effort().margin())
        .put("recall", point.recall())
        .put("assured", point.assured())
        .put("cells", point.cells())
        .put("scanned", point.scanned())
        .put("refined", point.refined())
        .put("rescored", point.rescored())
        .put("costNanos", point.cost());
  }
}
