package io.slab.bench.serve;

import com.linecorp.armeria.client.WebClient;
import io.slab.Index;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code slab serve} over a folder; its recall is the one it aims at by itself. */
final class SlabPeer implements Peer {
  private static final Pattern ID = Pattern.compile("\"id\":\"(r\\d+)\"");

  private final Path root;
  private final Served served;
  private final WebClient control;
  private final WebClient data;

  SlabPeer(Path root, int port) throws Exception {
    this.root = root;
    this.served = Served.slab(root, port);
    this.control = Asking.rest(port);
    this.data = Asking.rest(port + 1);
  }

  @Override
  public String name() {
    return "slab serve";
  }

  @Override
  public void create(VectorSet set) {
    create(control, "rows", set.dimension(), set.metric().name().toLowerCase(Locale.ROOT));
  }

  static void create(WebClient control, String name, int dimension, String metric) {
    Asking.post(
        control,
        "/indexes",
        "{\"name\":\"%s\",\"dimension\":%d,\"metric\":\"%s\",\"spec\":{\"serverless\":{\"cloud\":\"a\",\"region\":\"r\"}}}"
            .formatted(name, dimension, metric));
  }

  @Override
  public void add(VectorSet set, int from, int to) {
    Asking.post(data, "/vectors/upsert", set.upsert(from, to));
  }

  /** What the server does by itself a minute after the last write. */
  @Override
  public void build() {
    try (Index index = Index.open(root.resolve("rows"))) {
      index.namespace(io.slab.Namespace.DEFAULT).flush();
      index.namespace(io.slab.Namespace.DEFAULT).compactAll();
    }
  }

  @Override
  public List<String> settings() {
    return List.of("as it is");
  }

  @Override
  public void set(String setting) {}

  @Override
  public byte[] query(float[] vector) {
    return ("{\"topK\":10,\"vector\":" + VectorSet.json(vector) + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<String> ask(byte[] query) {
    Matcher ids = ID.matcher(Asking.post(data, "/query", query));
    List<String> found = new ArrayList<>();
    while (ids.find()) {
      found.add(ids.group(1));
    }
    return found;
  }

  @Override
  public Served served() {
    return served;
  }

  @Override
  public void close() throws IOException {
    served.close();
  }
}
