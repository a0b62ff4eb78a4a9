package io.slab.bench.trust;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.NamespaceStats;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.bench.trust.LoadPicture.Curve;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Four writers, two readers, compaction, gc and a checkpoint now and then, all at once on one
 * index, each with a handle of its own as a process of its own would have; then what is there is
 * compared with what was written. Arguments: seconds, file of the picture.
 */
public final class MixedLoad {
  private static final int WRITERS = 4;
  private static final int READERS = 2;
  private static final int DIMENSION = 64;
  private static final int BATCH = 50;
  private static final int IDS = 20_000;

  /** What was seen in one second. */
  private record Sample(
      Latencies.Taken writes, Latencies.Taken reads, NamespaceStats stats, double heap, long log) {}

  private interface Work {
    /** One step; its pause follows, milliseconds. */
    int run(Namespace namespace, Random random) throws Exception;
  }

  private final Path folder;
  private final long end;
  private final Latencies writes = new Latencies();
  private final Latencies reads = new Latencies();
  private final List<Map<String, Integer>> written = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> troubles = new ConcurrentLinkedQueue<>();
  private final List<Sample> samples = new ArrayList<>();
  private volatile boolean writing = true;

  private MixedLoad(Path folder, long seconds) {
    this.folder = folder;
    this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("slab-load-");
    MixedLoad load = new MixedLoad(work.resolve("index"), Long.parseLong(args[0]));
    load.run();
    Path picture = Path.of(args[1]);
    Files.writeString(picture, load.picture(args[0]));
    load.report(picture);
    remove(work);
    System.exit(load.troubles.isEmpty() ? 0 : 1);
  }

  private void run() throws Exception {
    try (Index index = open(true)) {
      index.createNamespace("ns");
      index.namespace("ns").configure(Map.of("memtableRecords", 2_000L));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Map<String, Integer> own = new TreeMap<>();
        written.add(own);
        int me = i;
        threads.add(start(i, (namespace, random) -> write(namespace, random, me, own)));
      }
      for (int i = 0; i < READERS; i++) {
        threads.add(start(10 + i, this::read));
      }
      threads.add(start(20, MixedLoad::compact));
      threads.add(start(21, MixedLoad::collect));
      threads.add(start(22, MixedLoad::checkpoint));
      while (System.nanoTime() < end && troubles.isEmpty()) {
        Thread.sleep(1_000);
        samples.add(sample(index.namespace("ns")));
      }
      writing = false;
      for (Thread thread : threads) {
        thread.join();
      }
      compare(index.namespace("ns"));
    }
  }

  private Index open(boolean create) {
    IndexOptions options = IndexOptions.defaults().withThreads(1);
    return create
        ? Index.create(folder.toString(), IndexSettings.dense(DIMENSION, Metric.COSINE), options)
        : Index.open(folder.toString(), options);
  }

  private Thread start(long seed, Work work) {
    return Thread.ofPlatform()
        .start(() -> {
          try (Index index = open(false)) {
            Random random = new Random(seed);
            while (writing && troubles.isEmpty()) {
              Thread.sleep(work.run(index.namespace("ns"), random));
            }
          } catch (Throwable e) {
            troubles.add(e);
          }
        });
  }

  private static float[] vector(int number, int version) {
    Random random = new Random(31L * number + version);
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private int write(Namespace namespace, Random random, int me, Map<String, Integer> own) {
    long start = System.nanoTime();
    if (random.nextInt(10) == 0) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        ids.add("w" + me + "-" + random.nextInt(IDS));
      }
      var unused = namespace.delete(ids);
      ids.forEach(own::remove);
    } else {
      Map<String, Integer> batch = new TreeMap<>();
      List<VectorRecord> records = new ArrayList<>();
      int version = random.nextInt(1_000);
      for (int i = 0; i < BATCH; i++) {
        int number = random.nextInt(IDS);
        String id = "w" + me + "-" + number;
        if (batch.put(id, version) == null) {
          Metadata fields = Metadata.of(Map.of("version", new MetaValue.Num(version)));
          records.add(new VectorRecord(id, vector(number, version), null, fields));
        }
      }
      start = System.nanoTime();
      var unused = namespace.upsert(records);
      own.putAll(batch);
    }
    writes.add(System.nanoTime() - start);
    return 20;
  }

  private int read(Namespace namespace, Random random) {
    long start = System.nanoTime();
    try {
      var unused = namespace.query(Query.of(vector(random.nextInt(IDS), 1)).withMetadata());
      reads.add(System.nanoTime() - start);
    } catch (MissingException e) {
      // Gc passed a reader that slept for longer than its age: it asks again.
    }
    return 10;
  }

  private static int compact(Namespace namespace, Random random) {
    try {
      var unused = namespace.compact();
    } catch (ConflictException e) {
      // Another one was first.
    }
    return 1_000;
  }

  private static int collect(Namespace namespace, Random random) {
    var unused = namespace.collectGarbage(Duration.ofSeconds(30));
    return 5_000;
  }

  private static int checkpoint(Namespace namespace, Random random) {
    String name = "c" + System.nanoTime();
    var unused = namespace.history().createCheckpoint(name, Duration.ofSeconds(60));
    return 15_000;
  }

  private Sample sample(Namespace namespace) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    double heap = (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
    NamespaceStats stats;
    try (Snapshot snapshot = namespace.snapshot()) {
      stats = snapshot.stats();
    }
    try (Stream<Path> log = Files.list(folder.resolve("ns/ns/wal"))) {
      return new Sample(writes.take(), reads.take(), stats, heap, log.count());
    }
  }

  private void compare(Namespace namespace) {
    try (Snapshot snapshot = namespace.snapshot()) {
      long expected = written.stream().mapToLong(Map::size).sum();
      if (snapshot.stats().records() != expected) {
        troubles.add(
            new AssertionError(expected + " written, " + snapshot.stats().records() + " there"));
      }
      for (Map<String, Integer> own : written) {
        List<String> ids = List.copyOf(own.keySet());
        for (int at = 0; at < ids.size(); at += 500) {
          List<String> some = ids.subList(at, Math.min(ids.size(), at + 500));
          Map<String, VectorRecord> found = snapshot.fetch(some);
          for (String id : some) {
            MetaValue version = new MetaValue.Num(own.get(id));
            VectorRecord record = found.get(id);
            if (record == null || !version.equals(record.metadata().fields().get("version"))) {
              troubles.add(new AssertionError(id + ": " + version + " written, found " + record));
              return;
            }
          }
        }
      }
    }
  }

  private String picture(String seconds) {
    return new LoadPicture()
        .panel(
            "a write of " + BATCH + " records, ms",
            true,
            new Curve("p50", "#1f77b4", LoadPicture.values(samples, s -> s.writes.p50())),
            new Curve("p99", "#d62728", LoadPicture.values(samples, s -> s.writes.p99())))
        .panel(
            "a query, ms",
            true,
            new Curve("p50", "#1f77b4", LoadPicture.values(samples, s -> s.reads.p50())),
            new Curve("p99", "#d62728", LoadPicture.values(samples, s -> s.reads.p99())))
        .panel(
            "slabs",
            false,
            new Curve("slabs", "#2ca02c", LoadPicture.values(samples, s -> s.stats.slabs())))
        .panel(
            "debt: records in no slab yet, objects of the log",
            false,
            new Curve("records", "#9467bd", LoadPicture.values(samples, s -> s.stats.unflushed())),
            new Curve("objects", "#8c564b", LoadPicture.values(samples, s -> s.log)))
        .panel(
            "live records / 1000",
            false,
            new Curve(
                "records", "#17becf", LoadPicture.values(samples, s -> s.stats.records() / 1e3)))
        .panel(
            "heap, MB",
            false,
            new Curve("heap", "#7f7f7f", LoadPicture.values(samples, s -> s.heap)))
        .svg(
            "%s s of mixed load, %s: %d writers, %d readers, compaction, gc, checkpoints"
                .formatted(seconds, LocalDate.now(ZoneOffset.UTC), WRITERS, READERS));
  }

  private void report(Path picture) {
    long batches = samples.stream().mapToLong(s -> s.writes.calls()).sum();
    long queries = samples.stream().mapToLong(s -> s.reads.calls()).sum();
    troubles.forEach(e -> e.printStackTrace(System.out));
    System.out.printf(
        "load: %d seconds, %,d batches of %d, %,d queries; medians of the seconds: write p50 %.1f p99"
            + " %.1f ms, query p50 %.1f p99 %.1f ms; at most %d slabs, %,.0f MB of heap; picture %s;"
            + " failed %d%n",
        samples.size(),
        batches,
        BATCH,
        queries,
        median(LoadPicture.values(samples, s -> s.writes.p50())),
        median(LoadPicture.values(samples, s -> s.writes.p99())),
        median(LoadPicture.values(samples, s -> s.reads.p50())),
        median(LoadPicture.values(samples, s -> s.reads.p99())),
        samples.stream().mapToInt(s -> s.stats.slabs()).max().orElse(0),
        samples.stream().mapToDouble(s -> s.heap).max().orElse(0),
        picture,
        troubles.size());
  }

  private static double median(double[] values) {
    double[] sorted =
        java.util.Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private static void remove(Path folder) throws IOException {
    Kills.remove(folder);
  }
}
