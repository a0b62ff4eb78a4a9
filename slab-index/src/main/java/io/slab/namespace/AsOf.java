package io.slab.namespace;

import io.slab.error.InvalidInputException;
import io.slab.wal.WalLayout;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What names a state of a namespace: a checkpoint, a manifest, the LSN of a write, or a time.
 * Immutable.
 *
 * @param kind which of them
 * @param name of a checkpoint, else null
 * @param number of a manifest, an LSN, milliseconds since 1970, or milliseconds ago
 * @param text as it was given
 */
public record AsOf(Kind kind, String name, long number, String text) {
  /** What the number, or the name, is one of. */
  public enum Kind {
    CHECKPOINT,
    MANIFEST,
    LSN,
    TIME,
    AGO
  }

  /** No operation has a smaller LSN, and hardly a namespace so many manifests. */
  private static final long SMALLEST_LSN = 1L << WalLayout.LSN_SHIFT;

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern AGE = Pattern.compile("(\\d{1,9})(s|m|min|h|d)");

  private static final Map<String, Long> MILLIS =
      Map.of("s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /**
   * Reads what a user gave: the name of a checkpoint; a number, which below 2^20 is that of a
   * manifest and else an LSN; {@code manifest:N}, {@code lsn:N} or {@code checkpoint:NAME}; a time
   * such as {@code 2026-11-30T09:00Z} or {@code 2026-11-30}, in UTC where it has no zone; or an age
   * such as {@code 90s}, {@code 15m}, {@code 2h} or {@code 3d}.
   *
   * @throws InvalidInputException for anything else
   */
  public static AsOf parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    if (kind.equals("checkpoint")) {
      return new AsOf(Kind.CHECKPOINT, requireName(rest), 0, text);
    }
    if (kind.equals("manifest") || kind.equals("lsn")) {
      return new AsOf(
          kind.equals("lsn") ? Kind.LSN : Kind.MANIFEST, null, number(rest, text), text);
    }
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      return new AsOf(number < SMALLEST_LSN ? Kind.MANIFEST : Kind.LSN, null, number, text);
    }
    Matcher age = AGE.matcher(text);
    if (age.matches()) {
      long millis = Long.parseLong(age.group(1)) * MILLIS.get(age.group(2));
      return new AsOf(Kind.AGO, null, millis, text);
    }
    if (NAME.matcher(text).matches()) {
      return new AsOf(Kind.CHECKPOINT, text, 0, text);
    }
    return new AsOf(Kind.TIME, null, time(text), text);
  }

  /** A checkpoint by its name. */
  public static AsOf checkpoint(String name) {
    return new AsOf(Kind.CHECKPOINT, requireName(name), 0, name);
  }

  /** A manifest by its number. */
  public static AsOf manifest(long id) {
    return new AsOf(Kind.MANIFEST, null, id, "manifest:" + id);
  }

  /**
   * Checks the name of a checkpoint.
   *
   * @throws InvalidInputException for one that no checkpoint can have
   */
  public static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "'" + name + "' cannot be the name of a checkpoint",
          "give 1 to 64 of a-z A-Z 0-9 . _ - and begin with a letter");
    }
    return name;
  }

  private static long number(String digits, String text) {
    if (!NUMBER.matcher(digits).matches()) {
      throw unknown(text);
    }
    return Long.parseLong(digits);
  }

  private static long time(String text) {
    try {
      if (text.indexOf('T') < 0) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      boolean zone = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 9;
      return zone
          ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException e) {
      throw unknown(text);
    }
  }

  private static InvalidInputException unknown(String text) {
    return new InvalidInputException(
        "'" + text + "' names no state",
        "give the name of a checkpoint, manifest:N, lsn:N, a time such as 2026-11-30T09:00Z, or"
            + " an age such as 2h");
  }
}
