package io.slab.serve;

import com.linecorp.armeria.server.ServerBuilder;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a server: all are bound at its start, for an index that is made later has no other
 * chance.
 *
 * @param control of the control plane
 * @param indexes in the order in which they are given out
 * @param metrics of metrics and health alone, or -1
 */
record Ports(int control, List<Integer> indexes, int metrics) {

  /** The ports as they were asked for, with free ones in the place of zeros. */
  static Ports choose(ServeOptions options) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      int control = port(options.port(), held);
      List<Integer> indexes = new ArrayList<>();
      for (int wanted : options.indexPorts()) {
        indexes.add(port(wanted, held));
      }
      int metrics = options.metricsPort() < 0 ? -1 : port(options.metricsPort(), held);
      if (indexes.contains(control) || indexes.contains(metrics) || metrics == control) {
        throw new InvalidInputException(
            "the ports " + control + " and " + metrics + " are not both free of other uses",
            "choose others with --port, --metrics-port and --index-ports");
      }
      return new Ports(control, List.copyOf(indexes), metrics);
    } catch (IOException e) {
      throw failure(e);
    } finally {
      held.forEach(Ports::release);
    }
  }

  /** True when one is not said, so that any free one serves. */
  static boolean areChosen(ServeOptions options) {
    return options.port() == 0 || options.metricsPort() == 0 || options.indexPorts().contains(0);
  }

  private static int port(int wanted, List<ServerSocket> held) throws IOException {
    if (wanted != 0) {
      return wanted;
    }
    ServerSocket socket = new ServerSocket(0);
    held.add(socket);
    return socket.getLocalPort();
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was bound for a moment only.
      return;
    }
  }

  /** Lets a server listen at all of them. */
  void listen(ServerBuilder builder, ServeOptions options, Certificate certificate) {
    List<Integer> all = new ArrayList<>(List.of(control));
    all.addAll(indexes);
    if (metrics >= 0) {
      all.add(metrics);
    }
    for (InetAddress address : addresses(options.host())) {
      for (int port : all) {
        InetSocketAddress at = new InetSocketAddress(address, port);
        if (options.tls() == null) {
          builder.http(at);
        } else {
          builder.https(at);
        }
      }
    }
    if (certificate != null) {
      builder.tlsProvider(certificate);
    }
  }

  /** Where nothing is said both loopbacks: some clients try only the second one. */
  private static List<InetAddress> addresses(String host) {
    try {
      if (host != null) {
        return List.of(InetAddress.getByName(host));
      }
      List<InetAddress> loopbacks = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.1")));
      InetAddress six = InetAddress.getByName("::1");
      if (NetworkInterface.getByInetAddress(six) != null) {
        loopbacks.add(six);
      }
      return loopbacks;
    } catch (UnknownHostException e) {
      throw new InvalidInputException("'" + host + "' is no address or name of a host", null, e);
    } catch (SocketException e) {
      throw failure(e);
    }
  }

  /** A start that failed. */
  static RuntimeException failure(Throwable cause) {
    if (cause instanceof IOException) {
      return new StoreException(
          StoreException.Kind.FAILED,
          "the server cannot listen: " + cause.getMessage(),
          "another process may have one of the ports: choose others with --port and --index-ports",
          cause);
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}
