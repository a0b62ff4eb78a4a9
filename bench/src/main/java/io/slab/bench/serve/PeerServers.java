package io.slab.bench.serve;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same rows and queries for this server and for one that others use. */
final class PeerServers {
  private static final int PORT = 15_080;
  private static final int OTHER = 15_095;
  private static final int BATCH = 200;
  private static final int CLIENTS = 4;
  private static final double WANTED = 0.95;
  private static final int ROUNDS = 3;

  private final Path folder;

  PeerServers(Path folder) {
    this.folder = folder;
  }

  void run() throws Exception {
    if (!ChromaPeer.isThere()) {
      System.out.println("  skipped: npm did not install Chroma's server, see bench/chroma");
      return;
    }
    // One set, the smaller one: to build the graph of the other takes the peer many minutes.
    VectorSet set = VectorSet.all().getLast();
    Path root = Files.createDirectories(folder.resolve("peers"));
    Path own = Files.createDirectory(root.resolve("slab"));
    try (Peer slab = new SlabPeer(own, PORT);
        Peer chroma = new ChromaPeer(root.resolve("chroma"), OTHER)) {
      compare(set, List.of(slab, chroma));
    }
  }

  private static void compare(VectorSet set, List<Peer> peers) throws Exception {
    String head = set.name() + ", " + set.rows().rows() + " x " + set.dimension();
    for (Peer peer : peers) {
      fill(head, set, peer);
    }
    List<byte[][]> bodies = new ArrayList<>();
    for (Peer peer : peers) {
      bodies.add(Arrays.stream(set.queries()).map(peer::query).toArray(byte[][]::new));
      tune(head, set, peer, bodies.getLast());
    }
    double[][] alone = new double[peers.size()][ROUNDS];
    double[][] late = new double[peers.size()][ROUNDS];
    double[][] rates = new double[peers.size()][ROUNDS];
    double[][] cpu = new double[peers.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int p = 0; p < peers.size(); p++) {
        Peer peer = peers.get(p);
        byte[][] asked = bodies.get(p);
        double before = peer.served().cpuMillis();
        double[] millis = Asking.many(1, 2 * asked.length, i -> peer.ask(asked[i % asked.length]));
        cpu[p][round] = (peer.served().cpuMillis() - before) / millis.length;
        alone[p][round] = Asking.part(millis, 0.5);
        late[p][round] = Asking.part(millis, 0.99);
        long start = System.nanoTime();
        Asking.many(CLIENTS, 2 * asked.length, i -> peer.ask(asked[i % asked.length]));
        rates[p][round] = 2 * asked.length / ((System.nanoTime() - start) / 1e9);
      }
    }
    for (int p = 0; p < peers.size(); p++) {
      ServeBench.say(
          head + ", " + peers.get(p).name() + ", p50 and p99 of one client",
          "%.2f and %.2f ms; %d clients %.0f a second; CPU %.2f ms a query; memory %.0f MB",
          middle(alone[p]),
          middle(late[p]),
          CLIENTS,
          middle(rates[p]),
          middle(cpu[p]),
          peers.get(p).served().megabytes());
    }
  }

  private static void fill(String head, VectorSet set, Peer peer) throws Exception {
    peer.create(set);
    int rows = set.rows().rows();
    long start = System.nanoTime();
    Asking.many(
        CLIENTS,
        Math.ceilDiv(rows, BATCH),
        i -> peer.add(set, i * BATCH, Math.min(rows, (i + 1) * BATCH)));
    double acknowledged = (System.nanoTime() - start) / 1e9;
    peer.build();
    peer.ask(peer.query(set.queries()[0]));
    double ready = (System.nanoTime() - start) / 1e9;
    ServeBench.say(
        head + ", " + peer.name() + ", records a second of " + CLIENTS + " clients",
        "%.0f acknowledged, %.0f until built; CPU %.1f s",
        rows / acknowledged,
        rows / ready,
        peer.served().cpuMillis() / 1e3);
  }

  /** Goes over to the first setting with the wanted recall, and warms up. */
  private static void tune(String head, VectorSet set, Peer peer, byte[][] bodies) {
    for (String setting : peer.settings()) {
      peer.set(setting);
      double right = 0;
      for (int i = 0; i < bodies.length; i++) {
        right += set.right(i, peer.ask(bodies[i]));
      }
      double recall = right / 10 / bodies.length;
      if (recall >= WANTED || setting.equals(peer.settings().getLast())) {
        ServeBench.say(
            head + ", " + peer.name() + ", setting " + setting, "recall at 10 %.4f", recall);
        break;
      }
    }
    for (int i = 0; i < 2 * bodies.length; i++) {
      peer.ask(bodies[i % bodies.length]);
    }
  }

  private static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
