package io.slab.s3;

import io.slab.error.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How to reach S3, as a user says it. What is left out comes from the environment variables and
 * files that the aws command line reads. Keys are never part of the settings.
 *
 * @param profile section of the files in {@code ~/.aws}, or null
 * @param region or null
 * @param endpoint of a server other than AWS, or null
 * @param pathStyle whether the bucket stands in the path rather than in the host's name; null: with
 *     an endpoint that the user names
 * @param anonymous to sign nothing
 * @param timeout how long one request may take, all its repetitions together
 * @param connections at once, at least 1
 * @param environment the environment variables
 * @param headers what the owner of the bucket asks of requests
 */
public record S3Settings(
    String profile,
    String region,
    URI endpoint,
    Boolean pathStyle,
    boolean anonymous,
    Duration timeout,
    int connections,
    Map<String, String> environment,
    S3Headers headers) {

  /** How long a request may take unless told otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** Connections unless told otherwise. */
  public static final int DEFAULT_CONNECTIONS = 64;

  /**
   * Reads the URL of a server.
   *
   * @throws InvalidInputException for anything but http or https and a host
   */
  public static URI endpoint(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme() != null && uri.getScheme().startsWith("http")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new InvalidInputException(
        "'" + url + "' is not the URL of a server", "give one such as http://localhost:9000");
  }

  /** An environment variable that is empty is one that is not set. */
  public S3Settings {
    Map<String, String> set = new HashMap<>();
    environment.forEach((name, value) -> {
      if (value != null && !value.isBlank()) {
        set.put(name, value);
      }
    });
    environment = Map.copyOf(set);
  }

  /** Settings without wishes of the owner of the bucket. */
  public S3Settings(
      String profile,
      String region,
      URI endpoint,
      Boolean pathStyle,
      boolean anonymous,
      Duration timeout,
      int connections,
      Map<String, String> environment) {
    this(
        profile,
        region,
        endpoint,
        pathStyle,
        anonymous,
        timeout,
        connections,
        environment,
        S3Headers.NONE);
  }

  /** Everything from the environment. */
  public static S3Settings of(Map<String, String> environment) {
    return new S3Settings(
        null, null, null, null, false, DEFAULT_TIMEOUT, DEFAULT_CONNECTIONS, environment);
  }

  /** Without the environment, which holds keys. */
  @Override
  public String toString() {
    return "S3Settings[profile=%s, region=%s, endpoint=%s, pathStyle=%s, anonymous=%s, timeout=%s]"
        .formatted(profile, region, endpoint, pathStyle, anonymous, timeout);
  }
}
