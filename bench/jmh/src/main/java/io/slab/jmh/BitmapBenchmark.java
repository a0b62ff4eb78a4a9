package io.slab.jmh;

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
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Bitmaps of rows as filters use them: two sets over a million rows, one of a given share. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public class BitmapBenchmark {
  static final int ROWS = 1_000_000;

  /** Share of the first set; the other has a tenth of the rows. */
  @Param({"0.001", "0.1", "0.5"})
  double share;

  private ImmutableRoaringBitmap rows;
  private ImmutableRoaringBitmap tenth;

  @Setup(Level.Trial)
  public void setup() {
    rows = random(share, 1);
    tenth = random(0.1, 2);
  }

  static MutableRoaringBitmap random(double share, int seed) {
    Random random = new Random(seed);
    MutableRoaringBitmap rows = new MutableRoaringBitmap();
    for (int i = 0; i < ROWS; i++) {
      if (random.nextDouble() < share) {
        rows.add(i);
      }
    }
    rows.runOptimize();
    return rows;
  }

  @Benchmark
  public Object and() {
    return ImmutableRoaringBitmap.and(rows, tenth);
  }

  @Benchmark
  public Object or() {
    return ImmutableRoaringBitmap.or(rows, tenth);
  }

  @Benchmark
  public Object andNot() {
    return ImmutableRoaringBitmap.andNot(rows, tenth);
  }

  @Benchmark
  public Object complement() {
    return ImmutableRoaringBitmap.flip(rows, 0L, ROWS);
  }

  @Benchmark
  public long walk() {
    long sum = 0;
    for (IntIterator at = rows.getIntIterator(); at.hasNext(); ) {
      sum += at.next();
    }
    return sum;
  }
}
