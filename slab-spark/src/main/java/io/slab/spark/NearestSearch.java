package io.slab.spark;

import io.slab.Index;
import io.slab.Snapshot;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What every query of a join is asked: the state of a namespace that all tasks search, and how.
 * Immutable.
 *
 * @param options of the table, its state named so that it stays the same
 * @param asked the options before that
 * @param k matches of a query, 1 to 10,000
 * @param filter JSON, or null
 * @param recall share of the true answers to aim at, above 0 to 1
 * @param shares among how many tasks the slabs are divided for each query; 1 when a task searches
 *     all of them
 * @param rules of the language that asks
 */
record NearestSearch(
    SlabOptions options,
    SlabOptions asked,
    int k,
    String filter,
    double recall,
    int shares,
    Rules rules)
    implements Serializable {
  /**
   * How SQL differs from a search of the index.
   *
   * @param distance true: the least scores are the best
   * @param sql true: a query without a vector, or with one that has a null, has no match, where a
   *     search is an error
   * @param cosine true: so has a query without a direction
   * @param outer true: a query without a match has a row all the same
   * @param types of the columns that the filter names: a field of another type is NULL for SQL
   */
  record Rules(
      boolean distance, boolean sql, boolean cosine, boolean outer, Map<String, DataType> types)
      implements Serializable {
    /** Those of the index itself. */
    static Rules plain(boolean distance) {
      return new Rules(distance, false, false, false, Map.of());
    }
  }

  /** Without the state of this moment: by this a plan that was cached is found again. */
  NearestSearch unpinned() {
    return new NearestSearch(asked, asked, k, filter, recall, shares, rules);
  }

  /** Of the state that the table is in now, where its options name none. */
  NearestSearch renewed() {
    try (Index index = asked.open(1);
        Snapshot snapshot = asked.snapshot(index)) {
      SlabOptions now = pinned(asked, index, snapshot);
      return new NearestSearch(now, asked, k, filter, recall, shares, rules);
    }
  }

  /** Names the state that a table is in now, or was when its option says. */
  static SlabOptions pinned(SlabOptions of, Index index, Snapshot snapshot) {
    return snapshot.exists() ? of.with(SlabOptions.AS_OF, state(of, index, snapshot)) : of;
  }

  /** A name of the state that stays the same: an age, as 2h, each task would take at its time. */
  private static String state(SlabOptions of, Index index, Snapshot snapshot) {
    String lsn = "lsn:" + snapshot.lsn();
    if (of.asOf() == null) {
      return lsn;
    }
    // That of a checkpoint may be the only manifest of its time, which an LSN does not find.
    String manifest = "manifest:" + snapshot.stats().manifest();
    try (Snapshot whole = of.namespace(index).history().snapshot(manifest)) {
      return whole.lsn() == snapshot.lsn() ? manifest : lsn;
    }
  }

  /** Into how many shares a snapshot is divided so that none has more bytes than a task may. */
  static int shares(SlabOptions of, Snapshot snapshot) {
    long most = Math.ceilDiv(snapshot.stats().bytes(), of.searchBytes());
    return Math.clamp(most, 1, Math.max(1, snapshot.stats().slabs()));
  }

  /**
   * The filter when matches have to be looked at once more, or null: it matches records too whose
   * fields have other types than the columns, as a list that has the string.
   */
  Filter checked() {
    return rules.types().isEmpty() ? null : FilterParser.parse(filter);
  }

  /** Whether a record matches when fields of another type than their column are left out. */
  boolean accepts(Filter checked, Metadata metadata) {
    Map<String, MetaValue> seen = new HashMap<>();
    for (Map.Entry<String, DataType> column : rules.types().entrySet()) {
      MetaValue value = metadata.get(column.getKey());
      if (value != null && isOf(value, column.getValue())) {
        seen.put(column.getKey(), value);
      }
    }
    return FilterEvaluator.matches(checked, Metadata.of(seen));
  }

  private static boolean isOf(MetaValue value, DataType type) {
    return switch (value) {
      case MetaValue.Str text -> type.equals(DataTypes.StringType);
      case MetaValue.Num number -> type.equals(DataTypes.DoubleType);
      case MetaValue.Bool truth -> type.equals(DataTypes.BooleanType);
      case MetaValue.StrList texts -> type instanceof ArrayType;
    };
  }

  /** For the plans that people read. */
  String text() {
    return "%s, k %d, recall %s%s%s"
        .formatted(
            options.described(),
            k,
            recall,
            filter == null ? "" : ", filter " + filter,
            shares == 1 ? "" : ", slabs in " + shares + " shares");
  }
}
