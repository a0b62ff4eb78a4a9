package io.slab.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.slab.error.CancellationToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the clients of models and of Pinecone's API have in common. */
class HttpCallsTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "/");
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(429, 10);
            exchange.getResponseBody().write("half of".getBytes());
            exchange.getResponseBody().flush();
            if (path.equals("/stalls")) {
              await();
            }
            exchange.getResponseBody().write(" it".getBytes());
          }
          exchange.close();
        });
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.start();
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  private HttpRequest request(String path) {
    int port = server.getAddress().getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
  }

  private static HttpCalls calls(double perSecond) {
    return new HttpCalls(Duration.ofSeconds(5), perSecond);
  }

  @Test
  void anAnswerOfAnyStatusIsAnAnswer() throws IOException {
    try (HttpCalls calls = calls(0)) {
      var answer = calls.send(request("/"), Duration.ofSeconds(5), CancellationToken.NONE);
      assertEquals(429, answer.statusCode());
      assertEquals("half of it", new String(answer.body()));
      var moved = calls.send(request("/moved"), Duration.ofSeconds(5), CancellationToken.NONE);
      assertEquals(302, moved.statusCode());
    }
  }

  @Test
  void aBodyThatStallsEndsInTime() {
    try (HttpCalls calls = calls(0)) {
      assertThrows(
          HttpTimeoutException.class,
          () -> calls.send(request("/stalls"), Duration.ofMillis(120), CancellationToken.NONE));
      assertThrows(
          CancellationException.class,
          () -> calls.send(request("/stalls"), Duration.ofSeconds(60), () -> true));
    }
  }

  @Test
  void nobodyThereIsNoAnswer() throws IOException {
    HttpRequest gone = request("/");
    server.stop(0);
    try (HttpCalls calls = calls(0)) {
      assertThrows(
          IOException.class, () -> calls.send(gone, Duration.ofSeconds(5), CancellationToken.NONE));
    }
  }

  @Test
  void requestsStartEvenlySpreadAndLaterWhenAsked() {
    try (HttpCalls calls = calls(50)) {
      long start = System.nanoTime();
      for (int i = 0; i < 4; i++) {
        calls.await(CancellationToken.NONE);
      }
      assertTrue(System.nanoTime() - start >= 60_000_000L, "three gaps of 20 ms");
      calls.backOff(80);
      calls.await(CancellationToken.NONE);
      assertTrue(System.nanoTime() - start >= 140_000_000L, "and 80 ms more");
      calls.backOff(60_000);
      assertThrows(CancellationException.class, () -> calls.await(() -> true));
    }
  }

  @Test
  void aPauseIsOneOfThoseThatWaitForTheirTurnToo() throws InterruptedException {
    try (HttpCalls calls = calls(5)) {
      calls.await(CancellationToken.NONE);
      long[] started = new long[1];
      Thread next =
          Thread.ofVirtual()
              .start(() -> {
                calls.await(CancellationToken.NONE);
                started[0] = System.nanoTime();
              });
      // It has its turn in 200 ms.
      while (next.isAlive() && next.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      long asked = System.nanoTime();
      calls.backOff(400);
      next.join();
      assertTrue(started[0] - asked >= 400_000_000L, started[0] - asked + " ns");
    }
  }

  @Test
  void whatAServerAsksForAsAPause() {
    Instant now = Instant.parse("2026-11-30T10:00:00Z");
    assertEquals(2000, RetryAfter.millis("2", now));
    assertEquals(1500, RetryAfter.millis("1.5", now));
    assertEquals(30_000, RetryAfter.millis("Mon, 30 Nov 2026 10:00:30 GMT", now));
    assertEquals(0, RetryAfter.millis("Mon, 30 Nov 2026 09:00:30 GMT", now));
    assertEquals(-1, RetryAfter.millis("soon", now));
  }
}
