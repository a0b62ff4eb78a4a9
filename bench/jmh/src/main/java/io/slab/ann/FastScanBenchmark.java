package io.slab.ann;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The scan of codes over 64 blocks of 32 rows: sums and bounds. In the package of the kernels,
 * which nothing else may see.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public class FastScanBenchmark {
  /** {@code wide} is for processors that have its instructions and runs, slowly, on others. */
  @Param({"scalar", "vector", "wide"})
  String kernel;

  /** Four dimensions make a group of a code with one bit a dimension. */
  @Param({"128", "768", "1536"})
  int dimension;

  private final int[] blocks = new int[FastScan.MAX_BLOCKS];
  private final Probe probe = new Probe();
  private FastScan scan;
  private MemorySegment lists;
  private long factorsAt;

  @Setup(Level.Trial)
  public void setup() {
    int groups = dimension / 4;
    scan =
        switch (kernel) {
          case "scalar" -> new ScalarFastScan(groups);
          case "vector" -> new VectorFastScan(groups);
          default -> new WideFastScan(groups);
        };
    Random random = new Random(1);
    byte[] table = new byte[16 * groups];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) random.nextInt(64);
    }
    scan.prepare(table);
    // The codes of a block: 16 bytes for each group of four dimensions.
    factorsAt = 16L * groups * blocks.length;
    lists = Arena.ofAuto().allocate(factorsAt + (long) FastScan.FACTOR_BYTES * blocks.length, 64);
    for (long i = 0; i < factorsAt; i++) {
      lists.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    for (long i = factorsAt; i < lists.byteSize(); i += 4) {
      lists.set(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
    }
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = i;
    }
    probe.step = 0.5f;
    probe.spread = 1;
    probe.tilt = 1;
  }

  @Benchmark
  public int sums() {
    scan.sums(lists, 0, blocks, blocks.length);
    return scan.sum(7);
  }

  @Benchmark
  public int sumsAndBounds() {
    scan.sums(lists, 0, blocks, blocks.length);
    scan.bounds(lists, factorsAt, blocks, blocks.length, probe, 100);
    return scan.survives(7);
  }
}
