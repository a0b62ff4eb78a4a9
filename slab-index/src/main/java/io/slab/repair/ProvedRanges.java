package io.slab.repair;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.Metadata;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The deletes of many records that slabs and log tell. One thread only. */
final class ProvedRanges {
  private final Set<RangeTombstone> all = new LinkedHashSet<>();
  private final List<RangeTombstone> logged = new ArrayList<>();

  /** Those by filter up to which all of the log is in slabs. */
  private final Set<RangeTombstone> settled = new HashSet<>();

  private final Map<RangeTombstone, Filter> filters = new HashMap<>();

  void add(RangeTombstone range) {
    if (!range.isAboutSlabs()) {
      all.add(range);
    }
  }

  void addLogged(RangeTombstone range) {
    logged.add(range);
    add(range);
  }

  /** A compaction took it over, so that a manifest names, or named, all that was before it. */
  void settle(RangeTombstone range) {
    if (range.kind() == Kind.FILTER) {
      settled.add(range);
    }
  }

  List<RangeTombstone> logged() {
    return logged;
  }

  /**
   * True when no delete up to an LSN took a record, and none that is settled: it may stand for an
   * earlier one by the same filter.
   */
  boolean spare(RecordVersion version, long until) {
    for (RangeTombstone range : all) {
      if ((range.lsn() <= until || settled.contains(range))
          && version.lsn() < range.lsn()
          && applies(range, version)) {
        return false;
      }
    }
    return true;
  }

  private boolean applies(RangeTombstone range, RecordVersion version) {
    if (range.kind() == Kind.ALL) {
      return true;
    }
    if (range.kind() == Kind.PREFIX) {
      byte[] id =
          version.slab() == null
              ? Utf8.bytes(version.record().id())
              : version.slab().salvage().rowId(version.row());
      return range.covers(id, version.lsn());
    }
    Metadata metadata =
        version.record() != null
            ? version.record().metadata()
            : version.slab().salvage().slab().metadata(version.row());
    Filter filter =
        filters.computeIfAbsent(range, r -> FilterParser.parse(Utf8.string(r.argument())));
    return FilterEvaluator.matches(filter, metadata);
  }
}
