package io.slab.serve.gateway;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import io.netty.util.concurrent.EventExecutor;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Failures;
import io.slab.serve.api.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Bodies that are on their way: together they have so many bytes at most, and what comes beyond is
 * refused. Thread-safe.
 */
public final class Arriving {
  private final long most;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param most bytes of all bodies of which not all is there
   */
  public Arriving(long most) {
    this.most = most;
  }

  /** Bytes that are there of bodies that are not whole. */
  public long bytes() {
    return bytes.get();
  }

  /**
   * The whole body of a request; fails with a refusal where there is no room for it.
   *
   * @param executor on which it is taken
   */
  public CompletableFuture<byte[]> whole(HttpRequest request, EventExecutor executor) {
    // The library's own collection looks at the parts when all of them are there.
    Body body = new Body();
    request.subscribe(body, executor);
    return body.whole;
  }

  /** What the layer below calls a body that is too large, and one that does not come. */
  private static Throwable said(Throwable failure) {
    return switch (failure) {
      case ContentTooLargeException e ->
          new ApiException(
              Status.TOO_LARGE, "the body is larger than this server takes (--max-body)");
      case ClosedStreamException e -> Failures.tooLate();
      default -> failure;
    };
  }

  /** The parts of one body; called by one thread at a time. */
  private final class Body implements Subscriber<HttpObject> {
    final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final List<HttpData> parts = new ArrayList<>();
    private Subscription subscription;
    private int length;
    private boolean ended;

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject part) {
      if (ended || !(part instanceof HttpData data)) {
        return; // Trailers say nothing here.
      }
      parts.add(data);
      length += data.length();
      if (bytes.addAndGet(data.length()) > most) {
        subscription.cancel();
        onError(
            new ApiException(
                Status.BUSY,
                "the server is busy: the bodies that are on their way to it are as large as it"
                    + " takes together; try again in a moment"));
      }
    }

    private boolean end() {
      boolean first = !ended;
      if (first) {
        ended = true;
        bytes.addAndGet(-length);
      }
      return first;
    }

    @Override
    public void onError(Throwable failure) {
      if (end()) {
        parts.clear();
        whole.completeExceptionally(said(failure));
      }
    }

    @Override
    public void onComplete() {
      if (end()) {
        whole.complete(parts.size() == 1 ? parts.getFirst().array() : joined());
      }
    }

    private byte[] joined() {
      byte[] all = new byte[length];
      int at = 0;
      for (HttpData part : parts) {
        System.arraycopy(part.array(), 0, all, at, part.length());
        at += part.length();
      }
      return all;
    }
  }
}
