package io.slab.serve;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.slab.serve.backup.Backups;
import io.slab.serve.backup.Restores;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.CatalogOptions;
import io.slab.serve.catalog.ServedLimits;
import io.slab.serve.gateway.Admission;
import io.slab.serve.gateway.Arriving;
import io.slab.serve.gateway.Keys;
import io.slab.serve.gateway.Metrics;
import io.slab.serve.gateway.RequestLog;
import io.slab.serve.gateway.WorkQueue;
import io.slab.serve.grpc.GrpcService;
import io.slab.serve.imports.ImportRoots;
import io.slab.serve.imports.Imports;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.rest.RestService;
import io.slab.serve.rest.Router;
import io.slab.serve.rest.Services;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that answers Pinecone's clients from the indexes below a folder (spec/serve.md).
 * Thread-safe; {@link #close} lets requests that are under way end.
 */
public final class SlabServer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofMinutes(10);

  /** How old what stayed of a deleted index must be before it is taken away. */
  private static final Duration REMAINS = Duration.ofHours(1);

  private static final int MAX_CONNECTIONS = 10_000;
  private static final int MAX_STREAMS = 1_000;

  /** Most bytes of a path with its parameters, and of headers: a fetch names a thousand ids. */
  private static final int MAX_HEADERS = 64 << 10;

  private final ServeOptions options;
  private final int maxBody;
  private final Ports ports;

  /** How often ports are chosen that turn out to be taken. */
  private static final int MOST_TRIES = 5;

  private final JobFolder folder;
  private final Catalog catalog;
  private final Services services;
  private final JobRunner runner;
  private final Upkeep upkeep;
  private final Server server;
  private final Keys keys;
  private final Certificate certificate;
  private final Health health = new Health();

  private SlabServer(ServeOptions options) {
    options.requireSafe();
    this.keys = options.keys() == null ? Keys.none() : Keys.of(options.keys());
    this.certificate = options.tls() == null ? null : new Certificate(options.tls());
    this.options = options;
    this.maxBody =
        options.strict()
            ? Math.min(options.maxBody(), ServedLimits.STRICT_BODY)
            : options.maxBody();
    this.ports = Ports.choose(options);
    this.folder = new JobFolder(options.root(), options.reading());
    this.catalog =
        new Catalog(
            new CatalogOptions(
                options.root(),
                options.reading(),
                ports.indexes(),
                options.freshness(),
                options.patience(),
                new ServedLimits(options.strict()),
                options.silence()),
            folder);
    ImportRoots roots = new ImportRoots(options.importRoots(), options.importStore());
    this.runner = new JobRunner(folder, options.silence());
    Backups backups = new Backups(catalog, folder, runner);
    Restores restores = new Restores(catalog, folder, runner);
    this.services =
        new Services(
            catalog, backups, restores, new Imports(folder, runner, roots), options.texts());
    Metrics metrics = new Metrics();
    catalog.scan(true);
    this.server = build(metrics);
    boolean builds = options.background() && !options.readOnly();
    Peers peers = options.peers() == null ? null : new Peers(options.peers(), ports.control());
    this.upkeep = builds ? new Upkeep(catalog, metrics, options.flushAfter(), peers).start() : null;
  }

  /**
   * Starts a server, which is ready when this returns.
   *
   * @throws io.slab.error.InvalidInputException for options that contradict each other
   * @throws io.slab.error.SlabException when ROOT cannot be read
   */
  public static SlabServer start(ServeOptions options) {
    SlabServer started = listening(options);
    started.health.ready();
    if (!options.readOnly()) {
      started.lookAfterJobs();
    }
    return started;
  }

  /** Another process may take a port that was free when it was chosen: others are chosen then. */
  private static SlabServer listening(ServeOptions options) {
    for (int tries = 1; ; tries++) {
      SlabServer started = new SlabServer(options);
      try {
        started.server.start().join();
        return started;
      } catch (CompletionException e) {
        started.close();
        boolean again = Ports.areChosen(options) && e.getCause() instanceof IOException;
        if (!again || tries == MOST_TRIES) {
          throw Ports.failure(e.getCause());
        }
      }
    }
  }

  /** What servers left that are gone: at once what they left in order, the rest after a silence. */
  private void lookAfterJobs() {
    Duration silent = options.silence().plusSeconds(1);
    runner.every(Duration.ZERO, LOOK, this::resume);
    runner.every(silent, LOOK, this::resume);
  }

  private void resume() {
    services.restores().resume();
    services.backups().resume();
    services.imports().resume();
    catalog.claims().settle();
    catalog.claims().sweep(REMAINS);
  }

  private Server build(Metrics metrics) {
    RequestLog log = new RequestLog(options.logging() ? System.err : null);
    Admission admission =
        new Admission(
            keys,
            catalog,
            new Admission.Doors(options.readOnly(), options.insecure(), options.corsOrigins()));
    int cores = Runtime.getRuntime().availableProcessors();
    long memory = Runtime.getRuntime().maxMemory() / 4;
    Arriving arriving = new Arriving(Math.max(memory, maxBody));
    WorkQueue reads = new WorkQueue("read", cores * 2, 1_000, memory);
    WorkQueue writes = new WorkQueue("write", 256, 1_000, memory);
    RestService rest =
        new RestService(
            new Router(services),
            admission,
            reads,
            writes,
            options.advertise(),
            log,
            arriving,
            IDLE.toSeconds());
    ServerBuilder builder =
        Server.builder()
            .maxRequestLength(maxBody)
            .requestTimeout(TIMEOUT)
            .idleTimeout(IDLE)
            .maxNumConnections(MAX_CONNECTIONS)
            .http1MaxInitialLineLength(MAX_HEADERS)
            .http1MaxHeaderSize(MAX_HEADERS)
            .http2MaxHeaderListSize(MAX_HEADERS)
            .http2MaxStreamsPerConnection(MAX_STREAMS)
            .disableServerHeader()
            // The library's own counts go nowhere: MetricsPage has its own.
            .meterRegistry(NoopMeterRegistry.get())
            .errorHandler(new ErrorForm())
            .decorator(delegate -> new Gateway(delegate, metrics, log, health, ports.metrics()))
            .service("/livez", (ctx, req) -> HttpResponse.of(HttpStatus.OK))
            .service("/readyz", (ctx, req) -> HttpResponse.of(health.status()))
            .service(
                "/metrics",
                guarded(
                    admission, new MetricsPage(metrics, catalog, runner, reads, writes, arriving)))
            .serviceUnder(
                GrpcService.PREFIX,
                new GrpcService(admission, reads, writes, log, arriving, maxBody))
            .serviceUnder("/", rest);
    if (!options.corsOrigins().isEmpty()) {
      builder.decorator(Cors.of(options.corsOrigins()));
    }
    ports.listen(builder, options, certificate);
    return builder.build();
  }

  /** Counts are not shown where keys are needed, but for those who see their own port. */
  private HttpService guarded(Admission admission, HttpService page) {
    return ports.metrics() >= 0
        ? page
        : (ctx, req) -> {
          admission.caller(req.headers());
          return page.serve(ctx, req);
        };
  }

  /** Reads the keys and the certificate again, at once; damaged files change nothing. */
  public void reload() {
    keys.reread();
    if (certificate != null) {
      certificate.reread();
    }
  }

  /** The port of metrics and health; -1 where they have none of their own. */
  public int metricsPort() {
    return ports.metrics();
  }

  /** The port of the control plane. */
  public int port() {
    return ports.control();
  }

  /** All ports that it listens at. */
  public List<Integer> listening() {
    return server.activePorts().values().stream()
        .filter(port -> port.hasProtocol(SessionProtocol.HTTP) || port.hasTls())
        .map(ServerPort::localAddress)
        .map(java.net.InetSocketAddress::getPort)
        .distinct()
        .sorted()
        .toList();
  }

  /** How many names are claimed by indexes that are being made. */
  int claims() {
    return folder.claims().size();
  }

  /** The indexes that it serves. */
  public Catalog catalog() {
    return catalog;
  }

  /** How many requests are under way. */
  public int underWay() {
    return health.underWay();
  }

  /**
   * Ends it: new requests are refused, those under way have the drain time, background work stops
   * where nothing is half done.
   */
  @Override
  public void close() {
    health.drain(options.drain());
    CompletableFuture<Void> stopped = server.stop();
    runner.close();
    if (upkeep != null) {
      upkeep.close();
    }
    try {
      // Its threads wait for a while for what may still come; no other thread has to.
      stopped.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // It takes no connection any more, and no request is under way.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    catalog.close();
    folder.close();
    if (options.texts() != null) {
      options.texts().close();
    }
  }
}
