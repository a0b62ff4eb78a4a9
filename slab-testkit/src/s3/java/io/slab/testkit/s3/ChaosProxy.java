package io.slab.testkit.s3;

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
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network that misbehaves, in front of an S3 server: an HTTP/1.1 proxy of one request for each
 * connection, which leaves bytes and signatures as they are, except for the fault that a plan
 * chooses for the request. Thread-safe.
 */
public final class ChaosProxy implements AutoCloseable {
  /** What happens to one request. */
  public enum Fault {
    NONE,
    /** 503 SlowDown; the server never sees the request. */
    SLOWDOWN_503,
    /** 500; the server never sees the request. */
    INTERNAL_500,
    /** 409 ConditionalRequestConflict; the server never sees the request. */
    CONFLICT_409,
    /** 501 NotImplemented; the server never sees the request. */
    NOT_IMPLEMENTED_501,
    /** The connection breaks before anything is sent on. */
    RESET_BEFORE,
    /** The server does what it was asked to; the connection breaks before its answer. */
    RESET_AFTER_FORWARDED,
    /** The server does what it was asked to; the client hears 500. */
    COMMIT_THEN_500,
    /** 403 AccessDenied; the server never sees the request. */
    DENIED_403,
    /** The server does what it was asked to; the client hears 403. */
    COMMIT_THEN_403,
    /** The server does what it was asked to; the client hears 404 NoSuchBucket. */
    COMMIT_THEN_404,
    /** Half of the answer's body. */
    TRUNCATE_BODY,
    /** One bit of the answer's body is another. */
    CORRUPT_BODY,
    /** No answer, for longer than any client waits; the server does what it was asked to. */
    STALL,
    /** A slow answer. */
    LATENCY,
    /** A failed condition is answered as if there had been none: 200. */
    PRETEND_200
  }

  /**
   * One request.
   *
   * @param number counted from 0
   * @param target path and query
   */
  public record Request(long number, String method, String target) {
    public boolean is(String wanted, String part) {
      return method.equals(wanted) && target.contains(part);
    }
  }

  /** Decides about each request. */
  @FunctionalInterface
  public interface Plan {
    Fault decide(Request request);
  }

  /** Changes the body of an answer. */
  @FunctionalInterface
  public interface Tamper {
    String body(Request request, String body);
  }

  /** Is told of each answer without a fault. */
  @FunctionalInterface
  public interface Watch {
    /**
     * @param status of HTTP
     * @param bytes of the answer's body, as its head says; 0 where it does not
     */
    void answered(Request request, int status, long bytes);
  }

  private final URI upstream;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private volatile Plan plan;
  private volatile Tamper tamper;
  private volatile Watch watch;

  public ChaosProxy(URI upstream, Plan plan) {
    this.upstream = upstream;
    this.plan = plan;
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Another plan from now on. */
  public void plan(Plan next) {
    plan = next;
  }

  /** Changes the bodies of answers without a fault from now on; null: no more. */
  public void tamper(Tamper next) {
    tamper = next;
  }

  /** Counts answers from now on; null: no more. */
  public void watch(Watch next) {
    watch = next;
  }

  public long requests() {
    return requests.get();
  }

  /** Requests with a fault. */
  public long faults() {
    return faults.get();
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
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      String[] line = head.substring(0, head.indexOf('\r')).split(" ");
      Request request = new Request(requests.getAndIncrement(), line[0], line[1]);
      Fault fault = plan.decide(request);
      if (fault != Fault.NONE) {
        faults.incrementAndGet();
      }
      byte[] body = in.readNBytes(length(head));
      answer(client, request, head, body, fault);
    } catch (IOException | InterruptedException e) {
      // A client that went away.
    }
  }

  private void answer(Socket client, Request request, String head, byte[] body, Fault fault)
      throws IOException, InterruptedException {
    String method = request.method();
    OutputStream out = client.getOutputStream();
    switch (fault) {
      case SLOWDOWN_503 -> out.write(error(method, "503 Slow Down", "SlowDown"));
      case INTERNAL_500 -> out.write(error(method, "500 Internal Server Error", "InternalError"));
      case CONFLICT_409 -> out.write(error(method, "409 Conflict", "ConditionalRequestConflict"));
      case NOT_IMPLEMENTED_501 -> out.write(error(method, "501 Not Implemented", "NotImplemented"));
      case RESET_BEFORE -> client.setSoLinger(true, 0);
      case RESET_AFTER_FORWARDED -> {
        forward(head, body);
        client.setSoLinger(true, 0);
      }
      case COMMIT_THEN_500 -> {
        forward(head, body);
        out.write(error(method, "500 Internal Server Error", "InternalError"));
      }
      case DENIED_403 -> out.write(error(method, "403 Forbidden", "AccessDenied"));
      case COMMIT_THEN_403 -> {
        forward(head, body);
        out.write(error(method, "403 Forbidden", "AccessDenied"));
      }
      case COMMIT_THEN_404 -> {
        forward(head, body);
        out.write(error(method, "404 Not Found", "NoSuchBucket"));
      }
      case STALL -> {
        forward(head, body);
        Thread.sleep(30_000);
      }
      case LATENCY -> {
        Thread.sleep(50);
        out.write(forward(head, body));
      }
      case PRETEND_200 -> out.write(pretend(forward(head, body)));
      case TRUNCATE_BODY -> {
        byte[] response = forward(head, body);
        int start = bodyOf(response);
        out.write(response, 0, start + (response.length - start) / 2);
      }
      case CORRUPT_BODY -> {
        byte[] response = forward(head, body);
        int start = bodyOf(response);
        if (start < response.length) {
          response[start + (response.length - start) / 2] ^= 4;
        }
        out.write(response);
      }
      case NONE -> {
        byte[] response = forward(head, body);
        watched(request, response);
        out.write(tampered(request, response));
      }
    }
    out.flush();
  }

  private void watched(Request request, byte[] response) {
    Watch watching = watch;
    if (watching != null) {
      String answer =
          new String(response, 0, bodyOf(response), StandardCharsets.ISO_8859_1).strip();
      watching.answered(request, Integer.parseInt(answer.split(" ")[1]), length(answer));
    }
  }

  private static byte[] error(String method, String status, String code) {
    String xml =
        method.equals("HEAD")
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>"
                + code
                + "</Code><Message>injected</Message></Error>";
    return ascii(
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
            + xml.length()
            + "\r\n\r\n"
            + xml);
  }

  private static byte[] pretend(byte[] response) {
    return new String(response, 0, 12, StandardCharsets.ISO_8859_1).endsWith("412")
        ? ascii("HTTP/1.1 200 OK\r\nETag: \"0\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        : response;
  }

  private byte[] tampered(Request request, byte[] response) {
    Tamper tampering = tamper;
    String whole = new String(response, StandardCharsets.ISO_8859_1);
    int start = whole.indexOf("\r\n\r\n");
    if (tampering == null || start < 0) {
      return response;
    }
    String head = whole.substring(0, start);
    String body = whole.substring(start + 4);
    String plain = head.matches("(?is).*transfer-encoding: *chunked.*") ? joined(body) : body;
    String changed = tampering.body(request, plain);
    return changed.equals(plain)
        ? response
        : ascii(
            head.replaceAll("(?i)\r\n(transfer-encoding|content-length):[^\r]*", "")
                + "\r\nContent-Length: "
                + changed.length()
                + "\r\n\r\n"
                + changed);
  }

  /** The body that was sent in chunks. */
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

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The whole answer of the server. */
  private byte[] forward(String head, byte[] body) throws IOException {
    try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      OutputStream out = server.getOutputStream();
      String once = head.replaceFirst("(?i)\r\nConnection:[^\r]*", "");
      out.write(ascii(once.replaceFirst("\r\n", "\r\nConnection: close\r\n")));
      out.write(body);
      out.flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private static int bodyOf(byte[] response) {
    for (int i = 0; i + 3 < response.length; i++) {
      if (response[i] == '\r'
          && response[i + 1] == '\n'
          && response[i + 2] == '\r'
          && response[i + 3] == '\n') {
        return i + 4;
      }
    }
    return response.length;
  }

  /** Everything up to the empty line, with it. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int length(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    return 0;
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
