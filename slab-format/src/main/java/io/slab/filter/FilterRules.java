package io.slab.filter;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.MetadataSize;
import java.util.Collection;
import java.util.List;

/**
 * The rules a filter must keep however it came to be: {@link FilterParser} makes no other ones but
 * for texts, and whoever puts one together from its parts may. Thread-safe.
 */
public final class FilterRules {
  private FilterRules() {}

  /**
   * @throws InvalidInputException for a text with an unpaired surrogate, which would be compared as
   *     another text, for a number that is none, and for too many values of {@code $in}
   */
  public static void require(Filter filter) {
    switch (filter) {
      case Filter.All all -> {}
      case Filter.Not not -> clause(not.clause());
      case Filter.And and -> and.filters().forEach(FilterRules::require);
      case Filter.Or or -> or.filters().forEach(FilterRules::require);
      case Filter.Clause clause -> clause(clause);
    }
  }

  private static void clause(Filter.Clause clause) {
    text(clause.field(), clause.field());
    switch (clause) {
      case Filter.Exists exists -> {}
      case Filter.Compare compare -> number(compare.field(), compare.operand());
      case Filter.Eq eq -> values(eq.field(), List.of(eq.value()));
      case Filter.In in -> {
        values(in.field(), in.values());
        if (in.values().size() > Limits.MAX_IN_VALUES) {
          throw new InvalidInputException(
              "filter: the field '" + in.field() + "' is compared with " + in.values().size(),
              "at most " + Limits.MAX_IN_VALUES + " values");
        }
      }
    }
  }

  private static void values(String field, Collection<MetaValue> values) {
    for (MetaValue value : values) {
      switch (value) {
        case MetaValue.Str(String text) -> text(field, text);
        case MetaValue.Num(double number) -> number(field, number);
        case MetaValue.Bool truth -> {}
        case MetaValue.StrList list ->
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
