package io.slab.serve.grpc;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.slab.error.Cancellation;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Failures;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.gateway.Admission;
import io.slab.serve.gateway.Arriving;
import io.slab.serve.gateway.Keys;
import io.slab.serve.gateway.Note;
import io.slab.serve.gateway.RequestLog;
import io.slab.serve.gateway.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The service of gRPC: one message in, one out, each with its frame. All its methods are of this
 * kind, so that the protocol is this class and {@link Frames}; docs/architecture.md has what the
 * library for it would cost.
 */
public final class GrpcService implements HttpService {
  /** What all its paths begin with: the service has no package. */
  public static final String PREFIX = "/VectorService/";

  private final Admission admission;
  private final WorkQueue reads;
  private final WorkQueue writes;
  private final RequestLog log;
  private final Arriving arriving;
  private final int maxMessage;
  private final Map<String, Method<?>> methods = new HashMap<>();

  /**
   * @param maxMessage most bytes of a message
   */
  public GrpcService(
      Admission admission,
      WorkQueue reads,
      WorkQueue writes,
      RequestLog log,
      Arriving arriving,
      int maxMessage) {
    this.arriving = arriving;
    this.admission = admission;
    this.reads = reads;
    this.writes = writes;
    this.log = log;
    this.maxMessage = maxMessage;
    all().forEach(method -> methods.put(PREFIX + method.name(), method));
  }

  private static List<Method<?>> all() {
    List<Method<?>> all = new ArrayList<>(RecordMethods.all());
    all.addAll(NamespaceMethods.all());
    return all;
  }

  /** Names of the methods, for the table of the specification. */
  public static List<String> names() {
    return all().stream().map(Method::name).toList();
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
    Note note = ctx.attr(Note.KEY);
    try {
      Method<?> method = methods.get(ctx.path());
      if (method == null || !GrpcStatus.isGrpc(req.headers().get("content-type"))) {
        throw new ApiException(
            Status.METHOD_NOT_ALLOWED, ctx.path() + " is no method of this service");
      }
      note.route("gRPC " + method.name());
      Asked call = call(ctx, req.headers(), note);
      admission.permit(call.caller(), method.write());
      WorkQueue queue = method.write() ? writes : reads;
      return HttpResponse.of(
          arriving
              .whole(req, ctx.eventLoop())
              .thenCompose(
                  body -> queue.submit(body.length, () -> answer(ctx, note, method, call, body)))
              .exceptionally(e -> refusal(note, e)));
    } catch (RuntimeException e) {
      return refusal(note, e);
    }
  }

  /** What is known of a call before its index is looked for. */
  private record Asked(Keys.Caller caller, long least, Cancellation cancellation) {}

  private Asked call(ServiceRequestContext ctx, RequestHeaders headers, Note note) {
    Keys.Caller caller = admission.caller(headers);
    note.caller(caller.name());
    Duration timeout = Timeouts.parse(headers.get("grpc-timeout"));
    if (timeout != null) {
      ctx.setRequestTimeout(timeout);
    }
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Void> unused =
        ctx.whenRequestCancelling().thenAccept(cause -> cancellation.cancel());
    return new Asked(caller, Admission.least(headers), cancellation);
  }

  private HttpResponse answer(
      ServiceRequestContext ctx, Note note, Method<?> method, Asked asked, byte[] body) {
    ServedIndex index = admission.requireIndex(ctx);
    note.index(index.name());
    admission.permit(asked.caller(), method.write(), index.name());
    Method.Call call = new Method.Call(index, asked.least(), asked.cancellation());
    String encoding = ctx.request().headers().get("grpc-encoding");
    byte[] message = Frames.message(body, encoding, maxMessage);
    Method.Result result = call.index().whileServed(() -> method.answer(call, message));
    note.records(result.answer().records());
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(200).set("content-type", GrpcStatus.CONTENT_TYPE);
    if (result.answer().lsn() >= 0) {
      headers.set(
          Admission.lsnHeader(result.answer().write()), Long.toString(result.answer().lsn()));
    }
    return HttpResponse.of(
        headers.build(), HttpData.wrap(Frames.of(result.message())), GrpcStatus.OK);
  }

  private HttpResponse refusal(Note note, Throwable failure) {
    ApiException refusal = Failures.of(failure);
    if (refusal.status() == Status.INTERNAL && refusal.getCause() != null) {
      log.failure(note, refusal.getCause());
    }
    note.grpc(refusal.status().grpc());
    return GrpcStatus.refusal(refusal);
  }
}
