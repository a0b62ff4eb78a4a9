package io.slab.testkit.index;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A server that answers as Pinecone's does (forms of recorded exchanges of the official clients),
 * with the faults that a test asks for.
 */
public final class FakePinecone implements AutoCloseable {
  public static final String KEY = "pcsk_test";

  /** Records as JSON texts by namespace and id. */
  public final Map<String, Map<String, String>> spaces = new ConcurrentHashMap<>();

  /** Every request with its query, in the order of arrival. */
  public final List<String> requests = java.util.Collections.synchronizedList(new ArrayList<>());

  /** Whether it lists ids, which pods do not. */
  public volatile boolean lists = true;

  /** Says whether a request is answered with 429. */
  public volatile Predicate<String> refuses = request -> false;

  /** Runs before each request is answered. */
  public volatile Runnable before = () -> {};

  private final AtomicInteger nearest = new AtomicInteger();
  private final HttpServer server;

  public FakePinecone() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Its address, of both planes. */
  public String host() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Puts a record there.
   *
   * @param rest the members after its id, as JSON text
   */
  public void put(String namespace, String id, String rest) {
    spaces
        .computeIfAbsent(namespace, name -> new ConcurrentSkipListMap<>())
        .put(id, "{\"id\":" + Json.text(json -> json.writeString(id)) + "," + rest + "}");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(request);
      before.run();
      if (!KEY.equals(exchange.getRequestHeaders().getFirst("Api-Key"))) {
        send(exchange, 401, "{\"code\":16,\"message\":\"Invalid API key\",\"details\":[]}");
      } else if (refuses.test(request)) {
        exchange.getResponseHeaders().set("Retry-After", "0");
        send(exchange, 429, "{\"code\":8,\"message\":\"Too many requests\",\"details\":[]}");
      } else {
        send(exchange, exchange.getRequestURI().getPath(), parameters(exchange), body);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void send(
      HttpExchange exchange, String path, Map<String, List<String>> query, String body)
      throws IOException {
    String namespace = query.getOrDefault("namespace", List.of("")).getFirst();
    Map<String, String> space = spaces.getOrDefault(namespace, Map.of());
    switch (path) {
      case "/indexes/books" -> send(exchange, 200, description());
      case "/describe_index_stats" -> send(exchange, 200, stats());
      case "/vectors/list" -> list(exchange, query, new TreeMap<>(space));
      case "/vectors/fetch" -> {
        List<String> found =
            query.getOrDefault("ids", List.of()).stream()
                .filter(space::containsKey)
                .map(id -> Json.text(json -> json.writeString(id)) + ":" + space.get(id))
                .toList();
        send(
            exchange,
            200,
            "{\"vectors\":{"
                + String.join(",", found)
                + "},\"namespace\":\"x\",\"usage\":{\"readUnits\":1}}");
      }
      case "/query" -> near(exchange, Json.parse("a query", body));
      default ->
          send(
              exchange,
              404,
              "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"Resource "
                  + path.substring(path.lastIndexOf('/') + 1)
                  + " not found\"},\"status\":404}");
    }
  }

  private void list(
      HttpExchange exchange, Map<String, List<String>> query, TreeMap<String, String> space)
      throws IOException {
    if (!lists) {
      send(exchange, 400, "{\"code\":3,\"message\":\"list is not supported for pod indexes\"}");
      return;
    }
    String token = query.getOrDefault("paginationToken", List.of("")).getFirst();
    List<String> ids = space.tailMap(token, false).keySet().stream().limit(7).toList();
    String next = ids.isEmpty() || ids.getLast().equals(space.lastKey()) ? null : ids.getLast();
    List<String> members =
        ids.stream().map(id -> "{\"id\":" + Json.text(json -> json.writeString(id)) + "}").toList();
    String pages =
        next == null
            ? ""
            : ",\"pagination\":{\"next\":" + Json.text(json -> json.writeString(next)) + "}";
    send(
        exchange,
        200,
        "{\"vectors\":[" + String.join(",", members) + "]" + pages + ",\"namespace\":\"x\"}");
  }

  /** Three records, other ones each time, as a graph would give neighbours. */
  private void near(HttpExchange exchange, JsonNode query) throws IOException {
    List<String> ids =
        List.copyOf(spaces.getOrDefault(query.get("namespace").stringValue(), Map.of()).keySet());
    List<String> found = new ArrayList<>();
    for (int i = 0; i < Math.min(3, ids.size()); i++) {
      String id = ids.get(nearest.getAndIncrement() % ids.size());
      found.add("{\"id\":" + Json.text(json -> json.writeString(id)) + ",\"score\":1}");
    }
    send(exchange, 200, "{\"results\":[],\"matches\":[" + String.join(",", found) + "]}");
  }

  private String description() {
    String kind = lists ? "\"serverless\":{\"cloud\":\"aws\"}" : "\"pod\":{\"pod_type\":\"p1.x1\"}";
    return "{\"name\":\"books\",\"host\":\""
        + host()
        + "\",\"dimension\":2,\"metric\":\"cosine\",\"vector_type\":\"dense\",\"spec\":{"
        + kind
        + "}}";
  }

  private String stats() {
    List<String> counts =
        spaces.entrySet().stream()
            .map(space ->
                Json.text(json -> json.writeString(space.getKey()))
                    + ":{\"vectorCount\":"
                    + space.getValue().size()
                    + "}")
            .toList();
    return "{\"namespaces\":{"
        + String.join(",", counts)
        + "},\"dimension\":2,\"indexFullness\":0}";
  }

  private static Map<String, List<String>> parameters(HttpExchange exchange) {
    Map<String, List<String>> all = new TreeMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    for (String part : query == null ? new String[0] : query.split("&")) {
      int equals = part.indexOf('=');
      all.computeIfAbsent(part.substring(0, equals), name -> new ArrayList<>())
          .add(URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return all;
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
