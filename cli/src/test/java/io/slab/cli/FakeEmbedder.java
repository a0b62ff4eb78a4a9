package io.slab.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A server that speaks OpenAI's API of embeddings. The vector of a text counts its words, each in
 * one of {@link #DIMENSION} places, so texts with common words are near each other.
 */
public final class FakeEmbedder implements AutoCloseable {
  static final int DIMENSION = 16;

  /** What one request is answered with. */
  record Answer(int status, String body, String header, String value) {
    static Answer of(int status, String body) {
      return new Answer(status, body, null, null);
    }
  }

  private final HttpServer server;

  /** Texts of all requests, in their order. */
  public final List<String> texts = new CopyOnWriteArrayList<>();

  /** The Authorization of each request, "" where there is none. */
  final List<String> keys = new CopyOnWriteArrayList<>();

  final List<String> models = new CopyOnWriteArrayList<>();

  /** Answers of the next requests, before those that are right. */
  final List<Answer> faults = new CopyOnWriteArrayList<>();

  /** Requests that are being answered, and the most that were at once. */
  final AtomicInteger busy = new AtomicInteger();

  final AtomicInteger mostBusy = new AtomicInteger();

  /** Milliseconds that an answer takes. */
  volatile long answerMillis;

  /** Makes the body of a right answer. */
  volatile Function<List<String>, String> body = FakeEmbedder::openai;

  public FakeEmbedder() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    server.createContext("/v1/embeddings", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  int requests() {
    return keys.size();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String key = exchange.getRequestHeaders().getFirst("Authorization");
    keys.add(key == null ? "" : key);
    JsonNode request = Json.parse("request", text);
    List<String> asked = new ArrayList<>();
    request.get("input").forEach(one -> asked.add(one.stringValue()));
    models.add(request.get("model").stringValue());
    texts.addAll(asked);
    mostBusy.accumulateAndGet(busy.incrementAndGet(), Math::max);
    try {
      Thread.sleep(answerMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    busy.decrementAndGet();
    Answer answer = faults.isEmpty() ? Answer.of(200, body.apply(asked)) : faults.removeFirst();
    if (answer.status() == 0) {
      // Hangs, until the client goes away.
      return;
    }
    if (answer.header() != null) {
      exchange.getResponseHeaders().add(answer.header(), answer.value());
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** An answer as OpenAI gives it. */
  static String openai(List<String> texts) {
    StringBuilder out = new StringBuilder("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < texts.size(); i++) {
      out.append(i == 0 ? "" : ",")
          .append("{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":")
          .append(vector(texts.get(i)))
          .append('}');
    }
    long words = texts.stream().mapToLong(text -> text.split("\\W+").length).sum();
    return out
        + "],\"model\":\"m\",\"usage\":{\"prompt_tokens\":"
        + words
        + ",\"total_tokens\":"
        + words
        + "}}";
  }

  /** The vector of a text, as JSON. */
  public static String vector(String text) {
    int[] counts = new int[DIMENSION];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      counts[Math.floorMod(word.hashCode() * 31 >> 3, DIMENSION)]++;
    }
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < DIMENSION; i++) {
      out.append(i == 0 ? "" : ",").append(counts[i] + 0.125);
    }
    return out.append(']').toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
