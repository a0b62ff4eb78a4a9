package io.slab.s3;

import io.slab.error.InvalidInputException;
import io.slab.store.ObjectStore;
import io.slab.store.StoreProvider;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Opens stores on S3 for the service loader. Options, all of which may be left out: {@code
 * profile}, {@code region}, {@code endpoint} (a URL), {@code path-style} and {@code anonymous}
 * ({@code true} or {@code false}), {@code timeout} (ISO-8601, such as {@code PT30S}) and {@code
 * connections}, {@code sse}, {@code sse-kms-key-id} and {@code requester-pays} as in {@link
 * S3Headers}. Keys of accounts are never options: they come from the environment and {@code
 * ~/.aws}.
 */
public final class S3StoreProvider implements StoreProvider {
  private static final Set<String> OPTIONS =
      Set.of(
          "profile",
          "region",
          "endpoint",
          "path-style",
          "anonymous",
          "timeout",
          "connections",
          "sse",
          "sse-kms-key-id",
          "requester-pays");

  @Override
  public List<String> schemes() {
    return List.of("s3", "s3a", "s3n");
  }

  @Override
  public ObjectStore open(String address, Map<String, String> options) {
    return S3Store.open(S3Address.parse(address), settings(options, System.getenv()));
  }

  static S3Settings settings(Map<String, String> options, Map<String, String> environment) {
    Set<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeAll(OPTIONS);
    if (!unknown.isEmpty()) {
      throw new InvalidInputException(
          "unknown options for S3: " + String.join(", ", unknown),
          "known are " + String.join(", ", new TreeSet<>(OPTIONS)));
    }
    String endpoint = options.get("endpoint");
    String anonymous = options.getOrDefault("anonymous", "false");
    return new S3Settings(
        options.get("profile"),
        options.get("region"),
        endpoint == null ? null : S3Settings.endpoint(endpoint),
        flag("path-style", options.get("path-style")),
        flag("anonymous", anonymous),
        timeout(options.get("timeout")),
        connections(options.get("connections")),
        environment,
        new S3Headers(
            options.get("sse"),
            options.get("sse-kms-key-id"),
            flag("requester-pays", options.getOrDefault("requester-pays", "false"))));
  }

  private static Boolean flag(String name, String value) {
    if (value == null) {
      return null;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, value, "true or false");
    };
  }

  private static Duration timeout(String value) {
    if (value == null) {
      return S3Settings.DEFAULT_TIMEOUT;
    }
    try {
      Duration timeout = Duration.parse(value);
      if (timeout.toMillis() >= 1000) {
        return timeout;
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // Said below.
    }
    throw wrong("timeout", value, "a duration of a second or more, such as PT30S");
  }

  private static int connections(String value) {
    if (value == null) {
      return S3Settings.DEFAULT_CONNECTIONS;
    }
    try {
      int connections = Integer.parseInt(value);
      if (connections >= 1) {
        return connections;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("connections", value, "a number from 1 up");
  }

  private static InvalidInputException wrong(String name, String value, String expected) {
    return new InvalidInputException("option " + name + " is '" + value + "'", "give " + expected);
  }
}
