package io.slab.bench.serve;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpMethod;
import io.slab.model.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chroma's server from npm, whose HNSW graph has its usual 16 neighbours a node. */
final class ChromaPeer implements Peer {
  private static final String HOME = "/api/v2/tenants/default_tenant/databases/default_database/";
  private static final Pattern ID = Pattern.compile("\"(r\\d+)\"");
  private static final Pattern COLLECTION = Pattern.compile("\"id\":\"([0-9a-f-]+)\"");

  private final Served served;
  private final WebClient client;
  private final String version;
  private String collection;

  ChromaPeer(Path folder, int port) throws Exception {
    String home = System.getenv("SLAB_CHROMA");
    this.served =
        Served.program(
            port,
            "/api/v2/heartbeat",
            List.of("node", home + "/serve.cjs", folder.toString(), "" + port));
    this.client = Asking.rest(port);
    this.version = Asking.get(client, "/api/v2/version").replace("\"", "");
  }

  /** Whether {@code bench/serve} installed it. */
  static boolean isThere() {
    return System.getenv("SLAB_CHROMA") != null;
  }

  @Override
  public String name() {
    return "Chroma " + version;
  }

  @Override
  public void create(VectorSet set) {
    String space = set.metric() == Metric.COSINE ? "cosine" : "l2";
    String answer =
        Asking.post(
            client,
            HOME + "collections",
            "{\"name\":\"rows\",\"configuration\":{\"hnsw\":{\"space\":\"%s\",\"ef_search\":%s}}}"
                .formatted(space, settings().getFirst()));
    Matcher id = COLLECTION.matcher(answer);
    if (!id.find()) {
      throw new IllegalStateException(answer);
    }
    collection = HOME + "collections/" + id.group(1);
  }

  @Override
  public void add(VectorSet set, int from, int to) {
    StringBuilder ids = new StringBuilder();
    StringBuilder vectors = new StringBuilder();
    for (int i = from; i < to; i++) {
      ids.append(i == from ? "" : ",").append("\"r").append(i).append('"');
      vectors.append(i == from ? "" : ",").append(VectorSet.json(set.row(i)));
    }
    Asking.post(
        client, collection + "/add", "{\"ids\":[" + ids + "],\"embeddings\":[" + vectors + "]}");
  }

  /** The first query waits until its log is in the graph. */
  @Override
  public void build() {}

  @Override
  public List<String> settings() {
    return List.of("10", "20", "40", "60", "80", "100", "150", "200");
  }

  @Override
  public void set(String setting) {
    String body = "{\"new_configuration\":{\"hnsw\":{\"ef_search\":" + setting + "}}}";
    Asking.send(client, HttpMethod.PUT, collection, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] query(float[] vector) {
    return ("{\"n_results\":10,\"include\":[\"distances\"],\"query_embeddings\":["
            + VectorSet.json(vector)
            + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<String> ask(byte[] query) {
    Matcher ids = ID.matcher(Asking.post(client, collection + "/query", query));
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
