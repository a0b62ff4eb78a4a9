package io.slab.embed;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.http.HttpCalls;
import io.slab.http.RetryAfter;
import io.slab.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks a server that speaks OpenAI's API: {@code POST .../embeddings}. What may pass is asked for
 * again, after the time that the server names or with growing pauses, within the time of one
 * request. Redirects are not followed: texts and key go where the user said. Thread-safe: so many
 * requests are on their way at once as the endpoint says, and a pause that the server asks for is
 * one of all.
 */
public final class HttpEmbedder implements Embedder {
  /** Answers after which the same request may succeed. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504, 529);

  private static final Set<Integer> REFUSED = Set.of(400, 413, 422);
  private static final long FIRST_PAUSE = 500;
  private static final long LONGEST_PAUSE = 20_000;

  private final Endpoint endpoint;
  private final Consumer<String> talk;
  private final HttpCalls calls;

  /** True once there was an answer: a server that is gone since may come back. */
  private volatile boolean answered;

  /**
   * @param talk told of long pauses, one line each
   */
  public HttpEmbedder(Endpoint endpoint, Consumer<String> talk) {
    this.endpoint = endpoint;
    this.talk = talk;
    calls = new HttpCalls(endpoint.timeout(), endpoint.perMinute() / 60.0);
  }

  @Override
  public String model() {
    return endpoint.model();
  }

  @Override
  public int atOnce() {
    return endpoint.atOnce();
  }

  @Override
  public String place() {
    return endpoint.url().toString();
  }

  @Override
  public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
    byte[] body = body(texts);
    long deadline = System.nanoTime() + endpoint.timeout().toNanos();
    long pause = 0;
    for (int attempt = 0; ; attempt++) {
      long waiting = System.nanoTime();
      calls.await(cancellation);
      // The time for its turn is none of the request's, but its own pause is.
      deadline += Math.max(0, System.nanoTime() - waiting - 1_000_000 * pause);
      HttpResponse<byte[]> answer;
      StoreException trouble;
      try {
        answer = send(body, deadline, cancellation);
        if (answer.statusCode() == 200) {
          answered = true;
          return vectors(answer.body());
        }
        trouble = failure(answer);
      } catch (IOException e) {
        answer = null;
        trouble = unreachable(e);
      }
      pause = pause(answer, attempt);
      if (pause < 0 || System.nanoTime() + pause * 1_000_000 >= deadline) {
        throw pause > LONGEST_PAUSE ? tooLong(trouble, pause) : trouble;
      }
      if (pause >= 2000) {
        talk.accept(trouble.getMessage() + "; trying again in " + (pause + 999) / 1000 + " s");
      }
      if (answer != null) {
        // The server has too much to do: requests of other threads wait as well.
        calls.backOff(pause);
      } else {
        HttpCalls.sleep(1_000_000 * pause, cancellation);
        pause = 0;
      }
    }
  }

  private Embeddings vectors(byte[] body) {
    try {
      return VectorForms.read("the answer of " + place(), body);
    } catch (InvalidInputException e) {
      throw StoreException.refused(StoreException.Kind.FAILED, e.getMessage(), e.hint(), e);
    }
  }

  private byte[] body(List<String> texts) {
    return Json.bytes(out -> {
      out.writeStartObject();
      out.writeStringProperty("model", endpoint.model());
      out.writeName("input");
      out.writeStartArray();
      texts.forEach(out::writeString);
      out.writeEndArray();
      out.writeStringProperty("encoding_format", "float");
      out.writeEndObject();
    });
  }

  private HttpResponse<byte[]> send(byte[] body, long deadline, CancellationToken cancellation)
      throws IOException {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(left)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (endpoint.key() != null) {
      request.header("Authorization", "Bearer " + endpoint.key());
    }
    return calls.send(request.build(), left, cancellation);
  }

  /** Milliseconds until the next attempt, or -1 when another one is of no use. */
  private long pause(HttpResponse<byte[]> answer, int attempt) {
    long own = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(attempt, 10));
    if (answer == null) {
      return answered ? own : -1;
    }
    if (!PASSING.contains(answer.statusCode()) || ServerWords.isFinal(answer.body())) {
      return -1;
    }
    long asked = RetryAfter.millis(answer.headers());
    // Not all clients of a server that was overloaded shall come back at once.
    return asked >= 0 ? asked : own / 2 + (long) (Math.random() * own);
  }

  /** What an answer without vectors means. */
  private StoreException failure(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String said = ServerWords.of(answer.body(), endpoint.key());
    String message = place() + " answered " + status + (said.isEmpty() ? "" : ": \"" + said + "\"");
    if (REFUSED.contains(status)) {
      throw new InvalidInputException(message, "the model is " + endpoint.model());
    }
    if (status == 401 || status == 403) {
      return failed(
          StoreException.Kind.DENIED, message, "the key comes from the variable SLAB_EMBED_KEY");
    }
    if (PASSING.contains(status) && !ServerWords.isFinal(answer.body())) {
      return failed(StoreException.Kind.TEMPORARY, message, "try again later");
    }
    if (status >= 300 && status < 400) {
      String named = answer.headers().firstValue("location").orElse("nowhere");
      String to = ServerWords.hidden(named, endpoint.key());
      return failed(
          StoreException.Kind.FAILED,
          message + " (a redirect to " + ServerWords.plain(to) + ", which is not followed)",
          "give the address that is meant with --embed-url");
    }
    String hint =
        status == 404
            ? "is there a model " + endpoint.model() + "? The URL mostly ends with /v1"
            : "see what the server says";
    return failed(StoreException.Kind.FAILED, message, hint);
  }

  private StoreException unreachable(IOException e) {
    if (e instanceof ConnectException) {
      return failed(
          StoreException.Kind.TEMPORARY,
          "cannot reach the embedder at " + place(),
          "is it running, and is the URL right?");
    }
    if (e instanceof HttpTimeoutException) {
      return failed(
          StoreException.Kind.TEMPORARY,
          place() + " did not answer within " + endpoint.timeout().toMillis() + " ms",
          "--embed-timeout gives it longer");
    }
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return failed(
        StoreException.Kind.TEMPORARY,
        "the request to " + place() + " failed: " + ServerWords.plain(text),
        null);
  }

  private static StoreException tooLong(StoreException trouble, long pause) {
    return failed(
        trouble.kind(),
        trouble.getMessage() + "; it asks to wait " + (pause + 999) / 1000 + " s",
        "try again then, or give --embed-timeout that long");
  }

  private static StoreException failed(StoreException.Kind kind, String message, String hint) {
    return StoreException.refused(kind, message, hint, null);
  }

  @Override
  public void close() {
    calls.close();
  }
}
