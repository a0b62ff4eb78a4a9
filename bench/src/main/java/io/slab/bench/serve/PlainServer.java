package io.slab.bench.serve;

import io.slab.serve.ServeOptions;
import io.slab.serve.SlabServer;
import java.util.List;

/** The server over any store, without its command line: {@code PlainServer ROOT PORT}. */
public final class PlainServer {
  private PlainServer() {}

  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[1]);
    SlabServer server =
        SlabServer.start(
            ServeOptions.of(args[0])
                .withPorts(port, List.of(port + 1, port + 2))
                .withLogging(false));
    Thread.currentThread().join();
    server.close();
  }
}
