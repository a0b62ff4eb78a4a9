package io.slab.vector;

import io.slab.bytes.Segments;
import java.lang.foreign.MemorySegment;

/**
 * Plain loops over heap arrays. Rows are copied in bulk into a reused array, because array code
 * runs tolerably from the first call, in the interpreter and after the first compiler tier alike,
 * where access through segments does not: this is the kernel of a process that answers one question
 * and exits. Four rows share each load of the query.
 */
public final class ScalarKernel implements DenseKernel {
  private float[] rows = new float[0];
  private int count;
  private int dimension;

  @Override
  public String name() {
    return "scalar";
  }

  /** Two accumulators a row at least, except in the rows left over from fours, which have four. */
  @Override
  public int depth(int dimension) {
    return dimension / 2 + 8;
  }

  @Override
  public int tileDepth(int dimension) {
    return depth(dimension);
  }

  @Override
  public int tileQueries() {
    return 1;
  }

  @Override
  public void load(MemorySegment segment, int rowCount, int rowDimension) {
    int floats = Math.multiplyExact(rowCount, rowDimension);
    if (rows.length < floats) {
      rows = new float[floats];
    }
    Segments.copyFloats(segment, 0, rows, 0, floats);
    count = rowCount;
    dimension = rowDimension;
  }

  @Override
  public void dot(float[] query, float[] out) {
    int row = 0;
    for (; row < count - 3; row += 4) {
      dot4(query, rows, row * dimension, dimension, out, row);
    }
    for (; row < count; row++) {
      out[row] = dot1(query, 0, rows, row * dimension, dimension);
    }
  }

  @Override
  public void dotAndNorms(float[] query, float[] out, float[] norms) {
    int row = 0;
    for (; row < count - 1; row += 2) {
      dotAndNorms2(query, rows, row * dimension, dimension, out, norms, row);
    }
    if (row < count) {
      out[row] = dot1(query, 0, rows, row * dimension, dimension);
      norms[row] = dot1(rows, row * dimension, rows, row * dimension, dimension);
    }
  }

  @Override
  public void squaredDistance(float[] query, float[] out) {
    int row = 0;
    for (; row < count - 3; row += 4) {
      squaredDistance4(query, rows, row * dimension, dimension, out, row);
    }
    for (; row < count; row++) {
      out[row] = squaredDistance1(query, rows, row * dimension, dimension);
    }
  }

  @Override
  public void squaredNorms(float[] norms) {
    for (int row = 0; row < count; row++) {
      norms[row] = dot1(rows, row * dimension, rows, row * dimension, dimension);
    }
  }

  @Override
  public void dotTile(float[] panel, float[] out) {
    throw new UnsupportedOperationException("the scalar kernel has no tiles");
  }

  @Override
  public void squaredDistanceTile(float[] panel, float[] out) {
    throw new UnsupportedOperationException("the scalar kernel has no tiles");
  }

  private static void dot4(float[] query, float[] v, int at, int n, float[] out, int row) {
    int at1 = at + n;
    int at2 = at1 + n;
    int at3 = at2 + n;
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    float b0 = 0;
    float b1 = 0;
    float b2 = 0;
    float b3 = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      float x = query[i];
      float y = query[i + 1];
      a0 += x * v[at + i];
      b0 += y * v[at + i + 1];
      a1 += x * v[at1 + i];
      b1 += y * v[at1 + i + 1];
      a2 += x * v[at2 + i];
      b2 += y * v[at2 + i + 1];
      a3 += x * v[at3 + i];
      b3 += y * v[at3 + i + 1];
    }
    if (i < n) {
      float x = query[i];
      a0 += x * v[at + i];
      a1 += x * v[at1 + i];
      a2 += x * v[at2 + i];
      a3 += x * v[at3 + i];
    }
    out[row] = a0 + b0;
    out[row + 1] = a1 + b1;
    out[row + 2] = a2 + b2;
    out[row + 3] = a3 + b3;
  }

  private static void dotAndNorms2(
      float[] query, float[] v, int at, int n, float[] out, float[] norms, int row) {
    int at1 = at + n;
    float a0 = 0;
    float a1 = 0;
    float b0 = 0;
    float b1 = 0;
    float m0 = 0;
    float m1 = 0;
    float n0 = 0;
    float n1 = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      float x = query[i];
      float y = query[i + 1];
      float v0 = v[at + i];
      float w0 = v[at + i + 1];
      float v1 = v[at1 + i];
      float w1 = v[at1 + i + 1];
      a0 += x * v0;
      b0 += y * w0;
      m0 += v0 * v0;
      n0 += w0 * w0;
      a1 += x * v1;
      b1 += y * w1;
      m1 += v1 * v1;
      n1 += w1 * w1;
    }
    if (i < n) {
      a0 += query[i] * v[at + i];
      m0 += v[at + i] * v[at + i];
      a1 += query[i] * v[at1 + i];
      m1 += v[at1 + i] * v[at1 + i];
    }
    out[row] = a0 + b0;
    out[row + 1] = a1 + b1;
    norms[row] = m0 + n0;
    norms[row + 1] = m1 + n1;
  }

  private static float dot1(float[] query, int from, float[] v, int at, int n) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      a += query[from + i] * v[at + i];
      b += query[from + i + 1] * v[at + i + 1];
      c += query[from + i + 2] * v[at + i + 2];
      d += query[from + i + 3] * v[at + i + 3];
    }
    for (; i < n; i++) {
      a += query[from + i] * v[at + i];
    }
    return (a + b) + (c + d);
  }

  private static void squaredDistance4(
      float[] query, float[] v, int at, int n, float[] out, int row) {
    int at1 = at + n;
    int at2 = at1 + n;
    int at3 = at2 + n;
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    float b0 = 0;
    float b1 = 0;
    float b2 = 0;
    float b3 = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      float x = query[i];
      float y = query[i + 1];
      a0 += square(x - v[at + i]);
      b0 += square(y - v[at + i + 1]);
      a1 += square(x - v[at1 + i]);
      b1 += square(y - v[at1 + i + 1]);
      a2 += square(x - v[at2 + i]);
      b2 += square(y - v[at2 + i + 1]);
      a3 += square(x - v[at3 + i]);
      b3 += square(y - v[at3 + i + 1]);
    }
    if (i < n) {
      float x = query[i];
      a0 += square(x - v[at + i]);
      a1 += square(x - v[at1 + i]);
      a2 += square(x - v[at2 + i]);
      a3 += square(x - v[at3 + i]);
    }
    out[row] = a0 + b0;
    out[row + 1] = a1 + b1;
    out[row + 2] = a2 + b2;
    out[row + 3] = a3 + b3;
  }

  private static float squaredDistance1(float[] query, float[] v, int at, int n) {
    float a = 0;
    float b = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      a += square(query[i] - v[at + i]);
      b += square(query[i + 1] - v[at + i + 1]);
    }
    if (i < n) {
      a += square(query[i] - v[at + i]);
    }
    return a + b;
  }

  private static float square(float x) {
    return x * x;
  }
}
