package io.slab.cli.command;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Interruption;
import io.slab.cli.verb.Session;
import io.slab.serve.SlabServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * What signals do to a server: the first one that ends it lets requests end, the second one does
 * not; SIGHUP reads keys and certificate again.
 */
final class ServerSignals {
  private final Session session;
  private final SlabServer server;
  private final Duration drain;
  private final AtomicBoolean ending = new AtomicBoolean();

  /**
   * @param drain how long requests may go on
   */
  ServerSignals(Session session, SlabServer server, Duration drain) {
    this.session = session;
    this.server = server;
    this.drain = drain;
  }

  /** From now on. */
  void listen() {
    Interruption.expect();
    Object unused = Signals.register("HUP", server::reload);
    unused = Signals.register("TERM", () -> end(143));
    unused = Signals.register("INT", () -> end(130));
    // Where there are no such signals the JVM ends in another way.
    Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "slab-drain"));
  }

  private void end(int again) {
    if (ending.getAndSet(true)) {
      session.say("a second signal: the requests that were under way are cut off");
      Runtime.getRuntime().halt(again);
    }
    session.say(
        server.underWay()
            + " requests are under way and have "
            + drain.toSeconds()
            + " s; a second signal ends them at once");
    new Thread(this::drain, "slab-end").start();
  }

  /** A signal is the usual end, and no failure. */
  private void drain() {
    try {
      server.close();
    } catch (RuntimeException | Error e) {
      // A caller that waits for the end of the process must not wait for ever.
      session.say("the server did not end in order: " + e);
      Runtime.getRuntime().halt(ExitCode.FAILED.code());
    }
    Runtime.getRuntime().halt(0);
  }
}
