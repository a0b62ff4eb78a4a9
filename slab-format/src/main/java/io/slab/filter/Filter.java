package io.slab.filter;

import io.slab.json.Json;
import io.slab.model.MetaValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A metadata filter in negation normal form: {@link Not} stands only on single clauses, {@link And}
 * and {@link Or} hold at least two filters and none of their own kind, {@link All} stands only
 * alone. {@link FilterParser} reads the JSON form, {@link FilterEvaluator} gives it its meaning.
 * Immutable.
 *
 * <p>What a short command runs asks for the kinds one by one: each {@code switch} over types is a
 * class that the virtual machine makes at run time, which takes longer than a query.
 */
public sealed interface Filter {
  /** Matches every record: what an absent or empty filter means. */
  record All() implements Filter {}

  /** One clause about one field; each is false for a record that lacks the field. */
  sealed interface Clause extends Filter {
    String field();
  }

  /** The value is this string, number or boolean, or a list that has this string. */
  record Eq(String field, MetaValue value) implements Clause {
    public Eq {
      if (value instanceof MetaValue.StrList) {
        throw new IllegalArgumentException("$eq takes no list");
      }
      value = withoutMinusZero(value);
    }
  }

  /**
   * The value equals one of these strings or numbers (or has one, for a list); none of them: never
   * true.
   */
  record In(String field, Set<MetaValue> values) implements Clause {
    public In {
      Set<MetaValue> copy = new LinkedHashSet<>();
      values.forEach(value -> copy.add(withoutMinusZero(value)));
      values = Collections.unmodifiableSet(copy);
    }
  }

  /** The value is a number in this relation to the operand. */
  record Compare(String field, Order order, double operand) implements Clause {
    public Compare {
      operand += 0.0;
    }
  }

  /** The record has the field. */
  record Exists(String field) implements Clause {}

  /** The complement of a clause among all records, those without the field included. */
  record Not(Clause clause) implements Filter {}

  /** All of these. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
      check(filters, And.class);
    }

    @Override
    public List<Filter> parts() {
      return filters;
    }
  }

  /** At least one of these. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
      check(filters, Or.class);
    }

    @Override
    public List<Filter> parts() {
      return filters;
    }
  }

  /** The four ordering operators. */
  enum Order {
    GT("$gt"),
    GTE("$gte"),
    LT("$lt"),
    LTE("$lte");

    private final String operator;

    Order(String operator) {
      this.operator = operator;
    }

    /** The JSON name. */
    public String operator() {
      return operator;
    }
  }

  /** The conjunction of any number of filters, in normal form. */
  static Filter and(Collection<Filter> filters) {
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof And and) {
        parts.addAll(and.filters());
      } else if (!(filter instanceof All)) {
        parts.add(filter);
      }
    }
    return switch (parts.size()) {
      case 0 -> new All();
      case 1 -> parts.getFirst();
      default -> new And(parts);
    };
  }

  /** The disjunction of one or more filters, in normal form. */
  static Filter or(Collection<Filter> filters) {
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof All) {
        return filter;
      }
      if (filter instanceof Or or) {
        parts.addAll(or.filters());
      } else {
        parts.add(filter);
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Or(parts);
  }

  /** The complement, in normal form; of {@link All} there is none. */
  static Filter not(Filter filter) {
    if (filter instanceof Clause clause) {
      return new Not(clause);
    }
    if (filter instanceof Not not) {
      return not.clause();
    }
    if (filter instanceof All) {
      throw new IllegalArgumentException("nothing is the complement of all");
    }
    List<Filter> complements = new ArrayList<>();
    for (Filter part : filter.parts()) {
      complements.add(not(part));
    }
    return filter instanceof And ? or(complements) : and(complements);
  }

  /** The filters that {@link And} and {@link Or} combine; nothing for all others. */
  default List<Filter> parts() {
    return List.of();
  }

  /** The names of all fields that the filter looks at, sorted. */
  default Set<String> fields() {
    Set<String> names = new TreeSet<>();
    collectFields(this, names);
    return names;
  }

  /** The canonical JSON form: parsing it gives an equal filter. */
  default String toJson() {
    return Json.text(out -> FilterJson.write(out, this));
  }

  private static void collectFields(Filter filter, Set<String> names) {
    if (filter instanceof Clause clause) {
      names.add(clause.field());
    } else if (filter instanceof Not not) {
      names.add(not.clause().field());
    }
    for (Filter part : filter.parts()) {
      collectFields(part, names);
    }
  }

  private static void check(List<Filter> filters, Class<? extends Filter> kind) {
    if (filters.size() < 2) {
      throw new IllegalArgumentException("needs two filters or more");
    }
    for (Filter filter : filters) {
      if (filter instanceof All || kind.isInstance(filter)) {
        throw new IllegalArgumentException("not in normal form: " + filter);
      }
    }
  }

  private static MetaValue withoutMinusZero(MetaValue value) {
    return value instanceof MetaValue.Num(double number) && number == 0
        ? new MetaValue.Num(0.0)
        : value;
  }
}
