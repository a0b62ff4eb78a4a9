package io.slab.http;

import io.slab.error.CancellationToken;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One client of HTTP. Its requests start evenly spread over time, and later when a server asks for
 * that ({@link #backOff}). Redirects are not followed: keys and texts go where the user said. HTTP
 * 1.1 alone is spoken, since some servers take an offer of HTTP/2 over plain text for an error.
 * Thread-safe.
 */
public final class HttpCalls implements AutoCloseable {
  /** Longest body that is held. */
  private static final long MOST_BYTES = 256L << 20;

  private static final long STEP = 50_000_000;

  private final HttpClient client;
  private final long interval;

  /** When the next request may start, in nanoseconds of {@link System#nanoTime}. */
  private long free = System.nanoTime();

  /** Before then none starts, those included that had a moment already. */
  private long quiet = free;

  /**
   * @param connect limit for a connection
   * @param perSecond most requests a second; 0 for any number
   */
  public HttpCalls(Duration connect, double perSecond) {
    interval = perSecond > 0 ? (long) (1e9 / perSecond) : 0;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect)
            .build();
  }

  /**
   * Waits for the turn of the next request.
   *
   * @throws CancellationException when the token or an interruption ends the wait
   */
  public void await(CancellationToken cancellation) {
    long start;
    do {
      start = reserve();
      sleep(start - System.nanoTime(), cancellation);
    } while (isPutOff(start));
  }

  /** The moment at which a request may start. */
  private synchronized long reserve() {
    long start = Math.max(free, System.nanoTime());
    free = start + interval;
    return start;
  }

  private synchronized boolean isPutOff(long start) {
    return start - quiet < 0;
  }

  /**
   * No request of any thread starts within so many milliseconds from now, not even one that waits
   * for its turn.
   */
  public synchronized void backOff(long millis) {
    quiet = Math.max(quiet, System.nanoTime() + 1_000_000 * millis);
    free = Math.max(free, quiet);
  }

  /**
   * Sends a request and reads its whole answer, of any status.
   *
   * @param limit from now until the answer is whole
   * @throws HttpTimeoutException when it is not whole by then
   * @throws IOException when there is no answer
   * @throws CancellationException when the token or an interruption ends the wait
   */
  public HttpResponse<byte[]> send(
      HttpRequest request, Duration limit, CancellationToken cancellation) throws IOException {
    // The client's own limit ends with the head of an answer; the body may hang as well.
    long deadline = System.nanoTime() + limit.toNanos();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        try {
          return answer.get(Math.clamp(left, 1, STEP), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          cancellation.check();
          if (left <= STEP) {
            throw new HttpTimeoutException("the answer was not whole in time");
          }
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * Sleeps in short steps, so that who cancels does not wait.
   *
   * @param nanos none or fewer than none for no time
   * @throws CancellationException when the token or an interruption ends it
   */
  public static void sleep(long nanos, CancellationToken cancellation) {
    long until = System.nanoTime() + nanos;
    long left;
    while ((left = until - System.nanoTime()) > 0) {
      cancellation.check();
      try {
        Thread.sleep(Duration.ofNanos(Math.min(left, STEP)));
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
    cancellation.check();
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted");
  }

  /** Gives up what is on its way. */
  @Override
  public void close() {
    // Not close alone, which would wait for an answer that was given up.
    client.shutdownNow();
    client.close();
  }
}
