package io.slab.migrate;

import io.slab.estimate.CostEstimate;
import io.slab.estimate.PriceTable;
import io.slab.estimate.SizeEstimate;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.source.Note;
import io.slab.source.RefusalKinds;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a migration did, as a proof that can be kept: spec/migration-report.md has its JSON form,
 * whose members these components are.
 *
 * @param status how it ended
 * @param target where the index is
 * @param spec of the index
 * @param created true when the migration created it
 * @param decisions how the index came about, for people
 * @param checks what the export says about itself beside what was found
 * @param namespaces by name
 * @param skipped records of namespaces that were not asked for
 * @param remarks what was done to records, or seen in them
 * @param refusals why records were refused, by kind
 * @param narrowed metadata fields whose numbers were rounded to 32 bits before they got here
 * @param cutParts parts of the source that could not be read to their end
 * @param pods what became of the settings that pods had
 * @param estimate sizes and costs
 * @param stoppedBy the record that stopped it, or null
 * @param rejectsFile where refused records went, or null
 * @param verification null when none was asked for
 * @param next commands to run next
 */
public record MigrationReport(
    Status status,
    Source source,
    String target,
    IndexSpec spec,
    boolean created,
    List<String> decisions,
    List<Check> checks,
    List<NamespaceReport> namespaces,
    long skipped,
    List<RemarkReport> remarks,
    List<RefusalKinds.Kind> refusals,
    List<String> narrowed,
    List<String> cutParts,
    List<PodSetting> pods,
    Estimate estimate,
    SourceProblem stoppedBy,
    Path rejectsFile,
    Proof verification,
    boolean resumed,
    long millis,
    List<String> next) {

  /** How a migration ended. */
  public enum Status {
    /** Every record of the source is in the index, but for what {@link #changes} says. */
    COMPLETE("complete"),
    /** Some records were refused, or are missing from the source; the others are in the index. */
    PARTIAL("partial"),
    /** A refused record stopped it; nothing is in the index yet. */
    STOPPED("stopped"),
    /** The verification found a difference. */
    DIFFERS("differs"),
    /** Nothing was written: a dry run. */
    DRY_RUN("dry-run");

    private final String label;

    Status(String label) {
      this.label = label;
    }

    /** Its name in the report. */
    public String label() {
      return label;
    }
  }

  /**
   * Something that the export says about itself.
   *
   * @param what "dimension", "metric", "records", "records of NAMESPACE", "records in PART"
   */
  public record Check(String what, String declared, String found, boolean agrees) {}

  /**
   * One namespace.
   *
   * @param expected records that the export says it holds, -1 when it does not say
   * @param identical records that came again with the same content
   * @param replaced records that came again with other content: the last one counts
   * @param way {@code slabs}, {@code log} or {@code none}
   * @param proof null when it was not verified
   */
  public record NamespaceReport(
      String namespace,
      long expected,
      long read,
      long rejected,
      long identical,
      long replaced,
      long written,
      String way,
      int slabs,
      long bytes,
      NamespaceProof proof) {}

  /**
   * A kind of remark.
   *
   * @param effect what it does to what the source holds
   */
  public record RemarkReport(
      String kind, Note.Effect effect, String text, long count, List<String> examples) {}

  /** A setting that the pod index had, and what corresponds to it here. */
  public record PodSetting(String name, String value, String here) {}

  /** Sizes and costs. */
  public record Estimate(SizeEstimate size, CostEstimate cost, long cloudBytes) {}

  /**
   * @param queries asked of source and index in each namespace
   * @param seed of their choice
   */
  public record Proof(int queries, long seed, boolean holds) {}

  /** What the command line knows. */
  public record Frame(
      String target,
      boolean created,
      List<String> decisions,
      boolean dryRun,
      Path rejectsFile,
      long millis,
      PriceTable prices) {}

  /** The report of a migration without a verification. */
  public static MigrationReport of(
      Migration migration, Source source, IndexSpec spec, Frame frame) {
    return new ReportBuilder(migration, source, spec).build(frame);
  }

  /** This report with what a verification found. */
  public MigrationReport with(List<NamespaceProof> proofs, int queries, long seed) {
    Map<String, NamespaceProof> byName = new TreeMap<>(Utf8.ORDER);
    proofs.forEach(proof -> byName.put(proof.namespace(), proof));
    boolean holds = proofs.stream().allMatch(NamespaceProof::holds);
    List<NamespaceReport> verified = new ArrayList<>();
    for (NamespaceReport n : namespaces) {
      NamespaceProof proof = byName.get(n.namespace());
      // As many records as were written must have been found equal.
      holds &= (proof == null ? 0 : proof.equal()) == n.written();
      verified.add(
          new NamespaceReport(
              n.namespace,
              n.expected,
              n.read,
              n.rejected,
              n.identical,
              n.replaced,
              n.written,
              n.way,
              n.slabs,
              n.bytes,
              proof));
    }
    return copy(holds ? status : Status.DIFFERS, verified, new Proof(queries, seed, holds), next);
  }

  /** This report with commands to run next. */
  public MigrationReport withNext(List<String> commands) {
    return copy(status, namespaces, verification, List.copyOf(commands));
  }

  private MigrationReport copy(
      Status newStatus, List<NamespaceReport> names, Proof proof, List<String> commands) {
    return new MigrationReport(
        newStatus,
        source,
        target,
        spec,
        created,
        decisions,
        checks,
        names,
        skipped,
        remarks,
        refusals,
        narrowed,
        cutParts,
        pods,
        estimate,
        stoppedBy,
        rejectsFile,
        proof,
        resumed,
        millis,
        commands);
  }

  /**
   * How the index differs from the source, one phrase each: what was refused, left out, rounded or
   * converted. Empty when the index holds what the source holds: vectors bit for bit, metadata by
   * value. A verification cannot see any of this, since it reads the source in the same way.
   */
  public List<String> changes() {
    List<String> changes = new ArrayList<>();
    if (rejected() > 0) {
      changes.add(count(rejected(), "records refused"));
    }
    if (skipped > 0) {
      changes.add(count(skipped, "records of other namespaces left out"));
    }
    long replaced = namespaces.stream().mapToLong(NamespaceReport::replaced).sum();
    if (replaced > 0) {
      changes.add(count(replaced, "records left out for a later one of the same id"));
    }
    source.unread().forEach(file -> changes.add("not read: " + file.reason()));
    cutParts.forEach(part -> changes.add("not read to its end: " + part));
    source.notices().stream().filter(Source::saysLeftOut).forEach(changes::add);
    remarks.stream()
        .filter(remark -> remark.effect() != Note.Effect.NONE)
        .forEach(remark -> changes.add(count(remark.count(), remark.text())));
    return changes;
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s", number, what);
  }

  /** Records read, refused ones included. */
  public long read() {
    return namespaces.stream().mapToLong(NamespaceReport::read).sum();
  }

  public long rejected() {
    return namespaces.stream().mapToLong(NamespaceReport::rejected).sum();
  }

  /** Records left out because their id came again. */
  public long duplicates() {
    return namespaces.stream().mapToLong(n -> n.identical() + n.replaced()).sum();
  }

  public long written() {
    return namespaces.stream().mapToLong(NamespaceReport::written).sum();
  }

  /** Bytes of all parts of the source, -1 when not known. */
  public long sourceBytes() {
    long total = 0;
    for (SourcePart part : source.parts()) {
      total = part.bytes() < 0 || total < 0 ? -1 : total + part.bytes();
    }
    return total;
  }
}
