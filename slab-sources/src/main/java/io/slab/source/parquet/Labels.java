package io.slab.source.parquet;

import java.math.BigDecimal;

/** Values as what names something: an id, a namespace, the key of a map. */
final class Labels {
  private Labels() {}

  /** The text of a string or a whole number; null for anything else. */
  static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> number.toString();
      case BigDecimal number when number.stripTrailingZeros().scale() <= 0 ->
          number.toBigInteger().toString();
      case null, default -> null;
    };
  }
}
