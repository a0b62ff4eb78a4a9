package io.slab.bench.serve;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;

/** The libraries of the server alone: what is sent to it comes back. {@code BareServer PORT}. */
public final class BareServer {
  private static final int MOST = 20 << 20;

  private BareServer() {}

  public static void main(String[] args) throws InterruptedException {
    Server server =
        Server.builder()
            .http(Integer.parseInt(args[0]))
            .maxRequestLength(MOST)
            .meterRegistry(NoopMeterRegistry.get())
            .service("/readyz", (ctx, req) -> HttpResponse.of(HttpStatus.OK))
            .serviceUnder(
                "/",
                (ctx, req) ->
                    HttpResponse.of(
                        req.aggregate()
                            .thenApply(all ->
                                HttpResponse.of(
                                    HttpStatus.OK, MediaType.OCTET_STREAM, all.content()))))
            .build();
    server.start().join();
    Thread.currentThread().join();
  }
}
