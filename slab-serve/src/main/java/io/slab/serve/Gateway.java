package io.slab.serve;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.gateway.Metrics;
import io.slab.serve.gateway.Note;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Around every request: gives it an id, counts it, logs it. */
final class Gateway extends SimpleDecoratingHttpService {
  private final Metrics metrics;
  private final io.slab.serve.gateway.RequestLog log;
  private final Health health;
  private final int metricsPort;

  Gateway(
      HttpService delegate,
      Metrics metrics,
      io.slab.serve.gateway.RequestLog log,
      Health health,
      int metricsPort) {
    super(delegate);
    this.metricsPort = metricsPort;
    this.metrics = metrics;
    this.log = log;
    this.health = health;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Note note = new Note(new UUID(random.nextLong(), random.nextLong()).toString());
    ctx.setAttr(Note.KEY, note);
    ctx.setAdditionalResponseHeader("x-pinecone-request-id", note.id());
    String path = ctx.path();
    boolean probe = path.equals("/livez") || path.equals("/readyz") || path.equals("/metrics");
    if (metricsPort >= 0 && isElsewhere(ctx, path, probe)) {
      return ErrorForm.refusal(
          req.headers(), ApiException.notFound("Not found at this port: " + path));
    }
    if (!probe && !health.enter()) {
      CompletableFuture<Void> unused = ctx.initiateConnectionShutdown();
      return ErrorForm.refusal(
          req.headers(), new ApiException(Status.UNAVAILABLE, "the server is being ended"));
    }
    CompletableFuture<Void> unused =
        ctx.log()
            .whenComplete()
            .thenAccept(done -> {
              if (!probe) {
                health.leave();
                write(note, done);
              }
            });
    return unwrap().serve(ctx, req);
  }

  /** Metrics have a port of their own, where nothing else is. */
  private boolean isElsewhere(ServiceRequestContext ctx, String path, boolean probe) {
    boolean there = ctx.localAddress().getPort() == metricsPort;
    return there ? !probe : path.equals("/metrics");
  }

  private void write(Note note, RequestLog done) {
    int status = done.responseStatus().code();
    metrics.request(note.route(), note.index(), status, done.totalDurationNanos());
    log.write(note, status, done.requestLength(), done.responseLength(), done.totalDurationNanos());
  }
}
