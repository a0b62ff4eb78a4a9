package io.slab.cli.command;

import io.slab.ann.AnnIndex;
import io.slab.ann.CurvePoint;
import io.slab.ann.Effort;
import io.slab.cli.report.Percent;
import io.slab.error.DataException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterExplanation;
import io.slab.filter.FilterPruner;
import io.slab.format.SlabFault;
import io.slab.manifest.ColumnStatistics;
import io.slab.model.Numbers;
import io.slab.search.QueryRequest;
import io.slab.search.SlabProfile;
import io.slab.search.Strategy;
import io.slab.snapshot.LiveSlab;
import java.util.ArrayList;
import java.util.List;

/**
 * How one slab was searched, and why so.
 *
 * @param slab what the manifest says of it
 * @param profile what was done
 * @param filter what each part of the filter selects; null without a filter, and where the slab was
 *     not opened
 * @param effort what the index was asked for; null unless it was used
 * @param measured what that effort found when the slab was built; null when no point reaches the
 *     recall, or no index was used
 * @param why a sentence
 */
record SlabPlan(
    LiveSlab slab,
    SlabProfile profile,
    FilterExplanation filter,
    Effort effort,
    CurvePoint measured,
    String why) {
  /** Looks behind a profile. */
  static SlabPlan of(LiveSlab slab, SlabProfile profile, Filter filter, QueryRequest request) {
    boolean opened = profile.strategy() != Strategy.SKIPPED_BY_MANIFEST;
    FilterExplanation parts =
        filter == null || !opened
            ? null
            : SlabFault.guard(slab.view(), () -> explain(slab, filter));
    Effort effort = null;
    CurvePoint measured = null;
    if (profile.strategy() == Strategy.INDEX) {
      AnnIndex index = AnnIndex.of(slab.view());
      effort = index.curve().effortFor(request.recall(), request.topK());
      measured = index.curve().pointFor(request.recall(), request.topK());
    }
    return new SlabPlan(slab, profile, parts, effort, measured, why(slab, profile, request));
  }

  /** The parts of a filter; null where bitmaps are left out of use that would tell of them. */
  private static FilterExplanation explain(LiveSlab slab, Filter filter) {
    try {
      return FilterEvaluator.explain(filter, slab.view().fields());
    } catch (DataException e) {
      if (!slab.view().withdraw(e)) {
        throw e;
      }
      return null;
    }
  }

  /** Share of the live rows that take part, 0 to 1. */
  double selectivity() {
    return profile.rows() == 0 ? 0 : (double) profile.matchingRows() / profile.rows();
  }

  boolean skipped() {
    return profile.strategy() == Strategy.SKIPPED
        || profile.strategy() == Strategy.SKIPPED_BY_MANIFEST;
  }

  private static String why(LiveSlab slab, SlabProfile profile, QueryRequest request) {
    Filter filter = request.filter();
    String share =
        Percent.of(profile.rows() == 0 ? 0 : (double) profile.matchingRows() / profile.rows());
    return switch (profile.strategy()) {
      case SKIPPED_BY_MANIFEST -> excluded(slab, filter);
      case SKIPPED -> "no row matches, by its bitmaps; no vector was read";
      case INDEX ->
          filter == null
              ? "no filter; the nearest cells are scanned, and what comes near is scored exactly"
              : share + " of the rows match: they are tested inside the scan of the nearest cells";
      case POSTINGS -> "only the postings of the query's sparse dimensions were read";
      case PRE_FILTER ->
          "only " + share + " of the rows match: scoring just these is cheaper than a search";
      case MID_SCAN -> share + " of the rows match: all are scanned, those that match are kept";
      case FULL_SCAN ->
          request.recall() == 1
              ? "exactness was asked for: every row is scored"
              : "no filter and no index to use: every row is scored";
    };
  }

  private static String excluded(LiveSlab slab, Filter filter) {
    Filter part = FilterPruner.excluder(filter, slab.entry().bounds());
    if (part == null) {
      return "the statistics in the manifest exclude every row; it was not opened";
    }
    List<String> known = new ArrayList<>();
    for (String field : part.fields()) {
      known.add(bounds(field, slab.entry().columns()));
    }
    return "not opened, the manifest excludes " + part.toJson() + ": " + String.join("; ", known);
  }

  private static String bounds(String field, List<ColumnStatistics> columns) {
    List<String> types = new ArrayList<>();
    for (ColumnStatistics column : columns) {
      if (column.field().equals(field)) {
        String range =
            column.min() == null || column.max() == null
                ? ""
                : " from " + text(column.min()) + " to " + text(column.max());
        types.add(column.type() + range);
      }
    }
    return field + " is " + (types.isEmpty() ? "in no row" : String.join(" or ", types));
  }

  private static String text(Object bound) {
    return bound instanceof Double number ? Numbers.text(number) : "\"" + bound + "\"";
  }
}
