package io.slab.serve.gateway;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

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

  /** The request with its whole body; fails with a refusal where there is no room for it. */
  public CompletableFuture<AggregatedHttpRequest> whole(HttpRequest request) {
    AtomicLong own = new AtomicLong();
    return request
        .mapData(data -> take(own, data))
        .aggregate()
        .whenComplete((whole, failure) -> bytes.addAndGet(-own.getAndSet(0)));
  }

  private HttpData take(AtomicLong own, HttpData data) {
    own.addAndGet(data.length());
    if (bytes.addAndGet(data.length()) > most) {
      data.close();
      throw new ApiException(
          Status.BUSY,
          "the server is busy: the bodies that are on their way to it are as large as it takes"
              + " together; try again in a moment");
    }
    return data;
  }
}
