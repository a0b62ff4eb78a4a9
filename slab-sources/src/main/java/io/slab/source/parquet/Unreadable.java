package io.slab.source.parquet;

import java.util.List;
import java.util.Map;

/**
 * Stands for a value that contradicts the type of its column, so that the record it belongs to is
 * refused, and no other.
 *
 * @param what the value, for people, as the object of "holds"
 */
record Unreadable(String what) {
  /** The first one in a value of any kind, or null. */
  static Unreadable in(Object value) {
    return switch (value) {
      case Unreadable found -> found;
      case List<?> list -> inside(list);
      case Map<?, ?> map -> inside(map.values());
      case null, default -> null;
    };
  }

  private static Unreadable inside(Iterable<?> values) {
    for (Object value : values) {
      Unreadable found = in(value);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** For the file of refused records. */
  @Override
  public String toString() {
    return what;
  }
}
