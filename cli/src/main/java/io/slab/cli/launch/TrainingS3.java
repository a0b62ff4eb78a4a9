package io.slab.cli.launch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slab.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * As {@link Training}, and the same over S3, for the cache that short verbs on S3 start from. It
 * asks a server in this process that knows just enough to answer these commands.
 */
public final class TrainingS3 {
  private static final String BUCKET = "/bucket/";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  private final Path cache;

  private TrainingS3(Path cache) {
    this.cache = cache;
  }

  public static void main(String[] args) throws IOException {
    Training.main(args);
    Path folder = Path.of(args[0]);
    new TrainingS3(folder.resolve("cache")).run(folder.resolve("index"));
  }

  private void run(Path index) throws IOException {
    try (Stream<Path> files = Files.walk(index)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        objects.put("index/" + index.relativize(file), Files.readAllBytes(file));
      }
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    String target = "s3://bucket/index";
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    slab(url, "describe", target, "-j");
    slab(url, "query", target, "-v", "[0.1,0.2,0.3,0.4]", "-f", "{\"kind\":\"a\"}");
    slab(url, "query", target, "--id", "r1", "-k", "3", "--include-metadata", "-o", "table");
    slab(url, "explain", target, "--id", "r1");
    slab(url, "fetch", target, "--ids", "r1,r2", "-j");
    slab(url, "list", target, "--prefix", "r", "-l", "5");
    slab(url, "stats", target);
    slab(url, "update", target, "--id", "r1", "--metadata", "{\"x\":1}");
    slab(url, "namespace", "list", target);
    slab(url, "inspect", target);
    slab(url, "stats", "s3://bucket/nothing");
    server.stop(0);
  }

  private void slab(String url, String... words) {
    Main.run(
        words,
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        Map.of(
            "SLAB_HOME", "home",
            "AWS_ACCESS_KEY_ID", "training",
            "AWS_SECRET_ACCESS_KEY", "training",
            "AWS_ENDPOINT_URL", url,
            "HOME", "/nonexistent",
            "XDG_CACHE_HOME", cache.toString()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getQuery();
    if (query != null && query.contains("list-type")) {
      send(exchange, 200, listing(query).getBytes(StandardCharsets.UTF_8));
      return;
    }
    String key = path.startsWith(BUCKET) ? path.substring(BUCKET.length()) : path;
    if (exchange.getRequestMethod().equals("PUT")) {
      boolean taken = objects.putIfAbsent(key, body) != null;
      send(exchange, taken ? 412 : 200, taken ? error("PreconditionFailed") : new byte[0]);
      return;
    }
    byte[] content = objects.get(key);
    if (content == null) {
      send(exchange, 404, error("NoSuchKey"));
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, 200, content);
      return;
    }
    Matcher parts = RANGE.matcher(range);
    boolean suffix = parts.matches() && parts.group(1).isEmpty();
    int last = Integer.parseInt(parts.group(2));
    int from = suffix ? Math.max(0, content.length - last) : Integer.parseInt(parts.group(1));
    int to = suffix ? content.length : Math.min(content.length, last + 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
    send(exchange, 206, Arrays.copyOfRange(content, from, to));
  }

  private static byte[] error(String code) {
    return ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("ETag", "\"0\"");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private String listing(String query) {
    String prefix = parameter(query, "prefix");
    String after = parameter(query, "start-after");
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult>");
    StringBuilder folders = new StringBuilder();
    List<String> keys = objects.keySet().stream().sorted().toList();
    String lastFolder = "";
    for (String key : keys) {
      if (!key.startsWith(prefix) || key.compareTo(after) <= 0) {
        continue;
      }
      int slash = key.indexOf('/', prefix.length());
      if (slash < 0) {
        xml.append("<Contents><Key>" + key + "</Key><Size>" + objects.get(key).length)
            .append("</Size><LastModified>2026-01-01T00:00:00Z</LastModified>")
            .append("<ETag>\"0\"</ETag></Contents>");
      } else if (!key.substring(0, slash + 1).equals(lastFolder)) {
        lastFolder = key.substring(0, slash + 1);
        folders.append("<CommonPrefixes><Prefix>" + lastFolder + "</Prefix></CommonPrefixes>");
      }
    }
    return xml + folders.toString() + "<IsTruncated>false</IsTruncated></ListBucketResult>";
  }

  private static String parameter(String query, String name) {
    for (String part : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    return "";
  }
}
