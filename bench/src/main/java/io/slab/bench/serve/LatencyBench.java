package io.slab.bench.serve;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.model.VectorRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Queries of one client, warm, beside the same ones in a process that has the index itself. */
final class LatencyBench {
  private static final int ROUNDS = 5;

  private final Path folder;
  private final int port;

  LatencyBench(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  void run() throws Exception {
    for (VectorSet set : VectorSet.all()) {
      Path root = Files.createDirectories(folder.resolve("latency").resolve(set.name()));
      fill(root.resolve("rows"), set);
      try (Index open = Index.open(root.resolve("rows"));
          Snapshot snapshot = open.namespace(Namespace.DEFAULT).latest();
          SlabPeer peer = new SlabPeer(root, port)) {
        measure(set, snapshot, peer);
      }
    }
  }

  private static void fill(Path place, VectorSet set) {
    try (Index index = Index.create(place, IndexSettings.dense(set.dimension(), set.metric()))) {
      Namespace namespace = index.namespace(Namespace.DEFAULT);
      int from = 0;
      while (from < set.rows().rows()) {
        List<VectorRecord> some = new ArrayList<>();
        for (; from < set.rows().rows() && some.size() < 1_000; from++) {
          some.add(VectorRecord.of("r" + from, set.row(from)));
        }
        namespace.upsert(some);
      }
      namespace.flush();
      namespace.compactAll();
    }
  }

  /** In turn, so that both have the same neighbours on the machine; the medians of the rounds. */
  private static void measure(VectorSet set, Snapshot snapshot, SlabPeer peer) throws Exception {
    int queries = set.queries().length;
    byte[][] bodies = Arrays.stream(set.queries()).map(peer::query).toArray(byte[][]::new);
    int right = 0;
    for (int i = 0; i < queries; i++) {
      right += set.right(i, peer.ask(bodies[i]));
    }
    double[] inside = new double[ROUNDS];
    double[] outside = new double[ROUNDS];
    double[] late = new double[ROUNDS];
    double cpu = 0;
    for (int round = -2; round < ROUNDS; round++) {
      double[] own =
          Asking.many(1, 2 * queries, i -> snapshot.query(Query.of(set.queries()[i % queries])));
      double before = peer.served().cpuMillis();
      double[] asked = Asking.many(1, 2 * queries, i -> peer.ask(bodies[i % queries]));
      if (round >= 0) {
        cpu += (peer.served().cpuMillis() - before) / asked.length / ROUNDS;
        inside[round] = Asking.part(own, 0.5);
        outside[round] = Asking.part(asked, 0.5);
        late[round] = Asking.part(asked, 0.99);
      }
    }
    Arrays.sort(inside);
    Arrays.sort(outside);
    Arrays.sort(late);
    String head = set.name() + ", " + set.rows().rows() + " x " + set.dimension();
    ServeBench.say(
        head + ", one client, p50 and p99, ms",
        "%.2f and %.2f, in process %.2f; recall at 10 %.4f; CPU %.2f",
        outside[ROUNDS / 2],
        late[ROUNDS / 2],
        inside[ROUNDS / 2],
        right / 10.0 / queries,
        cpu);
    ServeBench.say("memory, MB", "%.0f", peer.served().megabytes());
  }
}
