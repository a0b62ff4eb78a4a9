package io.slab.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something between a client and an S3 server that changes the answers to listings and nothing
 * else. One request for each connection. Thread-safe.
 */
final class LyingProxy implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

  private final URI upstream;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** From the target of a listing and the body of the answer to another body. */
  private volatile BiFunction<String, String, String> lie = (target, body) -> body;

  LyingProxy(URI upstream) {
    this.upstream = upstream;
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  void lie(BiFunction<String, String, String> next) {
    lie = next;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      Matcher length = LENGTH.matcher(head);
      byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      OutputStream out = server.getOutputStream();
      String once = head.replaceFirst("(?i)\r\nconnection:[^\r]*", "");
      out.write(ascii(once.replaceFirst("\r\n", "\r\nConnection: close\r\n")));
      out.write(body);
      out.flush();
      byte[] answer = server.getInputStream().readAllBytes();
      String target = head.split(" ")[1];
      boolean listing = head.startsWith("GET ") && target.contains("list-type=2");
      client.getOutputStream().write(listing ? changed(target, answer) : answer);
      client.getOutputStream().flush();
    } catch (IOException e) {
      // A client that went away.
    }
  }

  private byte[] changed(String target, byte[] answer) {
    String whole = new String(answer, StandardCharsets.ISO_8859_1);
    int start = whole.indexOf("\r\n\r\n");
    String head = whole.substring(0, start);
    String body = whole.substring(start + 4);
    boolean chunked = head.matches("(?is).*transfer-encoding: *chunked.*");
    String lied = lie.apply(target, chunked ? joined(body) : body);
    return ascii(
        head.replaceAll("(?i)\r\n(transfer-encoding|content-length):[^\r]*", "")
            + "\r\nContent-Length: "
            + lied.length()
            + "\r\n\r\n"
            + lied);
  }

  private static String joined(String chunks) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int end = chunks.indexOf("\r\n", at);
      int length = Integer.parseInt(chunks.substring(at, end).trim(), 16);
      if (length == 0) {
        return body.toString();
      }
      body.append(chunks, end + 2, end + 2 + length);
      at = end + 2 + length + 2;
    }
  }

  /** Everything up to the empty line, with it. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text;
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
