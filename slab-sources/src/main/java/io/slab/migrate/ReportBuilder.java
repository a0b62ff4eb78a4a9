package io.slab.migrate;

import io.slab.estimate.CostEstimate;
import io.slab.estimate.PriceTable;
import io.slab.estimate.RecordMix;
import io.slab.estimate.SizeEstimate;
import io.slab.migrate.MigrationReport.Check;
import io.slab.migrate.MigrationReport.Estimate;
import io.slab.migrate.MigrationReport.NamespaceReport;
import io.slab.migrate.MigrationReport.RemarkReport;
import io.slab.migrate.MigrationReport.Status;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Utf8;
import io.slab.source.Declared;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what a migration read and wrote with what the export says about itself, and makes the
 * report of it. One thread only.
 */
final class ReportBuilder {
  private final Migration migration;
  private final Source source;
  private final IndexSpec spec;

  ReportBuilder(Migration migration, Source source, IndexSpec spec) {
    this.migration = migration;
    this.source = source;
    this.spec = spec;
  }

  /** The report, without a verification. */
  MigrationReport build(MigrationReport.Frame frame) {
    ReadTally tally = migration.tally();
    List<Check> checks = checks();
    boolean partial =
        tally.rejected() > 0
            || !tally.cutParts().isEmpty()
            || !source.unread().isEmpty()
            || (migration.stopped() == null && checks.stream().anyMatch(c -> !c.agrees()));
    Status status =
        migration.stopped() != null
            ? Status.STOPPED
            : frame.dryRun() ? Status.DRY_RUN : partial ? Status.PARTIAL : Status.COMPLETE;
    return new MigrationReport(
        status,
        source,
        frame.target(),
        spec,
        frame.created(),
        List.copyOf(frame.decisions()),
        checks,
        namespaces(),
        tally.skipped(),
        tally.remarks().entrySet().stream().map(ReportBuilder::remark).toList(),
        tally.refusals(),
        tally.fields().entrySet().stream()
            .filter(field -> field.getValue().looksNarrowed())
            .map(Map.Entry::getKey)
            .toList(),
        List.copyOf(tally.cutParts()),
        PodSettings.of(source.declared(), spec),
        estimate(frame.prices()),
        migration.stopped(),
        frame.rejectsFile(),
        null,
        migration.resumed(),
        frame.millis(),
        List.of());
  }

  private static RemarkReport remark(Map.Entry<String, RemarkCount> entry) {
    RemarkCount count = entry.getValue();
    return new RemarkReport(
        entry.getKey(),
        Remark.effect(entry.getKey()),
        Remark.text(entry.getKey()),
        count.count(),
        count.examples());
  }

  private static String named(String namespace) {
    return namespace.isEmpty() ? Limits.DEFAULT_NAMESPACE : namespace;
  }

  private List<Check> checks() {
    Declared declared = source.declared();
    List<Check> checks = new ArrayList<>();
    if (declared.dimension() > 0 && spec.vectorType().hasDense()) {
      checks.add(check("dimension", declared.dimension() + "", spec.dimension() + ""));
    }
    if (declared.metric() != null) {
      checks.add(check("metric", declared.metric().label(), spec.metric().label()));
    }
    if (migration.stopped() != null) {
      return checks;
    }
    ReadTally tally = migration.tally();
    Map<String, Long> again = new TreeMap<>(Utf8.ORDER);
    migration.loads().forEach(load -> again.put(load.namespace(), load.duplicates()));
    if (declared.count() >= 0) {
      // Namespaces that were not asked for were read as well.
      long read = tally.read() + tally.skipped();
      long duplicates = again.values().stream().mapToLong(Long::longValue).sum();
      checks.add(count("records", declared.count(), read, duplicates));
    }
    declared
        .namespaces()
        .forEach((name, expected) -> {
          NamespaceCount count = tally.namespaces().get(named(name));
          if (count != null || tally.skipped() == 0) {
            long read = count == null ? 0 : count.read;
            long duplicates = again.getOrDefault(named(name), 0L);
            checks.add(count("records of " + named(name), expected, read, duplicates));
          }
        });
    return checks;
  }

  /** An index counts different ids, a manifest of files also records that come again. */
  private static Check count(String what, long declared, long read, long duplicates) {
    long found = declared == read ? read : read - duplicates;
    return check(what, Long.toString(declared), Long.toString(found));
  }

  private static Check check(String what, String declared, String found) {
    return new Check(what, declared, found, declared.equals(found));
  }

  /**
   * Records of each namespace by what the export says, or by what its files say about themselves
   * where all of a namespace do.
   */
  private Map<String, Long> expected() {
    Map<String, Long> expected = new TreeMap<>(Utf8.ORDER);
    for (SourcePart part : source.parts()) {
      if (part.namespace() == null) {
        // Whose records it holds is not known.
        expected.clear();
        break;
      }
      String name = named(part.namespace());
      long before = expected.getOrDefault(name, 0L);
      boolean known = before >= 0 && part.expectedRecords() >= 0;
      expected.put(name, known ? before + part.expectedRecords() : -1L);
    }
    source.declared().namespaces().forEach((name, count) -> expected.put(named(name), count));
    return expected;
  }

  private List<NamespaceReport> namespaces() {
    Map<String, Long> expected = expected();
    Map<String, NamespaceLoad> loads = new TreeMap<>(Utf8.ORDER);
    migration.loads().forEach(load -> loads.put(load.namespace(), load));
    List<NamespaceReport> reports = new ArrayList<>();
    migration
        .tally()
        .namespaces()
        .forEach((name, count) -> {
          NamespaceLoad load = loads.get(name);
          reports.add(
              new NamespaceReport(
                  name,
                  expected.getOrDefault(name, -1L),
                  count.read,
                  count.rejected,
                  load == null ? 0 : load.identical(),
                  load == null ? 0 : load.replaced(),
                  load == null ? 0 : load.written(),
                  (load == null ? NamespaceLoad.Way.NONE : load.way()).label,
                  load == null ? 0 : load.slabs(),
                  load == null ? 0 : load.bytes(),
                  null));
        });
    return reports;
  }

  private Estimate estimate(PriceTable prices) {
    SizeEstimate size = SizeEstimate.bulk(new RecordMix(0, spec.dimension(), 0, 0, 0));
    double load = 0;
    double month = 0;
    double cloudLoad = 0;
    double cloudMonth = 0;
    double queries = 0;
    long cloudBytes = 0;
    for (NamespaceLoad done : migration.loads()) {
      NamespaceCount count = migration.tally().namespaces().get(done.namespace());
      RecordMix mix = mix(done, count);
      SizeEstimate one = SizeEstimate.bulk(mix);
      CostEstimate cost = CostEstimate.of(mix, one, prices);
      size = size.plus(one);
      load += cost.s3Load();
      month += cost.s3Month();
      cloudLoad += cost.cloudLoad();
      cloudMonth += cost.cloudMonth();
      queries = Math.max(queries, cost.cloudThousandQueries());
      cloudBytes += mix.cloudBytes();
    }
    return new Estimate(
        size, new CostEstimate(load, month, cloudLoad, cloudMonth, queries), cloudBytes);
  }

  /** Averages of what was taken stand for what remains of it without duplicates. */
  private RecordMix mix(NamespaceLoad load, NamespaceCount count) {
    double by = Math.max(1, count.accepted());
    return new RecordMix(
        load.written(),
        spec.dimension(),
        count.idBytes / by,
        count.metadataBytes / by,
        count.sparseEntries / by);
  }
}
