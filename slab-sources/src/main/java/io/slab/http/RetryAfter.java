package io.slab.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** How long a server asks its client to wait. */
public final class RetryAfter {
  private RetryAfter() {}

  /** Milliseconds from 0 up, or -1 where the server does not say, or says what is no time. */
  public static long millis(HttpHeaders headers) {
    String precise = headers.firstValue("retry-after-ms").orElse("");
    if (precise.matches("\\d{1,9}")) {
      return Long.parseLong(precise);
    }
    return headers.firstValue("retry-after").map(text -> millis(text, Instant.now())).orElse(-1L);
  }

  /** Reads seconds, or a date of HTTP. */
  static long millis(String text, Instant now) {
    if (text.matches("\\d{1,7}(\\.\\d{1,3})?")) {
      return Math.round(Double.parseDouble(text) * 1000);
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, Duration.between(now, until).toMillis());
    } catch (DateTimeParseException e) {
      return -1;
    }
  }
}
