package io.slab.filter;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.MetadataSize;
import java.util.Collection;
import java.util.List;

/**
 * The rules a filter must keep however it came to be: {@link FilterParser} makes no other ones but
 * for texts, and a caller that puts one together from its parts may. Thread-safe.
 */
public final class FilterRules {
  private FilterRules() {}

  /**
   * @throws InvalidInputException for a text with an unpaired surrogate, which would be compared as
   *     another text, for a number that is none, and for too many values of {@code $in}
   */
  public static void require(Filter filter) {
    if (filter instanceof Filter.Clause clause) {
      clause(clause);
    } else if (filter instanceof Filter.Not not) {
      clause(not.clause());
    }
    for (Filter part : filter.parts()) {
      require(part);
    }
  }

  private static void clause(Filter.Clause clause) {
    text(clause.field(), clause.field());
    if (clause instanceof Filter.Compare compare) {
      number(compare.field(), compare.operand());
    } else if (clause instanceof Filter.Eq eq) {
      values(eq.field(), List.of(eq.value()));
    } else if (clause instanceof Filter.In in) {
      values(in.field(), in.values());
      if (in.values().size() > Limits.MAX_IN_VALUES) {
        throw new InvalidInputException(
            "filter: the field '" + in.field() + "' is compared with " + in.values().size(),
            "at most " + Limits.MAX_IN_VALUES + " values");
      }
    }
  }

  private static void values(String field, Collection<MetaValue> values) {
    for (MetaValue value : values) {
      if (value instanceof MetaValue.Str(String text)) {
        text(field, text);
      } else if (value instanceof MetaValue.Num(double number)) {
        number(field, number);
      } else if (value instanceof MetaValue.StrList) {
        throw new InvalidInputException(
            "filter: the field '" + field + "' is compared with a list");
      }
    }
  }

  private static void number(String field, double number) {
    if (Double.isNaN(number)) {
      throw new InvalidInputException(
          "filter: the field '" + field + "' is compared with NaN, which is no number");
    }
  }

  private static void text(String field, String text) {
    if (MetadataSize.textBytes(text) < 0) {
      throw new InvalidInputException(
          "filter: a text for the field '" + field + "' holds an unpaired surrogate",
          "text is Unicode without unpaired surrogates");
    }
  }
}
