package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.namespace.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab configure}. */
@Command
public final class Configure extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ThresholdOptions thresholds = new ThresholdOptions();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--deletion-protection",
      paramLabel = "STATE",
      description =
          "enabled or disabled: whether `slab drop` and `slab namespace delete` are refused")
  String protection;

  @Option(
      names = "--all-namespaces",
      description = "change the thresholds of every namespace there is")
  boolean all;

  @Override
  public String about() {
    return "Changes the settings that may change after creation: the protection of the index, and what flush and"
        + " compaction of a namespace go by, which its manifest records for every process.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "configure books --deletion-protection enabled",
        "configure books --level-profile dedicated --all-namespaces",
        "configure books --flush-records 5000 --threshold level0Records=50000 --dry-run");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    Map<String, Long> changes = thresholds.changes();
    if (protection == null && changes.isEmpty()) {
      throw new UsageException(
          "nothing to change", "give --deletion-protection, --level-profile, --threshold, ...");
    }
    Boolean enabled = protection == null ? null : parse(protection);
    try (SlabIndex index = target.open()) {
      List<String> said = new ArrayList<>();
      boolean now = index.deletionProtected();
      if (enabled != null) {
        now = protect(index, now, enabled, said);
      }
      Doc settings = new Doc();
      if (!changes.isEmpty()) {
        namespace.require(index);
        for (String name : all ? index.namespaces() : List.of(namespace.name())) {
          settings.put(name, change(index, name, changes, said));
        }
      }
      List<String> there = session.afterwards("the namespaces", index::namespaces, List.of());
      Doc doc = Indexes.doc(index.spec(), there, now);
      if (!settings.isEmpty()) {
        doc.put("settings", settings);
      }
      session.output().document(session.output().format().isJson() ? doc : FlatDoc.of(doc));
      session.say(
          (consent.dryRun() ? "dry run: " : "")
              + String.join("; ", said)
              + "; next: slab describe "
              + target.word());
    }
    return ExitCode.OK;
  }

  private boolean protect(SlabIndex index, boolean before, boolean wanted, List<String> said) {
    if (before == wanted) {
      said.add("deletion protection was " + Indexes.protection(wanted) + " already");
      return before;
    }
    if (!consent.dryRun()) {
      index.setDeletionProtection(wanted);
    }
    String verb = consent.dryRun() ? "would be " : "is now ";
    said.add("deletion protection " + verb + Indexes.protection(wanted));
    return wanted;
  }

  /** Changes one namespace and gives its thresholds as they are then. */
  private Doc change(SlabIndex index, String name, Map<String, Long> changes, List<String> said) {
    SortedMap<String, Long> before = index.thresholds(name);
    SortedMap<String, Long> after = new TreeMap<>(before == null ? Thresholds.defaults() : before);
    after.putAll(changes);
    if (!consent.dryRun()) {
      if (before == null) {
        // Only the default namespace comes here without being there yet.
        index.createNamespace(name);
      }
      index.configure(name, changes);
    }
    String what =
        after.equals(before)
            ? " had these thresholds already"
            : consent.dryRun() ? " would have other thresholds" : " has other thresholds now";
    said.add("namespace " + name + what);
    return Namespaces.thresholds(after);
  }

  static boolean parse(String state) {
    return switch (state) {
      case "enabled" -> true;
      case "disabled" -> false;
      default ->
          throw Suggest.unknown(
              "deletion protection cannot be", state, List.of("enabled", "disabled"));
    };
  }
}
