package io.slab.filter;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * What filters mean: over a whole set of rows by its bitmaps, and over one record's metadata. The
 * two agree on every row. Stateless and thread-safe.
 */
public final class FilterEvaluator {
  private FilterEvaluator() {}

  /**
   * The rows that match, among all rows 0 to rows - 1; never changed by the caller, it may be the
   * index's own.
   *
   * @throws InvalidInputException when the filter looks at a field that is not indexed
   */
  public static ImmutableRoaringBitmap rows(Filter filter, FieldIndex index) {
    requireIndexed(filter, index::isIndexed);
    return evaluate(filter, index).materialize(index.rows());
  }

  /**
   * How many rows each part of the filter matches by itself.
   *
   * @throws InvalidInputException when the filter looks at a field that is not indexed
   */
  public static FilterExplanation explain(Filter filter, FieldIndex index) {
    requireIndexed(filter, index::isIndexed);
    List<FilterExplanation> parts =
        filter.parts().stream().map(part -> explain(part, index)).toList();
    long matching = evaluate(filter, index).count(index.rows());
    return new FilterExplanation(filter.toJson(), matching, index.rows(), parts);
  }

  /**
   * Refuses a filter on a field that the schema does not index, since neither answer could be
   * right.
   *
   * @throws InvalidInputException naming the fields
   */
  public static void requireIndexed(Filter filter, Predicate<String> indexed) {
    List<String> missing = new ArrayList<>();
    for (String field : filter.fields()) {
      if (!indexed.test(field)) {
        missing.add(field);
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "filter: "
              + (missing.size() == 1 ? "the field " : "the fields ")
              + String.join(", ", missing.stream().map(name -> "'" + name + "'").toList())
              + (missing.size() == 1 ? " is" : " are")
              + " not indexed in this index's schema",
          "only fields named by the schema can be filtered on; an index without a schema indexes all");
    }
  }

  /**
   * The same for an index.
   *
   * @throws InvalidInputException naming the fields
   */
  public static void requireIndexed(Filter filter, IndexSpec spec) {
    String text = spec.textIndex() == null ? null : spec.textIndex().field();
    if (text != null && !spec.indexes(text) && filter.fields().contains(text)) {
      throw new InvalidInputException(
          "filter: the field '" + text + "' is asked for by its words, and not by filters",
          "look for its words; an index whose schema names the field has it for filters too");
    }
    requireIndexed(filter, spec::indexes);
  }

  /** The parts of a filter that each look at one field, and for one value or range. */
  public static List<Filter> clauses(Filter filter) {
    if (filter instanceof Filter.In in) {
      return in.values().stream().<Filter>map(v -> new Filter.Eq(in.field(), v)).toList();
    }
    if (filter instanceof Filter.Clause) {
      return List.of(filter);
    }
    return filter instanceof Filter.Not not
        ? clauses(not.clause())
        : filter.parts().stream().flatMap(f -> clauses(f).stream()).toList();
  }

  /** True when a record with this metadata matches. The schema is not looked at. */
  public static boolean matches(Filter filter, Metadata metadata) {
    if (filter instanceof Filter.Clause clause) {
      return holds(clause, value(metadata, clause));
    }
    if (filter instanceof Filter.Not not) {
      return !holds(not.clause(), value(metadata, not.clause()));
    }
    // One part decides: of $or one that matches, of $and one that does not.
    boolean or = filter instanceof Filter.Or;
    for (Filter part : filter.parts()) {
      if (matches(part, metadata) == or) {
        return or;
      }
    }
    return !or;
  }

  /** What a clause looks at, or null for nothing. */
  private static MetaValue value(Metadata metadata, Filter.Clause clause) {
    MetaValue value = metadata.get(clause.field());
    return value != null && MetaValue.counts(value) ? value : null;
  }

  private static boolean holds(Filter.Clause clause, MetaValue value) {
    if (value == null) {
      return false;
    }
    if (clause instanceof Filter.Eq eq) {
      return equal(eq.value(), value);
    }
    if (clause instanceof Filter.In in) {
      return isIn(in, value);
    }
    // The value is there, which is all that $exists asks.
    return !(clause instanceof Filter.Compare compare)
        || value instanceof MetaValue.Num(double number) && ordered(compare, number);
  }

  private static boolean equal(MetaValue operand, MetaValue value) {
    if (value instanceof MetaValue.Num(double number)) {
      return operand instanceof MetaValue.Num(double wanted) && number == wanted;
    }
    if (value instanceof MetaValue.StrList(List<String> elements)) {
      return operand instanceof MetaValue.Str(String wanted) && elements.contains(wanted);
    }
    return operand.equals(value);
  }

  private static boolean isIn(Filter.In in, MetaValue value) {
    if (value instanceof MetaValue.Num(double number)) {
      // Adding a positive zero turns -0.0 into the 0.0 that operands hold.
      return in.values().contains(new MetaValue.Num(number + 0.0));
    }
    if (value instanceof MetaValue.StrList(List<String> elements)) {
      for (String element : elements) {
        if (in.values().contains(new MetaValue.Str(element))) {
          return true;
        }
      }
      return false;
    }
    return in.values().contains(value);
  }

  private static boolean ordered(Filter.Compare compare, double number) {
    return switch (compare.order()) {
      case GT -> number > compare.operand();
      case GTE -> number >= compare.operand();
      case LT -> number < compare.operand();
      case LTE -> number <= compare.operand();
    };
  }

  private static RowSet evaluate(Filter filter, FieldIndex index) {
    if (filter instanceof Filter.Clause clause) {
      return RowSet.of(rows(clause, index));
    }
    if (filter instanceof Filter.Not not) {
      return RowSet.of(rows(not.clause(), index)).negate();
    }
    if (filter instanceof Filter.And and) {
      return conjunction(and, index);
    }
    return filter instanceof Filter.Or or ? disjunction(or, index) : RowSet.ALL;
  }

  private static RowSet conjunction(Filter.And and, FieldIndex index) {
    List<RowSet> sets = new ArrayList<>();
    Map<String, Bounds> ranges = new LinkedHashMap<>();
    List<Filter> cheapFirst = new ArrayList<>(and.filters());
    cheapFirst.sort((a, b) -> Integer.compare(effort(a), effort(b)));
    for (Filter part : cheapFirst) {
      if (part instanceof Filter.Compare compare) {
        // Both ends of a range on one field make one look into the index.
        Bounds bounds = ranges.getOrDefault(compare.field(), Bounds.NONE);
        ranges.put(compare.field(), bounds.narrow(compare));
        continue;
      }
      RowSet set = evaluate(part, index);
      if (set.isEmpty()) {
        return RowSet.EMPTY;
      }
      sets.add(set);
    }
    for (Map.Entry<String, Bounds> range : ranges.entrySet()) {
      RowSet set = RowSet.of(range.getValue().rows(range.getKey(), index));
      if (set.isEmpty()) {
        return RowSet.EMPTY;
      }
      sets.add(set);
    }
    return RowSet.and(sets);
  }

  private static RowSet disjunction(Filter.Or or, FieldIndex index) {
    List<RowSet> sets = new ArrayList<>();
    for (Filter part : or.filters()) {
      RowSet set = evaluate(part, index);
      if (set.isAll()) {
        return RowSet.ALL;
      }
      sets.add(set);
    }
    return RowSet.or(sets);
  }

  /** A rough order of what a part costs to look up, so that an empty one is met early. */
  private static int effort(Filter filter) {
    if (filter instanceof Filter.In in) {
      return 1 + in.values().size();
    }
    if (filter instanceof Filter.Compare) {
      return 64;
    }
    if (filter instanceof Filter.Not not) {
      return 1 + effort(not.clause());
    }
    return filter.parts().isEmpty() ? 0 : 100_000;
  }

  private static ImmutableRoaringBitmap rows(Filter.Clause clause, FieldIndex index) {
    if (clause instanceof Filter.Eq(String field, MetaValue value)) {
      return equalRows(field, value, index);
    }
    if (clause instanceof Filter.Compare compare) {
      return Bounds.NONE.narrow(compare).rows(compare.field(), index);
    }
    return clause instanceof Filter.In in ? anyRows(in, index) : index.exists(clause.field());
  }

  private static ImmutableRoaringBitmap anyRows(Filter.In in, FieldIndex index) {
    List<ImmutableRoaringBitmap> bitmaps = new ArrayList<>();
    for (MetaValue value : in.values()) {
      ImmutableRoaringBitmap rows = equalRows(in.field(), value, index);
      if (!rows.isEmpty()) {
        bitmaps.add(rows);
      }
    }
    return switch (bitmaps.size()) {
      case 0 -> new MutableRoaringBitmap();
      case 1 -> bitmaps.getFirst();
      default -> ImmutableRoaringBitmap.or(bitmaps.iterator());
    };
  }

  private static ImmutableRoaringBitmap equalRows(String field, MetaValue value, FieldIndex index) {
    if (value instanceof MetaValue.Str(String text)) {
      return index.equalTo(field, text);
    }
    if (value instanceof MetaValue.Num(double number)) {
      return index.equalTo(field, number);
    }
    if (value instanceof MetaValue.Bool(boolean truth)) {
      return index.equalTo(field, truth);
    }
    throw new IllegalArgumentException("an operand is never a list");
  }
}
