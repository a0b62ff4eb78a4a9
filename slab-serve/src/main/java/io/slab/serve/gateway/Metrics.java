package io.slab.serve.gateway;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of requests as OpenMetrics text (spec/serve.md, "Metrics"). Thread-safe. */
public final class Metrics {
  /** Upper bounds of the histogram, seconds. */
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  /** Most different sets of labels; what comes later counts as {@code other}. */
  private static final int MAX_SERIES = 5_000;

  private record Labels(String route, String index, int code) implements Comparable<Labels> {
    @Override
    public int compareTo(Labels other) {
      int order = route.compareTo(other.route);
      order = order != 0 ? order : index.compareTo(other.index);
      return order != 0 ? order : Integer.compare(code, other.code);
    }
  }

  private static final class Histogram {
    final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    final LongAdder nanos = new LongAdder();

    Histogram() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(long nano) {
      int i = 0;
      while (i < BOUNDS.length && nano > BOUNDS[i] * 1e9) {
        i++;
      }
      buckets[i].increment();
      nanos.add(nano);
    }
  }

  private final Map<Labels, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, Histogram> seconds = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> background = new ConcurrentHashMap<>();

  /**
   * Counts a request.
   *
   * @param route as the table of routes has it
   * @param index or empty
   */
  public void request(String route, String index, int code, long nanos) {
    Labels labels = new Labels(route, index, code);
    if (!requests.containsKey(labels) && requests.size() >= MAX_SERIES) {
      labels = new Labels(route, "other", code);
    }
    requests.computeIfAbsent(labels, l -> new LongAdder()).increment();
    seconds.computeIfAbsent(route, r -> new Histogram()).add(nanos);
  }

  /** Counts background work. */
  public void background(String kind, long nanos) {
    background.computeIfAbsent(kind, k -> new LongAdder()).add(nanos);
  }

  /** All of it as text, to be ended by the caller. */
  public void write(StringBuilder out) {
    out.append("# TYPE slab_requests counter\n");
    new TreeMap<>(requests)
        .forEach((labels, count) ->
            out.append("slab_requests_total{route=\"")
                .append(escape(labels.route))
                .append("\",index=\"")
                .append(escape(labels.index))
                .append("\",code=\"")
                .append(labels.code)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    out.append("# TYPE slab_request_seconds histogram\n");
    new TreeMap<>(seconds).forEach((route, histogram) -> write(out, escape(route), histogram));
    out.append("# TYPE slab_background_seconds counter\n");
    new TreeMap<>(background)
        .forEach((kind, nanos) ->
            line(out, "slab_background_seconds_total{kind=\"" + kind + "\"}", nanos.sum() / 1e9));
  }

  private static void write(StringBuilder out, String route, Histogram histogram) {
    long sum = 0;
    for (int i = 0; i <= BOUNDS.length; i++) {
      sum += histogram.buckets[i].sum();
      String bound = i == BOUNDS.length ? "+Inf" : Double.toString(BOUNDS[i]);
      out.append("slab_request_seconds_bucket{route=\"")
          .append(route)
          .append("\",le=\"")
          .append(bound)
          .append("\"} ")
          .append(sum)
          .append('\n');
    }
    line(out, "slab_request_seconds_sum{route=\"" + route + "\"}", histogram.nanos.sum() / 1e9);
    out.append("slab_request_seconds_count{route=\"")
        .append(route)
        .append("\"} ")
        .append(sum)
        .append('\n');
  }

  /** One line of a gauge or a counter. */
  public static void line(StringBuilder out, String series, double value) {
    out.append(series).append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      out.append((long) value);
    } else {
      out.append(value);
    }
    out.append('\n');
  }

  /** A text as the value of a label. */
  public static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
