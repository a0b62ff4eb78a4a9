package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.input.Quantity;
import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.output.Progress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.measure.BenchPlan;
import io.slab.measure.BenchReport;
import io.slab.measure.QueryBench;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.queries.FileQuery;
import io.slab.queries.GroundTruth;
import io.slab.queries.IdRows;
import io.slab.queries.QueryFileReader;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchSource;
import io.slab.snapshot.Snapshot;
import io.slab.source.matrix.NpyFile;
import io.slab.vector.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab bench}. */
@Command
public final class Bench extends Verb {
  /** Queries that are answered exactly where no ground truth is given. */
  private static final int SAMPLE = 100;

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin FilterOption filter = new FilterOption();

  @Option(
      names = "--queries",
      paramLabel = "FILE",
      description = "FILE.npy or JSON lines (see `slab help formats`); top_k in it is ignored")
  Path queries;

  @Option(
      names = "--ground-truth",
      paramLabel = "FILE",
      description = "int32 or int64 .npy: per query the rows nearest to it, nearest first")
  Path truth;

  @Seldom
  @Option(
      names = "--ground-truth-scores",
      paramLabel = "FILE",
      description = "float .npy of the scores of these rows: equal vectors count alike")
  Path scores;

  @Seldom
  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "the id of each row, or its record, one per line (default: the row number)")
  Path ids;

  @Seldom
  @Option(
      names = "--id-prefix",
      paramLabel = "TEXT",
      description = "what the row numbers follow in the ids")
  String idPrefix = "";

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "matches per query, 1 to 10000 (default 10)")
  int topK = 10;

  @Option(
      names = "--recall",
      paramLabel = "R",
      description =
          "share of the true answers to aim at where a slab has an index, above 0 to 1 (default 0.95)")
  Double recall;

  @Option(names = "--exact", description = "compare with every record that matches")
  boolean exact;

  @Mixin ThreadsOption threads = new ThreadsOption();

  @Seldom
  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "queries of one call, which share their scans (default 1)")
  int batch = 1;

  @Seldom
  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "queries asked before measuring (default: all of them once, at most 1000)")
  Integer warmup;

  @Seldom
  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "measure for so long, asking the queries over and over")
  String duration;

  @Seldom
  @Option(
      names = "--passes",
      paramLabel = "N",
      description = "ask all queries so many times (default 1)")
  Integer passes;

  @Seldom
  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "shuffle the queries (default: in the order of the file)")
  Long seed;

  @Override
  public String about() {
    return "Asks the queries of a file in one process and reports recall, queries per second, latencies, CPU time and"
        + " bytes. Without a ground truth recall is judged by exact answers to a sample of the queries.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "bench vectors --queries queries.npy --ground-truth nearest.npy --threads 1",
        "bench books --queries queries.jsonl --filter '{\"year\":1922}' --duration 10s --json");
  }

  @Override
  public ExitCode run(Session session) throws IOException {
    check();
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      IndexSpec spec = index.spec();
      List<QueryRequest> requests = requests(spec, filter.parse(session, spec));
      try (Snapshot snapshot = index.snapshot(namespace.name());
          QueryEngine engine = new QueryEngine(spec, threads(), Workload.LONG_RUNNING)) {
        SearchSource source = SnapshotSource.of(snapshot);
        BenchPlan plan = plan(requests.size());
        BenchReport report;
        try (Progress progress = session.progress("bench")) {
          report =
              new QueryBench(
                      engine,
                      source,
                      requests,
                      plan,
                      done -> {
                        session.cancellation().check();
                        show(progress, plan, requests, done);
                      })
                  .run();
        }
        try (Truth truth = truth(session, spec.metric(), engine, source, requests, report)) {
          Doc doc =
              new BenchDoc(this, spec, snapshot, plan, requests.size())
                  .of(report, BenchRecall.of(report.answers(), truth.truth(), topK));
          boolean json = session.output().format().isJson();
          session.output().document(json ? doc : FlatDoc.of(doc));
        }
        if (truth == null && scores == null) {
          session.say(
              "no ground truth: recall is that of a sample, judged by exact answers; see --ground-truth");
        }
      }
    }
    return ExitCode.OK;
  }

  private void check() {
    if (queries == null) {
      throw new UsageException("--queries is missing", "name a .npy file or JSON lines");
    }
    if (topK < 1 || topK > Limits.MAX_TOP_K) {
      throw new UsageException(
          "--top-k must be from 1 to " + Limits.MAX_TOP_K + ", not " + topK, null);
    }
    if (recall != null && !(recall > 0 && recall <= 1)) {
      throw new UsageException("--recall must be above 0 and at most 1, not " + recall, null);
    }
    if (recall != null && exact) {
      throw new UsageException("--recall and --exact exclude each other", null);
    }
    if (duration != null && passes != null) {
      throw new UsageException("--duration and --passes exclude each other", null);
    }
    if (truth != null && scores != null) {
      throw new UsageException("--ground-truth and --ground-truth-scores exclude each other", null);
    }
    // Refuses a wrong number before anything is opened.
    threads.orCores();
    atLeast("--batch", batch, 1);
    atLeast("--warmup", warmup, 0);
    atLeast("--passes", passes, 1);
    requireFile("--queries", queries);
    requireFile("--ground-truth", truth);
    requireFile("--ground-truth-scores", scores);
    requireFile("--ids", ids);
  }

  private static void requireFile(String option, Path file) {
    if (file != null) {
      LocalFile.require(option, file);
    }
  }

  private static void atLeast(String option, Integer value, int least) {
    if (value != null && value < least) {
      throw new UsageException(option + " must be at least " + least + ", not " + value, null);
    }
  }

  double recallTarget() {
    return exact ? 1 : recall == null ? QueryRequest.DEFAULT_RECALL : recall;
  }

  int threads() {
    return threads.orCores();
  }

  private List<QueryRequest> requests(IndexSpec spec, Filter common) {
    List<QueryRequest> requests = new ArrayList<>();
    try (QueryFileReader reader =
        new QueryFileReader(LocalFile.open("--queries", queries), queries.toString(), spec)) {
      for (FileQuery query = reader.next(); query != null; query = reader.next()) {
        Filter own = query.filter() == null ? common : query.filter();
        requests.add(
            new QueryRequest(
                query.vector(), query.sparse(), own, topK, false, false, recallTarget()));
      }
    }
    if (requests.isEmpty()) {
      throw new UsageException("--queries: there is no query in " + queries, null);
    }
    return requests;
  }

  private BenchPlan plan(int count) {
    long millis = duration == null ? 0 : Quantity.millis("--duration", duration);
    return new BenchPlan(
        batch,
        warmup == null ? Math.min(count, 1000) : warmup,
        passes == null ? 1 : passes,
        millis * 1_000_000,
        seed);
  }

  private static void show(
      Progress progress, BenchPlan plan, List<QueryRequest> requests, long done) {
    double all = plan.warmup() + (double) plan.passes() * requests.size();
    progress.update(done, plan.maxNanos() > 0 ? -1 : done / all);
  }

  /** A ground truth and the file it is read from, if any. */
  private record Truth(GroundTruth truth, NpyFile file) implements AutoCloseable {
    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }
  }

  private Truth truth(
      Session session,
      Metric metric,
      QueryEngine engine,
      SearchSource source,
      List<QueryRequest> requests,
      BenchReport report) {
    if (truth != null) {
      IdRows rows = ids == null ? IdRows.numbered(idPrefix) : IdRows.file(ids);
      NpyFile file = NpyFile.rowNumbers(truth);
      return new Truth(GroundTruth.rows(file, rows, topK), file);
    }
    if (scores != null) {
      NpyFile file = NpyFile.scores(scores);
      return new Truth(GroundTruth.scores(file, metric, topK), file);
    }
    Map<Integer, List<Match>> sample = new TreeMap<>();
    int step = Math.max(1, requests.size() / SAMPLE);
    for (int query = 0; query < requests.size() && sample.size() < SAMPLE; query += step) {
      if (report.answers().get(query) != null) {
        QueryRequest asked = requests.get(query);
        QueryRequest exactly =
            new QueryRequest(asked.vector(), asked.sparse(), asked.filter(), topK, false, false);
        sample.put(query, engine.query(source, exactly, session.cancellation()).matches());
      }
    }
    return new Truth(GroundTruth.sample(sample, metric), null);
  }
}
