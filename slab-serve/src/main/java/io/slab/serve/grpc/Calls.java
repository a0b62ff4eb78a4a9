package io.slab.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.stub.StreamObserver;
import io.slab.error.Cancellation;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Failures;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DataPlane;
import io.slab.serve.gateway.Admission;
import io.slab.serve.gateway.Keys;
import io.slab.serve.gateway.Note;
import io.slab.serve.gateway.RequestLog;
import io.slab.serve.gateway.WorkQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What all calls of gRPC have in common: who may, where it waits, how it fails. Thread-safe. */
public final class Calls {
  private final Admission admission;
  private final WorkQueue reads;
  private final WorkQueue writes;
  private final RequestLog log;

  public Calls(Admission admission, WorkQueue reads, WorkQueue writes, RequestLog log) {
    this.admission = admission;
    this.reads = reads;
    this.writes = writes;
    this.log = log;
  }

  /**
   * One call.
   *
   * @param plane of the index
   * @param index that is asked
   * @param least LSN that a read must reflect, or -1
   * @param cancellation true once nobody waits any more
   */
  record Call(DataPlane plane, ServedIndex index, long least, Cancellation cancellation) {}

  /** An operation with its answer. */
  @FunctionalInterface
  interface Work<T> extends Function<Call, Answer<T>> {}

  /**
   * Answers a call that reads; the message is made of what the work gives.
   *
   * @param bytes of the request
   */
  <T, M> void read(
      String name, int bytes, StreamObserver<M> to, Work<T> work, Function<T, M> message) {
    call(name, bytes, false, to, work, message);
  }

  /** The same for one that writes. */
  <T, M> void write(
      String name, int bytes, StreamObserver<M> to, Work<T> work, Function<T, M> message) {
    call(name, bytes, true, to, work, message);
  }

  private <T, M> void call(
      String name,
      int bytes,
      boolean write,
      StreamObserver<M> to,
      Work<T> work,
      Function<T, M> message) {
    ServiceRequestContext ctx = ServiceRequestContext.current();
    Note note = ctx.attr(Note.KEY);
    note.route("gRPC " + name);
    Call call;
    try {
      Keys.Caller caller = admission.caller(ctx.request().headers());
      note.caller(caller.name());
      ServedIndex index = admission.requireIndex(ctx);
      note.index(index.name());
      admission.permit(caller, write, index.name());
      Cancellation cancellation = new Cancellation();
      CompletableFuture<Void> unused =
          ctx.whenRequestCancelling().thenAccept(cause -> cancellation.cancel());
      call = new Call(new DataPlane(index), index, least(ctx), cancellation);
    } catch (RuntimeException e) {
      fail(note, to, e);
      return;
    }
    CompletableFuture<Void> unused =
        (write ? writes : reads)
            .submit(bytes, () -> answer(ctx, work.apply(call), message))
            .handle(
                (answer, failure) -> {
                  if (failure != null) {
                    fail(note, to, failure);
                  } else {
                    to.onNext(answer);
                    to.onCompleted();
                  }
                  return null;
                });
  }

  private static long least(ServiceRequestContext ctx) {
    String header = ctx.request().headers().get("x-slab-min-lsn");
    try {
      return header == null ? -1 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw ApiException.invalid("x-slab-min-lsn must be a number, got '" + header + "'");
    }
  }

  private static <T, M> M answer(
      ServiceRequestContext ctx, Answer<T> answer, Function<T, M> message) {
    ctx.attr(Note.KEY).records(answer.records());
    if (answer.lsn() >= 0) {
      ctx.setAdditionalResponseHeader(
          answer.write() ? "x-pinecone-lsn-committed" : "x-pinecone-lsn-reconciled",
          Long.toString(answer.lsn()));
    }
    return message.apply(answer.value());
  }

  private void fail(Note note, StreamObserver<?> to, Throwable failure) {
    ApiException refusal = Failures.of(failure);
    if (refusal.status() == Status.INTERNAL && refusal.getCause() != null) {
      log.failure(note, refusal.getCause());
    }
    note.grpc(refusal.status().grpc());
    to.onError(
        io.grpc.Status.fromCodeValue(refusal.status().grpc())
            .withDescription(refusal.getMessage())
            .asRuntimeException());
  }
}
