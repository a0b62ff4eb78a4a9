package io.slab.cli.launch;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.cli.Main;
import io.slab.cli.VectorModule;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.serve.ServeOptions;
import io.slab.serve.SlabServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Starts a server over ten small indexes, asks it a few questions over REST and gRPC and ends it,
 * for the cache that {@code slab serve} starts from. {@link PrepareServe} runs it in a Java of its
 * own, with an empty directory.
 */
public final class TrainingServe {
  private static final int INDEXES = 10;
  private static final String JSON = "application/json";

  /** Of HTTP/2: a client's first bytes, with settings that say nothing. */
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

  private static final int HEADERS = 1;
  private static final int END_OF_STREAM = 1;
  private static final int END_OF_HEADERS = 4;
  private static final int FRAME_HEAD = 9;

  /** A protocol message of gRPC: a query for the nearest record, by the id {@code a}. */
  private static final byte[] QUERY = {0, 0, 0, 0, 5, 0x10, 1, 0x42, 1, 'a'};

  private TrainingServe() {}

  public static void main(String[] args) throws IOException {
    Path root = Files.createDirectory(Path.of(args[0]).resolve("indexes"));
    for (int i = 0; i < INDEXES; i++) {
      IndexSettings settings = IndexSettings.dense(4, Metric.COSINE);
      try (Index index = Index.create(root.resolve("i" + i), settings)) {
        index
            .namespace(io.slab.Namespace.DEFAULT)
            .upsert(List.of(VectorRecord.of("a", 1, 0, 0, 1)));
      }
    }
    Main.run(
        new String[] {
          "serve", root.toString(), "--check", "--port", "0", "--index-ports", "0-0", "--no-log"
        },
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        Map.of());
    ServeOptions options =
        ServeOptions.of(root.toString()).anywhere().withDrain(Duration.ofSeconds(1));
    try (SlabServer server = SlabServer.start(options)) {
      int port = server.catalog().list().getFirst().port();
      rest(server.port(), "GET", "/readyz", "");
      rest(server.port(), "GET", "/metrics", "");
      rest(server.port(), "GET", "/indexes", "");
      String upsert =
          "{\"vectors\":[{\"id\":\"b\",\"values\":[0.1,0.2,0.3,0.4],\"metadata\":{\"k\":\"v\",\"n\":1}}]}";
      String query =
          "{\"topK\":3,\"vector\":[0.1,0.2,0.3,0.4],\"includeMetadata\":true,\"filter\":{\"n\":{\"$gte\":1}}}";
      for (int i = 0; i < 3; i++) {
        rest(port, "POST", "/vectors/upsert", upsert);
        rest(port, "POST", "/query", query);
        rest(port, "GET", "/vectors/fetch?ids=a", "");
        rest(port, "GET", "/vectors/list", "");
        rest(port, "POST", "/describe_index_stats", "{}");
        grpc(port, "/VectorService/Query");
      }
      rest(port, "POST", "/query", "{\"topK\":0}");
    }
    // As the real start does, and last: what the module brings cannot be kept in a cache.
    VectorModule.load();
  }

  private static void rest(int port, String method, String path, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: "
              + JSON
              + "\r\ncontent-length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  private static void grpc(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(PREFACE.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      field(head, ":method", "POST");
      field(head, ":scheme", "http");
      field(head, ":path", path);
      field(head, ":authority", "localhost:" + port);
      field(head, "content-type", "application/grpc");
      field(head, "te", "trailers");
      frame(out, HEADERS, END_OF_HEADERS, head.toByteArray());
      frame(out, 0, END_OF_STREAM, QUERY);
      socket.getOutputStream().write(out.toByteArray());
      readToTrailers(new DataInputStream(socket.getInputStream()));
    }
  }

  /** A header as it is written without any table. */
  private static void field(ByteArrayOutputStream head, String name, String value) {
    head.write(0);
    head.write(name.length());
    head.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    head.write(value.length());
    head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static void frame(ByteArrayOutputStream out, int type, int flags, byte[] content) {
    out.writeBytes(
        new byte[] {
          0, (byte) (content.length >> 8), (byte) content.length, (byte) type, (byte) flags
        });
    out.writeBytes(new byte[] {0, 0, 0, 1});
    out.writeBytes(content);
  }

  private static void readToTrailers(DataInputStream in) throws IOException {
    byte[] head = new byte[FRAME_HEAD];
    do {
      in.readFully(head);
      in.skipNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff);
    } while (head[3] != HEADERS || (head[4] & END_OF_STREAM) == 0);
  }
}
