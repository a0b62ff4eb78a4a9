package io.slab.serve;

import io.slab.IndexOptions;
import io.slab.error.InvalidInputException;
import io.slab.serve.data.SharedModel;
import io.slab.serve.rest.HostRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How a server is started: {@link #of}, and copies of it with one thing changed (docs/serve.md).
 * Immutable.
 */
public final class ServeOptions {
  /** Files of PEM. */
  public record Tls(Path certificate, Path key) {}

  private String root;
  private IndexOptions reading = IndexOptions.defaults();
  private String host;
  private int port = 5080;
  private List<Integer> indexPorts = IntStream.rangeClosed(5081, 5090).boxed().toList();
  private int metricsPort = -1;
  private Path keys;
  private boolean insecure;
  private Tls tls;
  private boolean readOnly;
  private boolean background = true;
  private String peers;
  private HostRule.Form advertise = HostRule.Form.AUTO;
  private int maxBody = 20 << 20;
  private boolean strict;
  private List<String> corsOrigins = List.of();
  private List<String> importRoots = List.of();
  private Map<String, String> importStore = Map.of();
  private Duration freshness = Duration.ofSeconds(1);
  private Duration drain = Duration.ofSeconds(10);
  private Duration patience = Duration.ofSeconds(5);
  private Duration flushAfter = Duration.ofSeconds(60);
  private Duration silence = Duration.ofSeconds(60);
  private boolean logging = true;
  private SharedModel texts;

  private ServeOptions() {}

  /** As the verb without an option. */
  public static ServeOptions of(String root) {
    ServeOptions options = new ServeOptions();
    options.root = root;
    return options;
  }

  private ServeOptions with(Consumer<ServeOptions> change) {
    ServeOptions copy = new ServeOptions();
    copy.root = root;
    copy.reading = reading;
    copy.host = host;
    copy.port = port;
    copy.indexPorts = indexPorts;
    copy.metricsPort = metricsPort;
    copy.keys = keys;
    copy.insecure = insecure;
    copy.tls = tls;
    copy.readOnly = readOnly;
    copy.background = background;
    copy.peers = peers;
    copy.advertise = advertise;
    copy.maxBody = maxBody;
    copy.strict = strict;
    copy.corsOrigins = corsOrigins;
    copy.importRoots = importRoots;
    copy.importStore = importStore;
    copy.freshness = freshness;
    copy.drain = drain;
    copy.patience = patience;
    copy.flushAfter = flushAfter;
    copy.silence = silence;
    copy.logging = logging;
    copy.texts = texts;
    change.accept(copy);
    return copy;
  }

  /** The same at any ports that are free, without a log: for tests. */
  public ServeOptions anywhere() {
    return withPorts(0, IntStream.range(0, 8).mapToObj(i -> 0).toList()).withLogging(false);
  }

  public ServeOptions withPorts(int control, List<Integer> indexes) {
    return with(copy -> {
      copy.port = control;
      copy.indexPorts = List.copyOf(indexes);
    });
  }

  /** The same, changing nothing. */
  public ServeOptions asReadOnly() {
    return withReadOnly(true);
  }

  public ServeOptions withReading(IndexOptions value) {
    return with(copy -> copy.reading = value);
  }

  public ServeOptions withHost(String value) {
    return with(copy -> copy.host = value);
  }

  public ServeOptions withMetricsPort(int value) {
    return with(copy -> copy.metricsPort = value);
  }

  public ServeOptions withKeys(Path value) {
    return with(copy -> copy.keys = value);
  }

  public ServeOptions withInsecure(boolean value) {
    return with(copy -> copy.insecure = value);
  }

  public ServeOptions withTls(Tls value) {
    return with(copy -> copy.tls = value);
  }

  public ServeOptions withReadOnly(boolean value) {
    return with(copy -> copy.readOnly = value);
  }

  public ServeOptions withBackground(boolean value) {
    return with(copy -> copy.background = value);
  }

  public ServeOptions withPeers(String value) {
    return with(copy -> copy.peers = value);
  }

  public ServeOptions withAdvertise(HostRule.Form value) {
    return with(copy -> copy.advertise = value);
  }

  public ServeOptions withMaxBody(int value) {
    return with(copy -> copy.maxBody = value);
  }

  public ServeOptions withStrict(boolean value) {
    return with(copy -> copy.strict = value);
  }

  public ServeOptions withCorsOrigins(List<String> value) {
    return with(copy -> copy.corsOrigins = List.copyOf(value));
  }

  public ServeOptions withImportRoots(List<String> value) {
    return with(copy -> copy.importRoots = List.copyOf(value));
  }

  public ServeOptions withImportStore(Map<String, String> value) {
    return with(copy -> copy.importStore = Map.copyOf(value));
  }

  public ServeOptions withFreshness(Duration value) {
    return with(copy -> copy.freshness = value);
  }

  public ServeOptions withDrain(Duration value) {
    return with(copy -> copy.drain = value);
  }

  public ServeOptions withPatience(Duration value) {
    return with(copy -> copy.patience = value);
  }

  public ServeOptions withFlushAfter(Duration value) {
    return with(copy -> copy.flushAfter = value);
  }

  public ServeOptions withSilence(Duration value) {
    return with(copy -> copy.silence = value);
  }

  public ServeOptions withLogging(boolean value) {
    return with(copy -> copy.logging = value);
  }

  public ServeOptions withTexts(SharedModel value) {
    return with(copy -> copy.texts = value);
  }

  /** The model that makes vectors of texts, or null for none; the server closes it. */
  public SharedModel texts() {
    return texts;
  }

  /** A folder or a prefix on S3 whose children are indexes. */
  public String root() {
    return root;
  }

  /** How indexes are opened. */
  public IndexOptions reading() {
    return reading;
  }

  /** Address or name to listen at; null for both loopbacks. */
  public String host() {
    return host;
  }

  /** Port of the control plane; 0 for any that is free. */
  public int port() {
    return port;
  }

  /** One port for each index; zeros for any that are free. */
  public List<Integer> indexPorts() {
    return indexPorts;
  }

  /** Port of metrics and health alone; 0 for any that is free, -1 for none. */
  public int metricsPort() {
    return metricsPort;
  }

  /** File of keys, or null for none. */
  public Path keys() {
    return keys;
  }

  /** Whether other machines may ask without a key. */
  public boolean insecure() {
    return insecure;
  }

  /** Certificate and key of the server, or null for plaintext. */
  public Tls tls() {
    return tls;
  }

  /** Whether nothing is changed, background work included. */
  public boolean readOnly() {
    return readOnly;
  }

  /** Whether slabs are built in the background. */
  public boolean background() {
    return background;
  }

  /** The servers that share background work, or null. */
  public String peers() {
    return peers;
  }

  /** How hosts are written. */
  public HostRule.Form advertise() {
    return advertise;
  }

  /** Most bytes of a body or message. */
  public int maxBody() {
    return maxBody;
  }

  /** Whether the limits of the official service count. */
  public boolean strict() {
    return strict;
  }

  /** Origins whose pages may ask; * for any. */
  public List<String> corsOrigins() {
    return corsOrigins;
  }

  /** Folders and prefixes that imports may read. */
  public List<String> importRoots() {
    return importRoots;
  }

  /** Settings of S3 for imports. */
  public Map<String, String> importStore() {
    return importStore;
  }

  /** How old what other processes wrote may be. */
  public Duration freshness() {
    return freshness;
  }

  /** How long requests may go on after the end was asked for. */
  public Duration drain() {
    return drain;
  }

  /** How long a read waits for an LSN that another server acknowledged. */
  public Duration patience() {
    return patience;
  }

  /** How long a namespace is not written to before what it holds is flushed. */
  public Duration flushAfter() {
    return flushAfter;
  }

  /** After which without a sign of life a job is taken for one that no server works on. */
  public Duration silence() {
    return silence;
  }

  /** Whether each request is logged on stderr. */
  public boolean logging() {
    return logging;
  }

  /**
   * Refuses what would let other machines in without a key.
   *
   * @throws InvalidInputException then
   */
  void requireSafe() {
    if (keys == null && !insecure && host != null && !isLoopback(host)) {
      throw new InvalidInputException(
          "without keys the server listens to this machine alone, not at " + host,
          "name a file of keys with --keys, or say --insecure");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new InvalidInputException("'" + host + "' is no address or name of a host", null, e);
    }
  }
}
