package io.slab.serve;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.gateway.Arriving;
import io.slab.serve.gateway.Metrics;
import io.slab.serve.gateway.WorkQueue;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Kind;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.Map;
import java.util.TreeMap;

/** The page of counts, as OpenMetrics text (spec/serve.md, "Metrics"). */
final class MetricsPage implements HttpService {
  private static final MediaType OPEN_METRICS =
      MediaType.parse("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final Metrics metrics;
  private final Catalog catalog;
  private final JobRunner runner;
  private final WorkQueue reads;
  private final WorkQueue writes;
  private final Arriving arriving;

  MetricsPage(
      Metrics metrics,
      Catalog catalog,
      JobRunner runner,
      WorkQueue reads,
      WorkQueue writes,
      Arriving arriving) {
    this.arriving = arriving;
    this.runner = runner;
    this.metrics = metrics;
    this.catalog = catalog;
    this.reads = reads;
    this.writes = writes;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
    StringBuilder out = new StringBuilder();
    metrics.write(out);
    out.append("# TYPE slab_indexes gauge\n");
    Metrics.line(out, "slab_indexes", catalog.open().size());
    out.append("# TYPE slab_waiting gauge\n");
    Metrics.line(out, "slab_waiting{queue=\"read\"}", reads.inside());
    Metrics.line(out, "slab_waiting{queue=\"write\"}", writes.inside());
    Metrics.line(out, "slab_waiting{queue=\"away\"}", reads.resting());
    out.append("# TYPE slab_arriving_bytes gauge\n");
    Metrics.line(out, "slab_arriving_bytes", arriving.bytes());
    jobs(out);
    Runtime runtime = Runtime.getRuntime();
    out.append("# TYPE jvm_memory_used_bytes gauge\n");
    Metrics.line(
        out, "jvm_memory_used_bytes{area=\"heap\"}", runtime.totalMemory() - runtime.freeMemory());
    RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
    out.append("# TYPE process_start_time_seconds gauge\n");
    Metrics.line(out, "process_start_time_seconds", process.getStartTime() / 1e3);
    out.append("# EOF\n");
    return HttpResponse.of(HttpStatus.OK, OPEN_METRICS, out.toString());
  }

  private void jobs(StringBuilder out) {
    out.append("# TYPE slab_jobs_running gauge\n");
    for (Kind kind : Kind.values()) {
      Metrics.line(out, "slab_jobs_running{kind=\"" + kind.label() + "\"}", runner.running(kind));
    }
    out.append("# TYPE slab_jobs_ended counter\n");
    Map<String, Long> ended = new TreeMap<>();
    runner
        .ended()
        .forEach((how, count) ->
            ended.put(
                "{kind=\"" + how.kind().label() + "\",status=\"" + how.status() + "\"}", count));
    ended.forEach((labels, count) -> Metrics.line(out, "slab_jobs_ended_total" + labels, count));
  }
}
