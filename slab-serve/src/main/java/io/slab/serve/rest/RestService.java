package io.slab.serve.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.slab.error.Cancellation;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.ApiVersion;
import io.slab.serve.api.Failures;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.gateway.Admission;
import io.slab.serve.gateway.Arriving;
import io.slab.serve.gateway.Keys;
import io.slab.serve.gateway.Note;
import io.slab.serve.gateway.RequestLog;
import io.slab.serve.gateway.WorkQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Answers REST requests: finds the route, lets it work, and makes an answer of what it gives. */
public final class RestService implements HttpService {
  /** A client that lets its connection go before the server does meets no closed one. */
  private final String keepAlive;

  private final Router router;
  private final Admission admission;
  private final WorkQueue reads;
  private final WorkQueue writes;
  private final HostRule.Form form;
  private final RequestLog log;
  private final Arriving arriving;

  /**
   * @param idleSeconds after which the server closes a connection that is not used
   */
  public RestService(
      Router router,
      Admission admission,
      WorkQueue reads,
      WorkQueue writes,
      HostRule.Form form,
      RequestLog log,
      Arriving arriving,
      long idleSeconds) {
    this.arriving = arriving;
    this.router = router;
    this.admission = admission;
    this.reads = reads;
    this.writes = writes;
    this.form = form;
    this.log = log;
    this.keepAlive = "timeout=" + Math.max(1, idleSeconds - 5);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
    Note note = ctx.attr(Note.KEY);
    Router.Found[] found = new Router.Found[1];
    try {
      Keys.Caller caller = admission.caller(req.headers());
      note.caller(caller.name());
      found[0] = router.find(req.method().name(), segments(ctx.path()));
      Route route = found[0].route();
      note.route(route.method() + " " + route.path());
      boolean write = route.effect() == Route.Effect.WRITE;
      if (Router.isControl(route)) {
        admission.permit(caller, write, named(found[0]));
      } else {
        admission.permit(caller, write);
      }
      Cancellation cancellation = new Cancellation();
      CompletableFuture<Void> unused =
          ctx.whenRequestCancelling().thenAccept(cause -> cancellation.cancel());
      WorkQueue queue = write ? writes : reads;
      CompletableFuture<HttpResponse> answer =
          arriving
              .whole(req, ctx.eventLoop())
              .thenCompose(body ->
                  queue.submit(
                      body.length, () -> answer(ctx, body, found[0], caller, cancellation)))
              .exceptionally(e -> refusal(note, found[0], e));
      return HttpResponse.of(answer);
    } catch (RuntimeException e) {
      return refusal(note, found[0], e);
    }
  }

  /** The index that a route of the control plane is about, or null. */
  private static String named(Router.Found found) {
    boolean one = found.route().path().startsWith("/indexes/{index_name}");
    return one ? found.segments().getFirst() : null;
  }

  /** The index of a request to the data plane; null for the control plane. */
  private ServedIndex index(ServiceRequestContext ctx, Route route, Keys.Caller caller) {
    if (Router.isControl(route)) {
      return null;
    }
    ServedIndex index = admission.requireIndex(ctx);
    admission.permit(caller, route.effect() == Route.Effect.WRITE, index.name());
    ctx.attr(Note.KEY).index(index.name());
    return index;
  }

  private HttpResponse answer(
      ServiceRequestContext ctx,
      byte[] content,
      Router.Found found,
      Keys.Caller caller,
      Cancellation cancellation) {
    RequestHeaders request = ctx.request().headers();
    ServedIndex index = index(ctx, found.route(), caller);
    String version = request.get(ApiVersion.HEADER);
    String userAgent = request.get("user-agent", "");
    boolean tls = ctx.sessionProtocol().isTls();
    HostRule hosts = new HostRule(Admission.host(ctx), tls, form, userAgent);
    RestRequest rest =
        new RestRequest(
            ApiVersion.of(version),
            found.segments(),
            parameters(ctx.query()),
            content,
            index,
            caller,
            hosts,
            Admission.least(request),
            cancellation);
    Reply reply =
        index == null
            ? found.route().handler().apply(rest)
            : index.whileServed(() -> found.route().handler().apply(rest));
    Note note = ctx.attr(Note.KEY);
    note.records(reply.records());
    ResponseHeadersBuilder headers = headers(reply.status());
    if (!ApiVersion.known(version)) {
      headers.set("x-slab-api-version", ApiVersion.newest().label());
    }
    if (reply.lsn() >= 0) {
      headers.set(Admission.lsnHeader(reply.write()), Long.toString(reply.lsn()));
    }
    byte[] body = reply.body();
    if (body.length > 0) {
      headers.contentType(MediaType.JSON);
    }
    if (Gzip.suits(request.get("accept-encoding"), body.length)) {
      body = Gzip.of(body);
      headers.set("content-encoding", "gzip").set("vary", "accept-encoding");
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }

  private ResponseHeadersBuilder headers(int status) {
    return ResponseHeaders.builder(status).set("keep-alive", keepAlive);
  }

  private HttpResponse refusal(Note note, Router.Found found, Throwable failure) {
    ApiException refusal = Failures.of(failure);
    if (refusal.status() == Status.INTERNAL && refusal.getCause() != null) {
      log.failure(note, refusal.getCause());
    }
    boolean data = found != null && found.route().plane() == Route.Plane.DATA;
    ResponseHeadersBuilder headers = headers(refusal.status().http());
    headers.contentType(MediaType.JSON);
    if (refusal.status() == Status.METHOD_NOT_ALLOWED) {
      headers.set("allow", refusal.getMessage().replaceFirst(".*are ", ""));
    }
    if (refusal.status() == Status.BUSY) {
      headers.set("retry-after", "1");
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(ErrorBodies.of(refusal, data)));
  }

  private static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> parameters = new TreeMap<>();
    if (query == null) {
      return parameters;
    }
    QueryParams.fromQueryString(query)
        .forEach(
            (name, value) -> parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    return parameters;
  }

  private static List<String> segments(String path) {
    return Route.split(path).stream().map(Percent::decode).toList();
  }
}
