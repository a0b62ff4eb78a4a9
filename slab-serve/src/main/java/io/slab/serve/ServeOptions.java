package io.slab.serve;

import io.slab.IndexOptions;
import io.slab.error.InvalidInputException;
import io.slab.serve.rest.HostRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a server is started (spec/serve.md, "Options"). Immutable; each method gives a changed copy.
 *
 * @param root a folder or a prefix on S3 whose children are indexes
 * @param reading how indexes are opened
 * @param host address or name to listen at; null for both loopbacks
 * @param port of the control plane; 0 for any that is free
 * @param indexPorts one for each index; zeros for any that are free
 * @param keys file of keys, or null for none
 * @param insecure whether other machines may ask without a key
 * @param tls certificate and key of the server, or null for plaintext
 * @param readOnly whether nothing is changed, background work included
 * @param background whether slabs are built in the background
 * @param advertise how hosts are written
 * @param maxBody most bytes of a body or message
 * @param freshness how old what other processes wrote may be
 * @param drain how long requests may go on after the end was asked for
 * @param logging whether each request is logged on stderr
 */
public record ServeOptions(
    String root,
    IndexOptions reading,
    String host,
    int port,
    List<Integer> indexPorts,
    Path keys,
    boolean insecure,
    Tls tls,
    boolean readOnly,
    boolean background,
    HostRule.Form advertise,
    int maxBody,
    Duration freshness,
    Duration drain,
    boolean logging) {
  /** Files of PEM. */
  public record Tls(Path certificate, Path key) {}

  public ServeOptions {
    indexPorts = List.copyOf(indexPorts);
  }

  /** As the verb without an option. */
  public static ServeOptions of(String root) {
    return new ServeOptions(
        root,
        IndexOptions.defaults(),
        null,
        5080,
        IntStream.rangeClosed(5081, 5090).boxed().toList(),
        null,
        false,
        null,
        false,
        true,
        HostRule.Form.AUTO,
        20 << 20,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        true);
  }

  /** The same at any ports that are free, without a log: for tests. */
  public ServeOptions anywhere() {
    List<Integer> ports = IntStream.range(0, 8).mapToObj(i -> 0).toList();
    return new ServeOptions(
        root,
        reading,
        host,
        0,
        ports,
        keys,
        insecure,
        tls,
        readOnly,
        background,
        advertise,
        maxBody,
        freshness,
        drain,
        false);
  }

  /** The same with keys. */
  public ServeOptions withKeys(Path file) {
    return new ServeOptions(
        root,
        reading,
        host,
        port,
        indexPorts,
        file,
        insecure,
        tls,
        readOnly,
        background,
        advertise,
        maxBody,
        freshness,
        drain,
        logging);
  }

  /** The same, changing nothing. */
  public ServeOptions asReadOnly() {
    return new ServeOptions(
        root,
        reading,
        host,
        port,
        indexPorts,
        keys,
        insecure,
        tls,
        true,
        background,
        advertise,
        maxBody,
        freshness,
        drain,
        logging);
  }

  /**
   * Refuses what would let other machines in without a key.
   *
   * @throws InvalidInputException then
   */
  void requireSafe() {
    if (keys == null && !insecure && host != null && !isLoopback(host)) {
      throw new InvalidInputException(
          "without keys the server listens to this machine alone, not at " + host,
          "name a file of keys with --keys, or say --insecure");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new InvalidInputException("'" + host + "' is no address or name of a host", null, e);
    }
  }
}
