package io.slab.cli.command;

import io.slab.IndexOptions;
import io.slab.cli.input.LocalFile;
import io.slab.cli.input.Quantity;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.NotFoundException;
import io.slab.s3.S3Settings;
import io.slab.serve.ServeOptions;
import io.slab.serve.SlabServer;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.data.SharedModel;
import io.slab.serve.rest.HostRule;
import io.slab.store.FileKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts the server as {@code slab serve} was told to. Its classes are on the class path for this
 * verb alone: help and completion look at {@link Serve}, and must not meet them.
 */
final class ServeRun {
  private final Serve verb;

  ServeRun(Serve verb) {
    this.verb = verb;
  }

  ExitCode run(Session session) throws InterruptedException {
    if (!StorageOptions.isRemote(verb.root) && FileKind.of(Path.of(verb.root)) != FileKind.FOLDER) {
      throw new NotFoundException(
          "there is no folder " + verb.root, "make it: indexes are made in it, or copied there");
    }
    // The libraries log; without a place to log to, which is meant, a notice would go to stderr.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    SlabServer server = SlabServer.start(options().withTexts(texts(session)));
    List<String> served = new ArrayList<>();
    for (ServedIndex index : server.catalog().list()) {
      served.add(index.name() + " at " + index.port());
    }
    session.say(
        "control plane at port "
            + server.port()
            + ", indexes: "
            + (served.isEmpty() ? "none yet" : String.join(", ", served)));
    if (verb.check) {
      server.close();
      return ExitCode.OK;
    }
    if (server.metricsPort() >= 0) {
      session.say("metrics and health at port " + server.metricsPort());
    }
    new ServerSignals(session, server, drain()).listen();
    Thread.currentThread().join();
    return ExitCode.OK;
  }

  private Duration drain() {
    return Duration.ofMillis(Quantity.millis("--drain", verb.drain));
  }

  private ServeOptions options() {
    if ((verb.tlsCert == null) != (verb.tlsKey == null)) {
      throw new UsageException("--tls-cert and --tls-key belong together", "give both or none");
    }
    long most = Quantity.bytes("--max-body", verb.maxBody);
    if (most < 1 << 10 || most > 1 << 30) {
      throw new UsageException("--max-body must be from 1KiB to 1GiB", null);
    }
    return ServeOptions.of(verb.root)
        .withReading(reading())
        .withHost(verb.host)
        .withPorts(verb.port, ports())
        .withMetricsPort(verb.metricsPort)
        .withKeys(verb.keys == null ? null : LocalFile.written("--keys", verb.keys.toString()))
        .withInsecure(verb.insecure)
        .withTls(verb.tlsCert == null ? null : new ServeOptions.Tls(verb.tlsCert, verb.tlsKey))
        .withReadOnly(verb.readOnly)
        .withBackground(!verb.noBackground)
        .withPeers(verb.peers)
        .withAdvertise(form())
        .withMaxBody((int) most)
        .withStrict(verb.strict)
        .withCorsOrigins(verb.corsOrigins)
        .withImportRoots(verb.importRoots)
        .withImportStore(imports())
        .withFreshness(Duration.ofMillis(Quantity.millis("--freshness", verb.freshness)))
        .withDrain(drain())
        .withLogging(!verb.noLog && !verb.check);
  }

  /** The model for texts, where one is named; of the usual places too. */
  private SharedModel texts(Session session) {
    EmbedSettings found = EmbedSettings.find(session, verb.embed, null, null);
    if (!verb.embed.given() && (found == null || found.model() == null)) {
      return null;
    }
    EmbedSettings settings = EmbedSettings.require(session, verb.embed, null, null);
    AtomicBoolean said = new AtomicBoolean();
    return new SharedModel(
        settings.model(),
        () -> settings.openAnother(session, said.getAndSet(true)),
        settings.promptPrefix(),
        settings.queryPrefix());
  }

  private Map<String, String> imports() {
    boolean remote = verb.importRoots.stream().anyMatch(StorageOptions::isRemote);
    return remote ? store() : Map.of();
  }

  private List<Integer> ports() {
    List<Integer> ports = new ArrayList<>();
    if (!verb.indexPorts.matches("[0-9]{1,5}-[0-9]{1,5}")) {
      throw new UsageException("--index-ports '" + verb.indexPorts + "' is no range", "5081-5090");
    }
    int dash = verb.indexPorts.indexOf('-');
    int from = Integer.parseInt(verb.indexPorts.substring(0, dash));
    int to = Integer.parseInt(verb.indexPorts.substring(dash + 1));
    if (to > 65_535
        || from > to
        || verb.port < 0
        || verb.port > 65_535
        || verb.metricsPort < -1
        || verb.metricsPort > 65_535) {
      throw new UsageException("ports are numbers up to 65535, the smaller one first", null);
    }
    for (int next = from; next <= to; next++) {
      ports.add(next);
    }
    return ports;
  }

  private HostRule.Form form() {
    try {
      return HostRule.Form.valueOf(verb.advertise.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--advertise is '" + verb.advertise + "'", "auto, url or authority");
    }
  }

  private IndexOptions reading() {
    IndexOptions options = IndexOptions.defaults();
    if (!StorageOptions.isRemote(verb.root)) {
      return options;
    }
    Path cache = verb.storage().writableCache();
    IndexOptions cached =
        cache == null ? options : options.withCache(cache, verb.storage().cacheBytes());
    return cached.withStore(store());
  }

  /** Where S3 is, as the command line says it. */
  private Map<String, String> store() {
    S3Settings settings = verb.storage().settings();
    Map<String, String> store = new HashMap<>();
    put(store, "profile", settings.profile());
    put(store, "region", settings.region());
    put(store, "endpoint", settings.endpoint());
    put(store, "path-style", settings.pathStyle());
    put(store, "anonymous", settings.anonymous());
    put(store, "timeout", settings.timeout());
    put(store, "sse", settings.headers().encryption());
    put(store, "sse-kms-key-id", settings.headers().kmsKey());
    put(store, "requester-pays", settings.headers().requesterPays());
    return store;
  }

  private static void put(Map<String, String> store, String name, Object value) {
    if (value != null) {
      store.put(name, value.toString());
    }
  }
}
