package io.slab.bench.serve;

import com.google.protobuf.MessageLite;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Requests, and many of them at once. */
final class Asking {
  private static final ClientFactory FACTORY =
      ClientFactory.builder().idleTimeout(Duration.ofMinutes(5)).build();

  private Asking() {}

  static WebClient rest(int port) {
    return client("h1c", port);
  }

  static WebClient grpc(int port) {
    return client("h2c", port);
  }

  private static WebClient client(String protocol, int port) {
    return WebClient.builder(protocol + "://127.0.0.1:" + port)
        .factory(FACTORY)
        .responseTimeout(Duration.ofSeconds(60))
        .maxResponseLength(0)
        .build();
  }

  /** The answer to a request, which must be one of success. */
  static String post(WebClient client, String path, byte[] body) {
    return send(client, HttpMethod.POST, path, body);
  }

  /** The same with another method. */
  static String send(WebClient client, HttpMethod method, String path, byte[] body) {
    AggregatedHttpResponse answer = answer(client, method, path, body);
    if (answer.status().code() >= 300) {
      throw new IllegalStateException(path + ": " + answer.contentUtf8());
    }
    return answer.contentUtf8();
  }

  /** A request that must be refused as a bad one. */
  static void refused(WebClient client, String path, byte[] body) {
    int status = answer(client, HttpMethod.POST, path, body).status().code();
    if (status != 400) {
      throw new IllegalStateException(path + ": " + status);
    }
  }

  private static AggregatedHttpResponse answer(
      WebClient client, HttpMethod method, String path, byte[] body) {
    RequestHeaders head = RequestHeaders.of(method, path, "content-type", "application/json");
    return client.blocking().execute(head, body);
  }

  static String post(WebClient client, String path, String body) {
    return post(client, path, body.getBytes(StandardCharsets.UTF_8));
  }

  static String get(WebClient client, String path) {
    return client.blocking().get(path).contentUtf8();
  }

  /** A message as gRPC sends it. */
  static byte[] frame(MessageLite message) {
    byte[] bytes = message.toByteArray();
    return ByteBuffer.allocate(bytes.length + 5)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  static void call(WebClient client, String method, byte[] frame) {
    RequestHeaders head =
        RequestHeaders.of(
            HttpMethod.POST,
            "/VectorService/" + method,
            "content-type",
            "application/grpc",
            "te",
            "trailers");
    AggregatedHttpResponse answer = client.blocking().execute(head, frame);
    String status = answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "0"));
    if (!status.equals("0")) {
      throw new IllegalStateException(method + ": " + answer.headers() + answer.trailers());
    }
  }

  /**
   * Makes requests, so many at once.
   *
   * @return milliseconds of each, in order of size
   */
  static double[] many(int threads, int requests, IntConsumer request) throws InterruptedException {
    double[] millis = new double[requests];
    AtomicInteger next = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(threads);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                long start = System.nanoTime();
                request.accept(i);
                millis[i] = (System.nanoTime() - start) / 1e6;
              }
            } catch (RuntimeException | Error e) {
              failure.set(e);
            } finally {
              ended.countDown();
            }
          });
    }
    ended.await();
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    Arrays.sort(millis);
    return millis;
  }

  /** A part of numbers in order of size, such as 0.5 for the median. */
  static double part(double[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  }
}
