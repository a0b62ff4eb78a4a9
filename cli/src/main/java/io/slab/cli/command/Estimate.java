package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.input.Quantity;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.report.EstimateDoc;
import io.slab.cli.report.EstimateText;
import io.slab.cli.report.Forecast;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.estimate.Activity;
import io.slab.estimate.EstimateBasis;
import io.slab.estimate.Prices;
import io.slab.estimate.RowShape;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.namespace.LevelRules;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab estimate}. */
@Command
public final class Estimate extends Verb {
  private static final String PLAIN_HINT =
      "name a slab or an index, or give --records and --dimension";

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "how many records, such as 250000, 20k or 10M; default: as many as TARGET has")
  String records;

  @Option(
      names = {"-d", "--dimension"},
      paramLabel = "N",
      description = "without TARGET: numbers of each vector")
  Integer dimension;

  @Option(
      names = {"-m", "--metric"},
      paramLabel = "M",
      description = "without TARGET: cosine (default), euclidean or dotproduct")
  String metric;

  @Seldom
  @Option(
      names = "--metadata-bytes",
      paramLabel = "N",
      description = "without TARGET: metadata of a record as JSON (default 200)")
  int metadataBytes = 200;

  @Seldom
  @Option(
      names = "--id-bytes",
      paramLabel = "N",
      description = "without TARGET: length of an id (default 16)")
  int idBytes = (int) RowShape.ID_LENGTH;

  @Seldom
  @Option(
      names = "--sparse",
      paramLabel = "N",
      description = "without TARGET: entries of the sparse values of a record")
  int sparse;

  @Option(names = "--queries", paramLabel = "N", description = "queries a month (default 1M)")
  String queries = "1M";

  @Seldom
  @Option(
      names = "--cold-share",
      paramLabel = "X",
      description = "share of the queries that find nothing in a cache, 0 to 1 (default 0.1)")
  double coldShare = 0.1;

  @Option(names = "--writes", paramLabel = "N", description = "records written a month (default 0)")
  String writes = "0";

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "records of one write (default 500)")
  int batch = 500;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "matches of a query (default 10)")
  int topK = 10;

  @Seldom
  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "a price table of your own; begin with what --print-prices prints")
  Path prices;

  @Seldom
  @Option(names = "--print-prices", description = "print the price table in use, as JSON")
  boolean printPrices;

  @Override
  public String about() {
    return "Says what records would take: bytes by section, slabs by level, requests of a query on object storage, money"
        + " by the month. From a slab or an index it measures what a record takes there; from plain numbers it assumes."
        + " Prices are assumptions with a date, in a table that you can edit.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "estimate --records 10M --dimension 768 --metadata-bytes 300",
        "estimate books --records 1000000 --queries 5M --writes 100k",
        "estimate --print-prices --out prices.json",
        "estimate books --prices prices.json --json");
  }

  @Override
  public ExitCode run(Session session) {
    Prices table = table();
    if (printPrices) {
      session.output().text(prices == null ? Prices.defaultText() : read());
      return ExitCode.OK;
    }
    check();
    Activity month =
        new Activity(
            Quantity.count("--queries", queries),
            coldShare,
            Quantity.count("--writes", writes),
            batch);
    Forecast forecast = forecast(month, table);
    switch (session.output().format()) {
      case TABLE ->
          session
              .output()
              .text(new EstimateText(session.outStyle(), session.chartWidth()).text(forecast));
      case JSON, NDJSON -> session.output().document(EstimateDoc.of(forecast));
      default -> session.output().document(FlatDoc.of(EstimateDoc.of(forecast)));
    }
    if (session.output().format() == OutputFormat.TABLE) {
      session.say("prices are assumptions; yours: slab estimate --print-prices --out prices.json");
    }
    return ExitCode.OK;
  }

  private void check() {
    if (metadataBytes < 0 || idBytes < 1 || sparse < 0 || batch < 1) {
      throw new UsageException("sizes and counts start at 0, ids and batches at 1", null);
    }
    if (!(coldShare >= 0 && coldShare <= 1)) {
      throw new UsageException("--cold-share must be from 0 to 1, not " + coldShare, null);
    }
    if (topK < 1 || topK > Limits.MAX_TOP_K) {
      throw new UsageException("--top-k must be from 1 to " + Limits.MAX_TOP_K, null);
    }
  }

  private Prices table() {
    return prices == null ? Prices.defaults() : Prices.parse(prices.toString(), read());
  }

  private String read() {
    return LocalFile.text("--prices", prices);
  }

  private Forecast forecast(Activity month, Prices table) {
    boolean plain =
        target.target == null && dimension != null || target.target == null && sparse > 0;
    if (plain) {
      return Forecast.assumed(
          plainBasis(), count(PLAIN_HINT), LevelRules.defaults(), topK, month, table);
    }
    if (target.target == null) {
      throw new UsageException("nothing to estimate", PLAIN_HINT);
    }
    if (dimension != null || metric != null || sparse > 0) {
      throw new UsageException(
          "TARGET says what its records are", "leave out --dimension, --metric and --sparse");
    }
    EstimateTarget source = new EstimateTarget(target, namespace);
    Long wanted = records == null ? null : count(PLAIN_HINT);
    return source.forecast(wanted, topK, month, table);
  }

  private long count(String hint) {
    if (records == null) {
      throw new UsageException("--records is missing", hint);
    }
    long count = Quantity.count("--records", records);
    if (count < 1) {
      throw new UsageException("--records starts at 1", null);
    }
    return count;
  }

  private EstimateBasis plainBasis() {
    int size = dimension == null ? 0 : dimension;
    if (size < 0 || size > Limits.MAX_DIMENSION) {
      throw new UsageException("--dimension must be from 1 to " + Limits.MAX_DIMENSION, null);
    }
    VectorType type =
        size == 0 ? VectorType.SPARSE : sparse > 0 ? VectorType.HYBRID : VectorType.DENSE;
    return EstimateBasis.assumed(type, metric(type), size, idBytes, metadataBytes, sparse);
  }

  private Metric metric(VectorType type) {
    if (metric == null) {
      return type.hasSparse() ? Metric.DOTPRODUCT : Metric.COSINE;
    }
    Metric wanted = NewIndexOptions.metric(metric);
    if (type.hasSparse() && wanted != Metric.DOTPRODUCT) {
      throw new UsageException("sparse values go with the metric dotproduct alone", null);
    }
    return wanted;
  }
}
