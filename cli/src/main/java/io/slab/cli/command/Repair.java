package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.manifest.Settings;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.repair.IndexJsonRepair;
import io.slab.repair.NamespaceRepair;
import io.slab.repair.RepairReport;
import io.slab.repair.SettingsRepair;
import io.slab.repair.SlabFileRepair;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab repair}. */
@Command
public final class Repair extends Verb {
  private static final Listing LISTING =
      new Listing(
          "problems",
          "problem",
          List.of(
              Column.text("namespace"),
              Column.text("object"),
              Column.text("section"),
              Column.number("offset"),
              Column.text("problem"),
              Column.text("remedy")));

  @Mixin Target target = new Target();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "this namespace alone; all when left out")
  String namespace;

  @Option(names = "--apply", description = "do it; without this nothing is changed")
  boolean apply;

  @Option(
      names = "--may-resurrect",
      description = "go on though records may come back that were deleted")
  boolean mayResurrect;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "of a single slab: write the readable rows here")
  String to;

  @Seldom
  @Option(
      names = "--index-name",
      paramLabel = "NAME",
      description = "name of an index whose index.json is lost; ${DEFAULT-VALUE} by default")
  String indexName = "repaired";

  private final List<Doc> lost = new ArrayList<>();
  private final List<String> resurrected = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private final List<String> quarantined = new ArrayList<>();
  private long recordsLost;
  private long problems;

  @Override
  public String about() {
    return "Says what of a damaged index, or of one slab, can be saved and what is lost, by ids, rows and LSNs. With --apply it"
        + " saves that: new slabs and one new manifest; the damaged objects are kept under the name quarantine. End what"
        + " writes to the index first. A lost manifest is made anew from slabs and log, a lost index.json from slabs.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "repair books",
        "repair books --apply --json",
        "repair books/ns/__default__/slabs/01J0000000000000000000000.slab");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) {
    Place place = target.place();
    session.output().begin(LISTING);
    if (place.isFolder()) {
      index(session, place);
    } else {
      file(session, place);
    }
    boolean done = place.isFolder() ? apply : to != null;
    session
        .output()
        .end(
            new Doc()
                .put("status", status(done))
                .put("applied", done && problems > 0)
                .put("recordsLost", recordsLost)
                .put("lost", lost)
                .put("resurrected", resurrected)
                .put("notes", notes)
                .put("written", written)
                .put("quarantined", quarantined));
    return conclude(session, place, done);
  }

  private String status(boolean done) {
    return problems == 0 ? "ok" : !done ? "damaged" : lost.isEmpty() ? "repaired" : "partial";
  }

  private void index(Session session, Place place) {
    if (to != null) {
      throw new UsageException("--to is for a single slab, and " + place + " is a folder", null);
    }
    ObjectStore store = place.store();
    Environment environment = Target.environment();
    SettingsRepair settings = new SettingsRepair(store);
    requireLive(settings);
    if (settings.step() != null) {
      problems++;
      session.output().row(DamageDocs.doc(null, settings.step()));
      notes.add(settings.note());
      session.say("note: " + settings.note());
    }
    IndexJsonRepair json = new IndexJsonRepair(store);
    IndexSpec spec = json.spec(indexName, environment);
    if (json.step() != null) {
      problems++;
      session.output().row(DamageDocs.doc(null, json.step()));
    }
    List<String> there = IndexJsonRepair.namespaces(store);
    if (namespace != null && !there.contains(namespace)) {
      throw new NotFoundException(
          "there is no namespace '" + namespace + "' at " + store.describe(),
          "see `slab namespace list " + target.word() + "`");
    }
    List<String> names = namespace == null ? there : List.of(namespace);
    // All are looked at before one is changed: one that is refused refuses all.
    List<String> damaged = damaged(session, names, store, spec, environment);
    if (apply) {
      for (String name : damaged) {
        try (NamespaceRepair repair =
            new NamespaceRepair(store, name, spec, environment, session.cancellation())) {
          repair.examine();
          done(repair.apply(mayResurrect));
        }
      }
      settings.apply(environment);
      // Last: from here on readers see the index again.
      json.apply(environment);
    }
  }

  /** Tells what is wrong with each namespace; the names of those that can be repaired. */
  private List<String> damaged(
      Session session,
      List<String> names,
      ObjectStore store,
      IndexSpec spec,
      Environment environment) {
    List<String> damaged = new ArrayList<>();
    for (String name : names) {
      try (NamespaceRepair repair =
          new NamespaceRepair(store, name, spec, environment, session.cancellation())) {
        RepairReport report = repair.examine();
        tell(session, report);
        if (apply && !mayResurrect) {
          repair.requireNoneResurrected();
        }
        if (!report.steps().isEmpty()) {
          damaged.add(name);
        }
      }
    }
    return damaged;
  }

  private static void requireLive(SettingsRepair settings) {
    Settings.State state = settings.known().state();
    if (state != Settings.State.LIVE) {
      throw new ConflictException(
          "the index was dropped", "slab drop --undo brings it back, then it can be repaired");
    }
  }

  private void done(RepairReport report) {
    report.written().forEach(id -> written.add(id.toString()));
    quarantined.addAll(report.quarantined());
  }

  private void file(Session session, Place place) {
    if (apply || mayResurrect || namespace != null) {
      throw new UsageException(
          "--apply, --may-resurrect and --namespace are about an index, and "
              + place
              + " is a file",
          "--to FILE writes what can be read of a slab");
    }
    try (SlabFileRepair repair = new SlabFileRepair(place::open, session.cancellation())) {
      tell(session, repair.report());
      if (to != null) {
        Path path = Path.of(to).toAbsolutePath();
        ObjectStore folder = new LocalStore(path.getParent());
        String name = path.getFileName().toString();
        written.add(repair.write(folder, name, Target.environment()).toString());
      }
    }
  }

  private void tell(Session session, RepairReport report) {
    String name = report.namespace().isEmpty() ? null : report.namespace();
    report.steps().forEach(step -> session.output().row(DamageDocs.doc(name, step)));
    problems += report.steps().size();
    recordsLost += report.recordsLost();
    lost.addAll(DamageDocs.lost(report));
    resurrected.addAll(report.resurrected());
    notes.addAll(report.notes());
    DamageDocs.say(session, report);
    report.notes().forEach(note -> session.say("note: " + note));
  }

  private ExitCode conclude(Session session, Place place, boolean done) {
    if (problems == 0) {
      session.say("ok: nothing to repair in " + place);
      return ExitCode.OK;
    }
    String losses =
        lost.isEmpty() ? "nothing is lost" : Human.plural(recordsLost, "record") + " lost";
    if (!done) {
      String how = place.isFolder() ? "--apply does this" : "--to FILE writes what can be read";
      session
          .console()
          .problem(
              Human.plural(problems, "problem") + ": " + losses + "; nothing was changed", how);
      return ExitCode.CORRUPT;
    }
    session.say("repaired: " + losses);
    return lost.isEmpty() ? ExitCode.OK : ExitCode.PARTIAL;
  }
}
