package io.slab.jmh;

import io.slab.filter.FieldIndex;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import java.util.Map;
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
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Filters over the bitmaps of a million rows, which are in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterBenchmark {
  private static final Map<String, String> FILTERS =
      Map.of(
          "eq", "{'tenth':{'$eq':1}}",
          "ne", "{'tenth':{'$ne':1}}",
          "in", "{'tenth':{'$in':[1,2,3]}}",
          "and", "{'$and':[{'tenth':{'$eq':1}},{'half':{'$eq':1}}]}",
          "or", "{'$or':[{'tenth':{'$eq':1}},{'half':{'$ne':1}}]}");

  @Param({"eq", "ne", "in", "and", "or"})
  String filter;

  private final Fields fields = new Fields();
  private Filter parsed;
  private String text;

  @Setup(Level.Trial)
  public void setup() {
    text = FILTERS.get(filter).replace('\'', '"');
    parsed = FilterParser.parse(text);
  }

  @Benchmark
  public Filter parse() {
    return FilterParser.parse(text);
  }

  @Benchmark
  public ImmutableRoaringBitmap rows() {
    return FilterEvaluator.rows(parsed, fields);
  }

  /** Two fields of numbers, with the values 1 to 3. */
  private static final class Fields implements FieldIndex {
    private final Map<String, ImmutableRoaringBitmap[]> values =
        Map.of("tenth", values(0.1), "half", values(0.5));

    private static ImmutableRoaringBitmap[] values(double share) {
      ImmutableRoaringBitmap[] rows = new ImmutableRoaringBitmap[4];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = BitmapBenchmark.random(share, i + 1);
      }
      return rows;
    }

    @Override
    public int rows() {
      return BitmapBenchmark.ROWS;
    }

    @Override
    public boolean isIndexed(String field) {
      return true;
    }

    @Override
    public ImmutableRoaringBitmap exists(String field) {
      return MutableRoaringBitmap.bitmapOfRange(0, rows());
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, double value) {
      return values.get(field)[(int) value];
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, String value) {
      throw new UnsupportedOperationException("the fields hold numbers");
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, boolean value) {
      throw new UnsupportedOperationException("the fields hold numbers");
    }

    @Override
    public ImmutableRoaringBitmap range(
        String field, double low, boolean lowInclusive, double high, boolean highInclusive) {
      throw new UnsupportedOperationException("no filter here asks for a range");
    }
  }
}
