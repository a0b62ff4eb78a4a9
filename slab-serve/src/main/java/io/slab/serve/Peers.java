package io.slab.serve;

import io.slab.error.InvalidInputException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * The servers that share background work, by their addresses: of each namespace one of them is the
 * builder, by rendezvous hashing, so that one that comes or goes moves its own share alone. Servers
 * may disagree for a while; that costs time. Thread-safe.
 */
final class Peers {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final String names;
  private final int port;
  private Set<String> addresses = Set.of();
  private Set<String> own = Set.of();
  private long lookedAt;
  private boolean looked;
  private boolean said;

  /**
   * @param names host names or addresses separated by commas, each with a port behind a colon or
   *     not; a name with several addresses is several servers
   * @param port of this server's control plane, which tells servers of one machine apart
   * @throws InvalidInputException for a list without a name
   */
  Peers(String names, int port) {
    if (names.isBlank() || !names.matches("[^,\\s]+(,[^,\\s]+)*")) {
      throw new InvalidInputException(
          "--peers '" + names + "' is no list of hosts", "name hosts, separated by commas");
    }
    this.names = names;
    this.port = port;
  }

  /** Whether this server is the builder of a namespace; true for all where it knows no peers. */
  synchronized boolean isOwn(String index, String namespace) {
    long now = System.nanoTime();
    if (!looked || now - lookedAt > LOOK.toNanos()) {
      look();
      lookedAt = now;
      looked = true;
    }
    if (own.isEmpty()) {
      return true;
    }
    return own.contains(builder(addresses, index, namespace));
  }

  /** The one of some servers that builds a namespace. */
  static String builder(Set<String> servers, String index, String namespace) {
    String first = null;
    byte[] most = null;
    for (String server : new TreeSet<>(servers)) {
      byte[] weight = weight(server, index, namespace);
      if (most == null || java.util.Arrays.compareUnsigned(weight, most) > 0) {
        first = server;
        most = weight;
      }
    }
    return first;
  }

  private static byte[] weight(String server, String index, String namespace) {
    try {
      String text = server + '\n' + index + '\n' + namespace;
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void look() {
    Set<String> all = new TreeSet<>();
    Set<String> mine = new TreeSet<>();
    for (String name : names.split(",")) {
      int colon = name.lastIndexOf(':');
      boolean ported = colon > 0 && name.indexOf(':') == colon;
      String host = ported ? name.substring(0, colon) : name;
      String wanted = ported ? name.substring(colon) : "";
      try {
        for (InetAddress address : InetAddress.getAllByName(host)) {
          String server = address.getHostAddress() + wanted;
          all.add(server);
          boolean here =
              address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
          if (here && (wanted.isEmpty() || wanted.equals(":" + port))) {
            mine.add(server);
          }
        }
      } catch (UnknownHostException | SocketException e) {
        // It is down, or not yet up: its share is built by the others.
        say("the peer " + host + " has no address: " + e.getMessage());
      }
    }
    addresses = all;
    own = mine;
    if (mine.isEmpty()) {
      say("none of --peers " + names + " is this server: it builds as if it was alone");
    }
  }

  private void say(String what) {
    if (!said) {
      System.err.println("slab serve: " + what);
      said = true;
    }
  }
}
