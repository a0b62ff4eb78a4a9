package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.manifest.SlabEntry;
import io.slab.measure.BenchPlan;
import io.slab.measure.BenchReport;
import io.slab.measure.Machine;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.search.Strategy;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of {@code slab bench}, whose form docs/measuring.md documents. */
final class BenchDoc {
  /** Rises when a member goes away or changes its meaning; new members may come at any time. */
  private static final int VERSION = 1;

  private final Bench options;
  private final IndexSpec spec;
  private final Snapshot snapshot;
  private final BenchPlan plan;
  private final int queries;

  BenchDoc(Bench options, IndexSpec spec, Snapshot snapshot, BenchPlan plan, int queries) {
    this.options = options;
    this.spec = spec;
    this.snapshot = snapshot;
    this.plan = plan;
    this.queries = queries;
  }

  Doc of(BenchReport report, BenchRecall recall) {
    return new Doc()
        .put("format", "slab-bench")
        .put("version", VERSION)
        .put("index", index())
        .put("workload", workload(report))
        .put("recall", recall.doc())
        .put("qps", round(report.qps()))
        .put("queries", report.queries())
        .put("seconds", round(report.nanos() / 1e9))
        .put("latencyMs", latency(report))
        .put("perQuery", perQuery(report))
        .put("kernel", report.kernel())
        .put("slabs", slabs(report.strategies()))
        .put("environment", environment());
  }

  private Doc index() {
    return new Doc()
        .put("target", options.target.text())
        .put("namespace", options.namespace.name())
        .put("dimension", spec.vectorType().hasDense() ? spec.dimension() : null)
        .put("metric", spec.metric().label())
        .put("records", snapshot.count())
        .put("unflushed", snapshot.memtable().size());
  }

  private Doc workload(BenchReport report) {
    return new Doc()
        .put("queries", queries)
        .put("k", options.topK)
        .put("filter", options.filter.filter)
        .put("recall", options.recallTarget())
        .put("threads", options.threads())
        .put("batch", plan.batch())
        .put("warmup", report.warmup())
        .put("seed", plan.seed());
  }

  private static Doc latency(BenchReport report) {
    return new Doc()
        .put("mean", round(report.mean() / 1e6))
        .put("p50", round(report.percentile(50) / 1e6))
        .put("p95", round(report.percentile(95) / 1e6))
        .put("p99", round(report.percentile(99) / 1e6))
        .put("max", round(report.percentile(100) / 1e6))
        .put("calls", report.calls().length);
  }

  private static Doc perQuery(BenchReport report) {
    double count = report.queries();
    return new Doc()
        .put("cpuMs", round(report.cpuNanos() / 1e6 / count))
        .put("callerCpuMs", round(report.callerNanos() / 1e6 / count))
        .put("bytesRead", Math.round(report.bytesRead() / count))
        .put("requests", round(report.requests() / count))
        .put("cellsScanned", round(report.cellsScanned() / count))
        .put("rowsScored", Math.round(report.rowsScored() / count))
        .put("rowsRescored", Math.round(report.rowsRescored() / count));
  }

  private List<Doc> slabs(Map<Ulid, Map<Strategy, Long>> strategies) {
    List<Doc> docs = new ArrayList<>();
    for (LiveSlab slab : snapshot.slabs()) {
      SlabEntry entry = slab.entry();
      Doc used = new Doc();
      strategies
          .getOrDefault(entry.id(), Map.of())
          .forEach((strategy, count) ->
              used.put(strategy.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
      docs.add(
          new Doc()
              .put("slab", entry.id().toString())
              .put("level", "L" + entry.level())
              .put("rows", entry.rows())
              .put("bytes", entry.bytes())
              .put("algorithm", entry.algorithm())
              .put("searched", used));
    }
    return docs;
  }

  private static Doc environment() {
    Machine machine = Machine.here();
    return new Doc()
        .put("slab", Version.NUMBER)
        .put("jvm", machine.jvm())
        .put("cores", machine.cores())
        .put("cpu", machine.cpu())
        .put("os", machine.kernel())
        .put("loadAverage", machine.loadAverage() < 0 ? null : round(machine.loadAverage()))
        .put("maxHeapBytes", machine.maxHeapBytes())
        .put("peakResidentBytes", machine.peakBytes() < 0 ? null : machine.peakBytes());
  }

  /** Four digits after the point: finer than any clock here, and readable. */
  private static double round(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
