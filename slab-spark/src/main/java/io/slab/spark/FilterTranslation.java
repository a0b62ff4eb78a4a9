package io.slab.spark;

import io.slab.filter.Filter;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Predicates of Spark as filters of the index that match at least the rows for which the predicate
 * is true. What stands under NOT is translated only where the filter also matches no row for which
 * the predicate is false: then its complement has every row for which it is. One thread only.
 */
final class FilterTranslation {
  private final Map<String, DataType> fields = new HashMap<>();
  private final List<Predicate> used = new ArrayList<>();

  /**
   * @param table the columns of the table
   * @param indexed the metadata fields that filters may name, or null for all
   */
  FilterTranslation(StructType table, List<String> indexed) {
    for (StructField column : table.fields()) {
      if (Columns.isField(column.name()) && (indexed == null || indexed.contains(column.name()))) {
        fields.put(column.name(), column.dataType());
      }
    }
  }

  /** What rows must match for all of these to be true. */
  Filter all(Predicate[] predicates) {
    List<Filter> parts = new ArrayList<>();
    for (Predicate predicate : predicates) {
      Filter part = translate(predicate, false);
      if (part != null) {
        parts.add(part);
        used.add(predicate);
      }
    }
    return Filter.and(parts);
  }

  /** Of which predicates {@link #all} made something. */
  Predicate[] used() {
    return used.toArray(Predicate[]::new);
  }

  /**
   * @param strict true to match no row either for which the predicate is false
   * @return null when there is no such filter
   */
  private Filter translate(Expression expression, boolean strict) {
    if (!(expression instanceof Predicate predicate)) {
      return null;
    }
    Expression[] of = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> and(translate(of[0], strict), translate(of[1], strict), strict);
      case "OR" -> or(translate(of[0], strict), translate(of[1], strict));
      case "NOT" -> not(translate(of[0], true));
      case "IS_NOT_NULL" -> strict || field(of[0]) == null ? null : new Filter.Exists(field(of[0]));
      case "IN" -> in(of, strict);
      case "<=>" -> strict ? null : compare("=", of[0], of[1]);
      case "=", "<>", "<", "<=", ">", ">=" -> compare(predicate.name(), of[0], of[1]);
      default -> null;
    };
  }

  private static Filter and(Filter one, Filter other, boolean strict) {
    if (one == null || other == null) {
      return strict ? null : one == null ? other : one;
    }
    return Filter.and(List.of(one, other));
  }

  private static Filter or(Filter one, Filter other) {
    return one == null || other == null ? null : Filter.or(List.of(one, other));
  }

  private static Filter not(Filter of) {
    return of == null ? null : Filter.not(of);
  }

  Filter compare(String operator, Expression left, Expression right) {
    if (field(left) == null) {
      return field(right) == null ? null : compare(mirrored(operator), right, left);
    }
    String name = field(left);
    MetaValue value = value(fields.get(name), right);
    if (value == null) {
      return null;
    }
    return switch (operator) {
      case "=" -> new Filter.Eq(name, value);
      case "<>" -> new Filter.Not(new Filter.Eq(name, value));
      case "<" -> ordered(name, Filter.Order.LT, value);
      case "<=" -> ordered(name, Filter.Order.LTE, value);
      case ">" -> ordered(name, Filter.Order.GT, value);
      default -> ordered(name, Filter.Order.GTE, value);
    };
  }

  private static String mirrored(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      default -> operator;
    };
  }

  /** The index orders numbers alone. */
  private static Filter ordered(String name, Filter.Order order, MetaValue value) {
    return value instanceof MetaValue.Num(double number)
        ? new Filter.Compare(name, order, number)
        : null;
  }

  Filter in(Expression[] of, boolean strict) {
    String name = field(of[0]);
    Set<MetaValue> values = new LinkedHashSet<>();
    for (int i = 1; i < of.length && name != null; i++) {
      MetaValue value = value(fields.get(name), of[i]);
      boolean isNull = of[i] instanceof Literal<?> literal && literal.value() == null;
      if (value != null) {
        values.add(value);
      } else if (strict || !isNull) {
        return null;
      }
    }
    // The index has no list of truth values.
    boolean truths = values.stream().anyMatch(value -> value instanceof MetaValue.Bool);
    return name == null || truths || values.isEmpty() || values.size() > Limits.MAX_IN_VALUES
        ? null
        : new Filter.In(name, values);
  }

  /** The metadata field that a column is, or null. */
  String field(Expression expression) {
    return expression instanceof NamedReference column
            && column.fieldNames().length == 1
            && fields.containsKey(column.fieldNames()[0])
        ? column.fieldNames()[0]
        : null;
  }

  /** A literal of the type of its column as the index has it, or null. */
  private static MetaValue value(DataType type, Expression expression) {
    if (!(expression instanceof Literal<?> literal) || !type.equals(literal.dataType())) {
      return null;
    }
    Object value = literal.value();
    if (value instanceof UTF8String text && type.equals(DataTypes.StringType)) {
      // Bytes that are no UTF-8 are in no record, and would become other ones.
      return text.isValid() ? new MetaValue.Str(text.toString()) : null;
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? new MetaValue.Num(number) : null;
    }
    return value instanceof Boolean truth ? new MetaValue.Bool(truth) : null;
  }
}
