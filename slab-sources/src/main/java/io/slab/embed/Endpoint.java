package io.slab.embed;

import io.slab.error.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;

/**
 * A server that speaks OpenAI's API of embeddings, and how to ask it. Immutable.
 *
 * @param url where requests go: the base with {@code /embeddings} behind it
 * @param model the name of the model there
 * @param key sent as a bearer token, or null
 * @param timeout of one request with its repetitions
 * @param perMinute most requests a minute, or 0 for any number
 * @param atOnce most requests at once, at least 1
 */
public record Endpoint(
    URI url, String model, String key, Duration timeout, int perMinute, int atOnce) {
  /**
   * How long a request may take unless the caller says otherwise: a model may have to be loaded.
   */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  private static final int MOST_PORT = 65_535;

  /**
   * An endpoint as people name it.
   *
   * @param base such as {@code http://127.0.0.1:11434/v1}; {@code /embeddings} may be there already
   * @throws InvalidInputException for what is no address of a web server, or has a user in it
   */
  public static Endpoint of(String base, String model, String key) {
    String hint = "such as http://127.0.0.1:11434/v1 or https://api.openai.com/v1";
    URI url;
    try {
      String plain = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
      url = new URI(plain.endsWith("/embeddings") ? plain : plain + "/embeddings");
    } catch (URISyntaxException e) {
      throw new InvalidInputException("'" + base + "' is no URL of an embedder", hint, e);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean web = scheme.equals("http") || scheme.equals("https");
    if (!web || url.getHost() == null || url.getPort() == 0 || url.getPort() > MOST_PORT) {
      throw new InvalidInputException("'" + base + "' is no URL of an embedder", hint);
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw new InvalidInputException(
          "the URL of an embedder has no user, no question mark and no #",
          "a key comes from the environment");
    }
    if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InvalidInputException("the key of the embedder has characters that no key has");
    }
    return new Endpoint(url, model, key, DEFAULT_TIMEOUT, 0, 1);
  }

  public Endpoint withTimeout(Duration limit) {
    return new Endpoint(url, model, key, limit, perMinute, atOnce);
  }

  public Endpoint withRate(int requestsPerMinute) {
    return new Endpoint(url, model, key, timeout, requestsPerMinute, atOnce);
  }

  public Endpoint withAtOnce(int requests) {
    return new Endpoint(url, model, key, timeout, perMinute, requests);
  }

  /** True when texts stay on this machine. */
  public boolean isHere() {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d+){3}");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return url + " (model " + model + ")";
  }
}
