package io.slab.filter;

import io.slab.error.InvalidInputException;
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
        switch (filter) {
          case Filter.And and -> and.filters().stream().map(part -> explain(part, index)).toList();
          case Filter.Or or -> or.filters().stream().map(part -> explain(part, index)).toList();
          case Filter.All all -> List.of();
          case Filter.Clause clause -> List.of();
          case Filter.Not not -> List.of();
        };
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
    List<String> missing = filter.fields().stream().filter(indexed.negate()).toList();
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

  /** The parts of a filter that each look at one field, and for one value or range. */
  public static List<Filter> clauses(Filter filter) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().flatMap(f -> clauses(f).stream()).toList();
      case Filter.Or or -> or.filters().stream().flatMap(f -> clauses(f).stream()).toList();
      case Filter.All all -> List.of();
      case Filter.In in ->
          in.values().stream().<Filter>map(v -> new Filter.Eq(in.field(), v)).toList();
      case Filter.Clause clause -> List.of(clause);
      case Filter.Not not -> clauses(not.clause());
    };
  }

  /** True when a record with this metadata matches. The schema is not looked at. */
  public static boolean matches(Filter filter, Metadata metadata) {
    return switch (filter) {
      case Filter.All all -> true;
      case Filter.Clause clause -> holds(clause, value(metadata, clause));
      case Filter.Not not -> !holds(not.clause(), value(metadata, not.clause()));
      case Filter.And and -> {
        for (Filter part : and.filters()) {
          if (!matches(part, metadata)) {
            yield false;
          }
        }
        yield true;
      }
      case Filter.Or or -> {
        for (Filter part : or.filters()) {
          if (matches(part, metadata)) {
            yield true;
          }
        }
        yield false;
      }
    };
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
    return switch (clause) {
      case Filter.Exists exists -> true;
      case Filter.Eq(String field, MetaValue operand) -> equal(operand, value);
      case Filter.In in -> isIn(in, value);
      case Filter.Compare compare ->
          value instanceof MetaValue.Num(double number) && ordered(compare, number);
    };
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
    return switch (value) {
      // Adding a positive zero turns -0.0 into the 0.0 that operands hold.
      case MetaValue.Num(double number) -> in.values().contains(new MetaValue.Num(number + 0.0));
      case MetaValue.StrList(List<String> elements) -> {
        for (String element : elements) {
          if (in.values().contains(new MetaValue.Str(element))) {
            yield true;
          }
        }
        yield false;
      }
      default -> in.values().contains(value);
    };
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
    return switch (filter) {
      case Filter.All all -> RowSet.ALL;
      case Filter.Clause clause -> RowSet.of(rows(clause, index));
      case Filter.Not not -> RowSet.of(rows(not.clause(), index)).negate();
      case Filter.And and -> conjunction(and, index);
      case Filter.Or or -> disjunction(or, index);
    };
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
    return switch (filter) {
      case Filter.All all -> 0;
      case Filter.Exists exists -> 0;
      case Filter.Eq eq -> 0;
      case Filter.In in -> 1 + in.values().size();
      case Filter.Compare compare -> 64;
      case Filter.Not not -> 1 + effort(not.clause());
      case Filter.And and -> 100_000;
      case Filter.Or or -> 100_000;
    };
  }

  private static ImmutableRoaringBitmap rows(Filter.Clause clause, FieldIndex index) {
    return switch (clause) {
      case Filter.Exists(String field) -> index.exists(field);
      case Filter.Eq(String field, MetaValue value) -> equalRows(field, value, index);
      case Filter.Compare compare -> Bounds.NONE.narrow(compare).rows(compare.field(), index);
      case Filter.In in -> {
        List<ImmutableRoaringBitmap> bitmaps = new ArrayList<>();
        for (MetaValue value : in.values()) {
          ImmutableRoaringBitmap rows = equalRows(in.field(), value, index);
          if (!rows.isEmpty()) {
            bitmaps.add(rows);
          }
        }
        yield switch (bitmaps.size()) {
          case 0 -> new MutableRoaringBitmap();
          case 1 -> bitmaps.getFirst();
          default -> ImmutableRoaringBitmap.or(bitmaps.iterator());
        };
      }
    };
  }

  private static ImmutableRoaringBitmap equalRows(String field, MetaValue value, FieldIndex index) {
    return switch (value) {
      case MetaValue.Str(String text) -> index.equalTo(field, text);
      case MetaValue.Num(double number) -> index.equalTo(field, number);
      case MetaValue.Bool(boolean truth) -> index.equalTo(field, truth);
      case MetaValue.StrList list ->
          throw new IllegalArgumentException("an operand is never a list");
    };
  }
}
