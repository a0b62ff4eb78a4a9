package io.slab.pull;

import io.slab.error.CancellationToken;
import io.slab.error.CorruptException;
import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import io.slab.error.StoreException.Kind;
import io.slab.http.HttpCalls;
import io.slab.http.RetryAfter;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests to Pinecone's API: at most so many a second, repeated where that can help (429, answers
 * of 500 and above, no answer), with the server's own words where they fail. Redirects are not
 * followed, so that the key goes to no other host. Thread-safe.
 */
final class ApiCalls implements AutoCloseable {
  /** The version of the API that is asked for; its answers are those of 2024-07 and later. */
  static final String VERSION = "2025-04";

  private static final int ATTEMPTS = 8;
  private static final long LONGEST_WAIT = Duration.ofMinutes(2).toNanos();

  private final HttpCalls calls;
  private final String key;
  private final long firstWait;
  private final CancellationToken cancellation;
  private final Duration timeout;

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();

  /**
   * @param key the API key, or null for a server without keys
   * @param perSecond most requests a second, above 0
   * @param firstWait what a request waits before it is first repeated; doubled each time
   */
  ApiCalls(String key, double perSecond, Duration firstWait, CancellationToken cancellation) {
    this(key, perSecond, firstWait, cancellation, Duration.ofSeconds(60));
  }

  /**
   * @param timeout in which an answer has to be whole
   */
  ApiCalls(
      String key,
      double perSecond,
      Duration firstWait,
      CancellationToken cancellation,
      Duration timeout) {
    this.timeout = timeout;
    this.key = key;
    this.calls = new HttpCalls(Duration.ofSeconds(10), perSecond);
    this.firstWait = firstWait.toNanos();
    this.cancellation = cancellation;
  }

  /** Requests so far, repeated ones too. */
  long requests() {
    return requests.get();
  }

  /** How many of them were repetitions. */
  long repeats() {
    return repeats.get();
  }

  JsonNode get(URI address) {
    return json(address, request(address).GET().build());
  }

  JsonNode post(URI address, String body) {
    HttpRequest.BodyPublisher text = HttpRequest.BodyPublishers.ofString(body);
    return json(
        address, request(address).header("Content-Type", "application/json").POST(text).build());
  }

  private HttpRequest.Builder request(URI address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Accept", "application/json")
            .header("X-Pinecone-Api-Version", VERSION);
    return key == null ? request : request.header("Api-Key", key);
  }

  /** Sends a request until it is answered. Only reads go this way, so that each may be repeated. */
  private JsonNode json(URI address, HttpRequest request) {
    StoreException last = null;
    long wait = firstWait;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        repeats.incrementAndGet();
        long jitter = ThreadLocalRandom.current().nextLong(wait / 4 + 1);
        HttpCalls.sleep(wait + jitter, cancellation);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
      calls.await(cancellation);
      requests.incrementAndGet();
      try {
        HttpResponse<byte[]> answer = calls.send(request, timeout, cancellation);
        if (answer.statusCode() / 100 == 2) {
          return tree(address, answer.body());
        }
        last = failure(address, answer);
        if (last.kind() != Kind.TEMPORARY) {
          throw last;
        }
        backOff(answer);
      } catch (HttpTimeoutException e) {
        String late = "the answer was not whole after " + timeout.toSeconds() + " s";
        last = noAnswer(address, new IOException(late, e));
      } catch (IOException e) {
        last = noAnswer(address, e);
      }
    }
    throw last;
  }

  private static JsonNode tree(URI address, byte[] body) {
    try {
      return Json.parseStored("the answer of " + address.getHost(), body);
    } catch (CorruptException e) {
      throw StoreException.refused(
          Kind.FAILED,
          address.getHost() + " answered 200, and not with JSON: " + words(body),
          "check the host; a proxy or a sign-in page may be in between",
          e);
    }
  }

  /** A server that says when to come again is believed by all threads, for up to two minutes. */
  private void backOff(HttpResponse<?> answer) {
    long asked = Math.max(0, RetryAfter.millis(answer.headers()));
    calls.backOff(Math.min(asked, LONGEST_WAIT / 1_000_000));
  }

  private static StoreException failure(URI address, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String said = address.getHost() + " answered " + status + ": " + words(answer.body());
    if (status == 401 || status == 403) {
      throw StoreException.refused(
          Kind.DENIED, said, "set PINECONE_API_KEY to a key of the project of this index", null);
    }
    if (status == 404) {
      throw new NotFoundException(said, "check the name or the host of the index");
    }
    boolean again = status == 408 || status == 429 || status >= 500;
    return StoreException.refused(
        again ? Kind.TEMPORARY : Kind.FAILED,
        said,
        again ? "the same command goes on where it stopped; --rate asks less often" : null,
        null);
  }

  private static StoreException noAnswer(URI address, IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return StoreException.refused(
        Kind.TEMPORARY,
        "no answer from "
            + address.getHost()
            + (address.getPort() < 0 ? "" : ":" + address.getPort())
            + ": "
            + why,
        "check the name of the host; the same command goes on where it stopped",
        e);
  }

  /** What the server says of an error, in a line of at most 300 characters. */
  private static String words(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    try {
      JsonNode tree = Json.parse("an answer", text);
      JsonNode error = tree.isObject() ? tree.get("error") : null;
      JsonNode message = (error != null && error.isObject() ? error : tree).get("message");
      text = message != null && message.isString() ? message.stringValue() : text;
    } catch (RuntimeException e) {
      // Not JSON: the text itself.
    }
    text = text.replaceAll("\\s+", " ");
    boolean page = text.toLowerCase(Locale.ROOT).startsWith("<!doctype") || text.startsWith("<");
    if (page) {
      return "a page and no JSON, so this is no address of the API";
    }
    if (text.codePointCount(0, text.length()) > 300) {
      text = text.substring(0, text.offsetByCodePoints(0, 300)) + "...";
    }
    return text.isEmpty() ? "nothing" : text;
  }

  @Override
  public void close() {
    calls.close();
  }
}
