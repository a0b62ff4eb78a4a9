package io.slab.bench;

import io.slab.index.SlabIndex;
import io.slab.migrate.IndexPlan;
import io.slab.migrate.Migration;
import io.slab.migrate.MigrationOptions;
import io.slab.migrate.MigrationProgress;
import io.slab.model.Environment;
import io.slab.model.Metric;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.scan.SourceScanner;
import io.slab.store.LocalStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How fast an export is migrated beside a bare reading of it, in one process: the bare reading with
 * one and with all threads and the records dropped, the reading of a migration (checked, sorted,
 * written to runs), and the writing of the slabs. Wall-clock and processor time of the whole
 * process; the largest heap, as the pools saw it.
 *
 * <p>Arguments: the export, a scratch folder with room for its vectors twice, repetitions of the
 * bare readings (3).
 */
public final class MigrationBench {
  private static final double MEGA = 1e6;

  private final Source source;
  private final Path scratch;

  private MigrationBench(Source source, Path scratch) {
    this.source = source;
    this.scratch = scratch;
  }

  public static void main(String[] args) throws IOException {
    Source source = SourceScanner.scan(args[0], ScanOptions.defaults());
    MigrationBench bench = new MigrationBench(source, Path.of(args[1]));
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    int cores = Runtime.getRuntime().availableProcessors();
    for (int round = 0; round < rounds; round++) {
      bench.bare(1);
      bench.bare(cores);
    }
    bench.migrate(cores);
    System.out.printf(
        "peak heap %,d MB of at most %,d MB%n",
        peakHeap() >> 20, Runtime.getRuntime().maxMemory() >> 20);
  }

  private void bare(int threads) {
    Clock clock = new Clock();
    long records = 0;
    for (SourcePart part : source.parts()) {
      try (RecordReader reader = part.open(ReadOptions.defaults().withThreads(threads))) {
        while (reader.next()) {
          records++;
        }
      }
    }
    clock.print("bare reading, " + threads + " threads", records, source.bytes());
  }

  private void migrate(int threads) throws IOException {
    ReadOptions read = ReadOptions.defaults().withThreads(threads);
    IndexPlan plan =
        IndexPlan.of(
            source, new IndexPlan.Wishes("bench", null, Metric.COSINE, null, null, false), read, 1);
    Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "migration-bench");
    try (SlabIndex index =
        SlabIndex.create(
            new LocalStore(folder.resolve("index")), plan.spec(), false, Environment.system())) {
      Clock clock = new Clock();
      // As the last report of the reading saw it.
      double[] reading = new double[2];
      Migration migration =
          new Migration(
              source,
              plan.spec(),
              MigrationOptions.in(folder.resolve("work")).reading(read),
              (stage, records, fraction) -> {
                if (stage == MigrationProgress.Stage.READ) {
                  reading[0] = clock.seconds();
                  reading[1] = clock.processorSeconds();
                }
              });
      migration.run(index);
      print("migration: reading", reading[0], reading[1], migration.read(), source.bytes());
      clock.print("migration: all", migration.read(), source.bytes());
      migration.discard();
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  /** Wall-clock and processor time since it was made. */
  private static final class Clock {
    private final long wall = System.nanoTime();
    private final long processor = processor();

    private static long processor() {
      return ((com.sun.management.OperatingSystemMXBean)
              ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }

    double seconds() {
      return (System.nanoTime() - wall) / 1e9;
    }

    double processorSeconds() {
      return (processor() - processor) / 1e9;
    }

    void print(String what, long records, long bytes) {
      MigrationBench.print(what, seconds(), processorSeconds(), records, bytes);
    }
  }

  private static void print(String what, double seconds, double cpu, long records, long bytes) {
    System.out.printf(
        "%-24s %7.1f s  %,8.0f MB/s  %,9.0f records/s  processor %6.1f s, %,.0f MB/s%n",
        what, seconds, bytes / seconds / MEGA, records / seconds, cpu, bytes / cpu / MEGA);
  }
}
