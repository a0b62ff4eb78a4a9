package io.slab.cli.input;

import io.slab.cli.usage.UsageException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
public final class Quantity {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

  private static final Map<String, Long> BYTES =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L,
          "tb",
          1_000_000_000_000L,
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30,
          "tib",
          1L << 40);

  private static final Map<String, Long> COUNTS =
      Map.of("", 1L, "k", 1_000L, "m", 1_000_000L, "g", 1_000_000_000L, "b", 1_000_000_000L);

  private static final Map<String, Long> MILLIS =
      Map.of(
          "ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Quantity() {}

  /** {@code 10MiB}, {@code 2GB}, {@code 4096}. */
  public static long bytes(String option, String text) {
    return parse(option, text, BYTES, "a size such as 512MiB or 10GB");
  }

  /** {@code 24h}, {@code 90s}, {@code 250ms}; in milliseconds. A bare 0 needs no unit. */
  public static long millis(String option, String text) {
    return text.equals("0") ? 0 : parse(option, text, MILLIS, "a duration such as 90s, 15m or 24h");
  }

  /** {@code 250000}, {@code 20k}, {@code 10M}. */
  public static long count(String option, String text) {
    return parse(option, text.replace("_", ""), COUNTS, "a number such as 250000, 20k or 10M");
  }

  private static long parse(String option, String text, Map<String, Long> units, String wanted) {
    Matcher matcher = TEXT.matcher(text.trim());
    Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new UsageException(option + " '" + text + "' is not understood", "give " + wanted);
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new UsageException(option + " '" + text + "' is too large", "give " + wanted);
    }
  }
}
