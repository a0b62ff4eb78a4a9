package io.slab.jmh;

import io.slab.vector.DenseKernel;
import io.slab.vector.Kernels;
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

/** The dense kernels over one block of rows that is in cache; time of a whole block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public class DenseKernelBenchmark {
  /** Rows of a block. */
  static final int ROWS = 256;

  @Param({"scalar", "vector"})
  String kernel;

  @Param({"128", "768", "1536"})
  int dimension;

  private DenseKernel dense;
  private float[] query;
  private float[] panel;
  private float[] out;

  @Setup(Level.Trial)
  public void setup() {
    dense = kernel.equals("vector") ? Kernels.vector() : Kernels.scalar();
    Random random = new Random(1);
    MemorySegment rows = Arena.ofAuto().allocate(4L * ROWS * dimension, 64);
    for (long i = 0; i < (long) ROWS * dimension; i++) {
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    query = floats(random, dimension);
    panel = floats(random, dimension * dense.tileQueries());
    out = new float[ROWS * dense.tileQueries()];
    dense.load(rows, ROWS, dimension);
  }

  private static float[] floats(Random random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }

  @Benchmark
  public float[] dot() {
    dense.dot(query, out);
    return out;
  }

  @Benchmark
  public float[] squaredDistance() {
    dense.squaredDistance(query, out);
    return out;
  }

  /** Several queries at once; a kernel without tiles takes one. */
  @Benchmark
  public float[] tile() {
    if (dense.tileQueries() == 1) {
      dense.dot(query, out);
    } else {
      dense.dotTile(panel, out);
    }
    return out;
  }
}
