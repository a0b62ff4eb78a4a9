package io.slab.spark;

import io.slab.filter.Filter;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Predicates of Spark as filters of the index that match exactly the records for which the
 * predicate is true, as long as the fields it names have the types of their columns or are missing.
 * Of other records the filter matches at least those for which it is true: none of its parts asks
 * for a field that is missing. One thread only.
 */
final class TypedTranslation {
  private final FilterTranslation leaves;

  TypedTranslation(FilterTranslation leaves) {
    this.leaves = leaves;
  }

  /** Null when there is no such filter. */
  Filter whenTrue(Expression expression) {
    if (!(expression instanceof Predicate predicate)) {
      return null;
    }
    Expression[] of = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> both(whenTrue(of[0]), whenTrue(of[1]));
      case "OR" -> either(whenTrue(of[0]), whenTrue(of[1]));
      case "NOT" -> whenFalse(of[0]);
      case "IS_NOT_NULL" -> exists(of[0]);
      case "IN" -> leaves.in(of, false);
      case "<=>" -> leaves.compare("=", of[0], of[1]);
      case "<>" -> differs(of, leaves.compare("=", of[0], of[1]));
      case "=", "<", "<=", ">", ">=" -> leaves.compare(predicate.name(), of[0], of[1]);
      default -> null;
    };
  }

  /** The same for the records for which a predicate is false, and not NULL. */
  private Filter whenFalse(Expression expression) {
    if (!(expression instanceof Predicate predicate)) {
      return null;
    }
    Expression[] of = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> either(whenFalse(of[0]), whenFalse(of[1]));
      case "OR" -> both(whenFalse(of[0]), whenFalse(of[1]));
      case "NOT" -> whenTrue(of[0]);
      case "IN" -> differs(of, leaves.in(of, true));
      case "=" -> differs(of, leaves.compare("=", of[0], of[1]));
      case "<>" -> leaves.compare("=", of[0], of[1]);
      case "<" -> leaves.compare(">=", of[0], of[1]);
      case "<=" -> leaves.compare(">", of[0], of[1]);
      case ">" -> leaves.compare("<=", of[0], of[1]);
      case ">=" -> leaves.compare("<", of[0], of[1]);
      default -> null;
    };
  }

  private static Filter both(Filter one, Filter other) {
    return one == null || other == null ? null : Filter.and(List.of(one, other));
  }

  private static Filter either(Filter one, Filter other) {
    return one == null || other == null ? null : Filter.or(List.of(one, other));
  }

  private Filter exists(Expression column) {
    String field = leaves.field(column);
    return field == null ? null : new Filter.Exists(field);
  }

  /** Records that have the field, and for which a filter on its value does not hold. */
  private Filter differs(Expression[] of, Filter equal) {
    Filter exists = exists(leaves.field(of[0]) == null ? of[1] : of[0]);
    return equal == null ? null : both(exists, Filter.not(equal));
  }
}
