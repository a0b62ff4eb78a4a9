package io.slab.cli.command;

import io.slab.cli.input.Quantity;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.PhaseProgress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.compaction.CompactionPlan;
import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.CompactionResult;
import io.slab.compaction.Compactor;
import io.slab.index.SlabIndex;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab compact}. */
@Command
public final class Compact extends Verb {
  private static final Listing LISTING =
      new Listing(
          "compactions",
          "compaction",
          List.of(
              Column.text("namespace"),
              Column.number("inputs"),
              Column.text("outputs"),
              Column.text("level"),
              Column.number("rows"),
              Column.number("dropped"),
              Column.number("bytesIn"),
              Column.number("bytesOut"),
              Column.text("algorithm"),
              Column.number("elapsedMs")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Seldom
  @Option(names = "--auto", description = "what the thresholds call for (the default)")
  boolean auto;

  @Option(names = "--full", description = "everything into as few slabs as the size cap allows")
  boolean full;

  @Option(names = "--rebuild", description = "rewrite slabs whose derived sections are out of date")
  boolean rebuild;

  @Option(names = "--level", paramLabel = "L", description = "all slabs of one level: L0, L1 or L2")
  String level;

  @Option(
      names = "--slabs",
      paramLabel = "ID,..",
      split = ",",
      description = "these slabs, which must be neighbours in age")
  List<String> slabs = new ArrayList<>();

  @Option(names = "--all-namespaces", description = "every namespace")
  boolean all;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description = "read at most so much: as many slabs as fit")
  String maxBytes;

  @Option(
      names = "--max-duration",
      paramLabel = "TIME",
      description = "start no compaction after so long")
  String maxDuration;

  @Override
  public String about() {
    return "Merges slabs into fewer, larger ones and drops dead rows. Reading and writing go on meanwhile. The old files "
        + "stay until gc removes them.";
  }

  @Override
  public List<String> examples() {
    return List.of("compact books", "compact books --full --dry-run", "compact books --level L0");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    CompactionRequest request = request();
    long done = 0;
    String left = null;
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      List<String> names = all ? index.namespaces() : List.of(namespace.name());
      session.output().begin(LISTING);
      for (String name : names) {
        Compactor compactor = index.compactor(name);
        done +=
            consent.dryRun()
                ? plan(session, name, compactor.plan(request))
                : compact(session, name, compactor, request);
        if (left == null) {
          long soFar = done;
          left =
              session.afterwards(
                  "what is still to do", () -> left(compactor, request, soFar), null);
        }
      }
      session.output().end(new Doc());
    }
    String what = Human.plural(done, "compaction");
    session.say(
        consent.dryRun()
            ? "dry run: " + what + " would run first"
            : done == 0
                ? left == null ? "nothing to compact" : "nothing done"
                : what + " done; next: slab gc " + target.word());
    if (left != null) {
      session.say(left);
    }
    return ExitCode.OK;
  }

  /** What the limits kept from being done, or null. */
  private String left(Compactor compactor, CompactionRequest request, long done) {
    boolean once = request.kind() != Kind.AUTO && request.kind() != Kind.REBUILD;
    if ((maxBytes == null && maxDuration == null) || (once && done > 0)) {
      return null;
    }
    CompactionPlan plan = compactor.plan(request.within(Long.MAX_VALUE, Long.MAX_VALUE));
    return plan == null
        ? null
        : "stopped by --max-bytes or --max-duration; still to do: "
            + plan.reason()
            + ", reads "
            + Human.bytes(plan.bytesIn());
  }

  private CompactionRequest request() {
    int kinds =
        (auto ? 1 : 0)
            + (full ? 1 : 0)
            + (rebuild ? 1 : 0)
            + (level != null ? 1 : 0)
            + (slabs.isEmpty() ? 0 : 1);
    if (kinds > 1) {
      throw new UsageException(
          "--auto, --full, --rebuild, --level and --slabs exclude each other", "give one of them");
    }
    Kind kind =
        full
            ? Kind.FULL
            : rebuild
                ? Kind.REBUILD
                : level != null ? Kind.LEVEL : slabs.isEmpty() ? Kind.AUTO : Kind.SLABS;
    return new CompactionRequest(
        kind,
        level == null ? -1 : level(),
        slabs.stream().map(Compact::slab).toList(),
        maxBytes == null ? Long.MAX_VALUE : Quantity.bytes("--max-bytes", maxBytes),
        maxDuration == null ? Long.MAX_VALUE : Quantity.millis("--max-duration", maxDuration));
  }

  private int level() {
    if (!level.matches("[Ll]?[0-2]")) {
      throw new UsageException("--level '" + level + "' is not understood", "give L0, L1 or L2");
    }
    return level.charAt(level.length() - 1) - '0';
  }

  private static Ulid slab(String text) {
    try {
      return Ulid.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--slabs '" + text + "' is no slab id", "see `slab inspect TARGET`");
    }
  }

  private static long plan(Session session, String name, CompactionPlan plan) {
    if (plan == null) {
      return 0;
    }
    session
        .output()
        .row(
            row(name, plan)
                .put("outputs", null)
                .put("rows", plan.rowsOut())
                .put("dropped", plan.rowsIn() - plan.rowsOut())
                .put("bytesIn", plan.bytesIn())
                .put("bytesOut", plan.bytesOut())
                .put("algorithm", null)
                .put("elapsedMs", null)
                .put("reason", plan.reason()));
    return 1;
  }

  private static long compact(
      Session session, String name, Compactor compactor, CompactionRequest request) {
    long[] done = {0};
    try (PhaseProgress progress = session.phases("compact")) {
      return compactor
          .run(
              request,
              progress,
              result -> {
                progress.clear();
                done[0]++;
                session.output().row(row(name, result));
              })
          .size();
    } catch (RuntimeException e) {
      if (done[0] > 0) {
        session.say(Human.plural(done[0], "compaction") + " of " + name + " done before this:");
      }
      throw e;
    }
  }

  private static Doc row(String name, CompactionPlan plan) {
    return new Doc()
        .put("namespace", name)
        .put("inputs", plan.inputs().size())
        .put("level", "L" + plan.level());
  }

  private static Doc row(String name, CompactionResult result) {
    return row(name, result.plan())
        .put("outputs", result.outputs().stream().map(entry -> entry.id().toString()).toList())
        .put("rows", result.rowsOut())
        .put("dropped", result.rowsDropped())
        .put("bytesIn", result.plan().bytesIn())
        .put("bytesOut", result.bytesOut())
        .put("algorithm", result.outputs().stream().map(SlabEntry::algorithm).distinct().toList())
        .put("elapsedMs", result.nanos() / 1_000_000)
        .put("reason", result.plan().reason())
        .put("manifest", result.manifest())
        .put("content", result.content().toString());
  }
}
