package io.slab.testkit.spec;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;

/** The public constants of a class by name. */
public final class Constants {
  private Constants() {}

  /** Whole numbers; negative ints count as unsigned. */
  public static Map<String, Long> numbers(Class<?> type) {
    Map<String, Long> numbers = new TreeMap<>();
    all(type)
        .forEach((name, value) -> {
          if (value instanceof Integer i) {
            numbers.put(name, Integer.toUnsignedLong(i));
          } else if (value instanceof Long l) {
            numbers.put(name, l);
          }
        });
    return numbers;
  }

  /** Those whose names begin so, by the rest of their names. */
  public static Map<String, Long> numbers(Class<?> type, String prefix) {
    Map<String, Long> numbers = new TreeMap<>();
    numbers(type)
        .forEach((name, value) -> {
          if (name.startsWith(prefix)) {
            numbers.put(name.substring(prefix.length()), value);
          }
        });
    return numbers;
  }

  public static Map<String, Object> all(Class<?> type) {
    Map<String, Object> constants = new TreeMap<>();
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (Modifier.isStatic(modifiers)
          && Modifier.isFinal(modifiers)
          && Modifier.isPublic(modifiers)) {
        try {
          constants.put(field.getName(), field.get(null));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return constants;
  }
}
