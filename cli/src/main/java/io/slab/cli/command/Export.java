package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FileName;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.output.OutputPlace;
import io.slab.repair.RepairReport;
import io.slab.repair.SalvagedIndex;
import io.slab.snapshot.Snapshot;
import io.slab.store.FileKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab export}. */
@Command
public final class Export extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();
  @Mixin FilterOption filter = new FilterOption();

  @Option(names = "--all-namespaces", description = "every namespace, each under its name")
  boolean all;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "jsonl (default), parquet (Pinecone's import layout) or npy; --out may tell it")
  String format;

  @Seldom
  @Option(
      names = "--sort",
      paramLabel = "ORDER",
      description = "id: in the order of the ids, also where that takes longer")
  String sort;

  @Seldom
  @Option(names = "--salvage", description = "what can be read of a damaged index or slab")
  boolean salvage;

  @Seldom
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "with --salvage: write what was left out to this file, as JSON")
  Path report;

  private final List<Doc> leftOut = new ArrayList<>();

  @Override
  public boolean ownsOut() {
    return true;
  }

  @Override
  public String about() {
    return "Writes all records, or those that match a filter, as they are at one moment, in the order of their ids; large slabs"
        + " as they are stored (--sort id sorts them). What is written can be read again bit for bit. Without --out JSON lines"
        + " go to stdout. A file or folder appears when it is complete, and not before.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "export books",
        "export books --out books.jsonl.gz --filter '{\"year\":1984}'",
        "export books --format parquet --all-namespaces --out import/");
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PRECONDITION, ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) throws Exception {
    if (all && namespace.namespace != null) {
      throw new UsageException("give either --namespace or --all-namespaces", null);
    }
    // What is asked for is looked at before anything is read.
    place(ExportFormat.of(format, out()));
    if (report != null && !salvage) {
      throw new UsageException("--report goes with --salvage", null);
    }
    if (salvage && asOf.given()) {
      throw new UsageException("--salvage and --as-of exclude each other", null);
    }
    if (!salvage) {
      try (SlabIndex index = target.open()) {
        return export(session, index);
      }
    }
    try (SalvagedIndex salvaged = salvaged(session)) {
      for (RepairReport damage : salvaged.reports()) {
        DamageDocs.say(session, damage);
        if (!damage.isWhole()) {
          leftOut.add(DamageDocs.doc(damage));
        }
      }
      if (report != null) {
        DamageDocs.write(report, leftOut);
      }
      ExitCode code = export(session, salvaged.index());
      boolean partial =
          salvaged.reports().stream()
              .anyMatch(damage -> damage.losesAny() || !damage.resurrected().isEmpty());
      return partial ? ExitCode.PARTIAL : code;
    }
  }

  private SalvagedIndex salvaged(Session session) {
    Place place = target.place();
    if (!place.isFolder()) {
      session.say("which rows of a single slab are deleted is not known: all of them count");
      return SalvagedIndex.ofSlab(place::open, Target.environment(), session.cancellation());
    }
    List<String> names = all ? null : List.of(namespace.name());
    return SalvagedIndex.open(place.store(), names, Target.environment(), session.cancellation());
  }

  private ExitCode export(Session session, SlabIndex index) throws Exception {
    ExportFormat wanted = ExportFormat.of(format, out());
    OutputPlace place = place(wanted);
    wanted.require(index.spec());
    List<String> names = all ? asOf.namespaces(index) : List.of(namespace.name());
    if (!asOf.given()) {
      names.forEach(name -> NamespaceOption.require(index, name));
    }
    Filter matching = filter.parse(session, index.spec());
    if (matching != null) {
      advise(session, index, names, matching);
    }
    ExportRun run = new ExportRun(session, index, asOf, names, matching, wanted, isSorted());
    run.leaveOut(leftOut);
    if (place == null) {
      if (wanted != ExportFormat.JSONL) {
        throw new UsageException("--format " + format + " needs --out", "name a folder");
      }
      run.toStdout(all);
    } else if (!place.streams() && isFolder(wanted)) {
      session.output().document(run.toFolder(out()));
    } else {
      Doc done = run.toFile(out(), all);
      if (!place.isStdout()) {
        session.output().document(done);
      }
    }
    run.warn();
    session.say("exported " + Human.plural(run.records(), "record") + run.next(out()));
    return ExitCode.OK;
  }

  private void advise(Session session, SlabIndex index, List<String> names, Filter matching) {
    FilterAdvice advice = new FilterAdvice();
    for (String name : names) {
      try (Snapshot snapshot = asOf.snapshot(index, name)) {
        advice.add(snapshot);
      }
    }
    advice.warn(session, matching);
  }

  /** Where the records go; null for stdout. */
  private OutputPlace place(ExportFormat wanted) {
    boolean stdout = out() == null || out().toString().equals("-");
    OutputPlace place = stdout ? null : OutputPlace.of(out());
    if (place != null && place.streams()) {
      requireStream(wanted);
    }
    return place;
  }

  private boolean isSorted() {
    if (sort != null && !sort.equals("id")) {
      throw new UsageException("--sort " + sort + " is not known", "--sort id, or leave it out");
    }
    return sort != null;
  }

  /** A pipe or a device takes one file, from its first byte to its last. */
  private void requireStream(ExportFormat wanted) {
    if (wanted == ExportFormat.NPY || (wanted == ExportFormat.PARQUET && all)) {
      throw new UsageException(
          "cannot write "
              + out()
              + ": this format is a folder of several files, which no pipe or"
              + " device can be",
          wanted == ExportFormat.NPY
              ? "name a folder, or use --format jsonl or parquet"
              : "name a folder, or give --namespace instead of --all-namespaces");
    }
  }

  private boolean isFolder(ExportFormat wanted) {
    Path out = out();
    return switch (wanted) {
      case NPY -> true;
      case PARQUET -> !"parquet".equals(FileName.of(out).extension()) || all;
      case JSONL -> FileKind.isFolder(out) || !out.getFileName().toString().contains(".");
    };
  }
}
