package io.slab.serve.grpc;

import io.slab.serve.api.ApiException;
import java.time.Duration;

/** The header {@code grpc-timeout}: at most eight digits and a unit. */
final class Timeouts {
  /** A client that waits for longer waits so long: what it holds is held no longer. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private Timeouts() {}

  private static Duration shorter(Duration wanted) {
    return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
  }

  /** How long a client waits; null where it does not say. */
  static Duration parse(String header) {
    if (header == null) {
      return null;
    }
    if (!header.matches("[0-9]{1,8}[HMSmun]")) {
      throw ApiException.invalid("grpc-timeout '" + header + "' is none");
    }
    int end = header.length() - 1;
    long count = Math.max(1, Long.parseLong(header.substring(0, end)));
    return switch (header.charAt(end)) {
      case 'H' -> LONGEST;
      case 'M' -> shorter(Duration.ofMinutes(count));
      case 'S' -> shorter(Duration.ofSeconds(count));
      case 'm' -> shorter(Duration.ofMillis(count));
      case 'u' -> Duration.ofNanos(count * 1000);
      default -> Duration.ofNanos(count);
    };
  }
}
