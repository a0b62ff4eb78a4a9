package io.slab.cli.command;

import io.slab.cli.ConsentOptions;
import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.UsageException;
import io.slab.cli.Verb;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab configure}. */
@Command
public final class Configure extends Verb {
  @Mixin Target target = new Target();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--deletion-protection",
      required = true,
      paramLabel = "STATE",
      description =
          "enabled or disabled: whether `slab drop` and `slab namespace delete` are refused")
  String protection;

  @Override
  public String about() {
    return "Changes the settings that may change after creation.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "configure books --deletion-protection enabled",
        "configure books --deletion-protection disabled --dry-run");
  }

  @Override
  public ExitCode run(Session session) {
    boolean enabled = parse(protection);
    try (SlabIndex index = target.open()) {
      boolean before = index.deletionProtected();
      if (!consent.dryRun() && before != enabled) {
        index.setDeletionProtection(enabled);
      }
      boolean now = consent.dryRun() ? enabled : index.deletionProtected();
      session.output().document(Indexes.doc(index.spec(), index.namespaces(), now));
      String change =
          before == enabled
              ? "deletion protection was " + Indexes.protection(enabled) + " already"
              : "deletion protection "
                  + (consent.dryRun() ? "would be " : "is now ")
                  + Indexes.protection(enabled);
      session.say(
          (consent.dryRun() ? "dry run: " : "")
              + change
              + "; next: slab describe "
              + target.word());
    }
    return ExitCode.OK;
  }

  static boolean parse(String state) {
    return switch (state) {
      case "enabled" -> true;
      case "disabled" -> false;
      default ->
          throw new UsageException(
              "deletion protection cannot be '" + state + "'", "use enabled or disabled");
    };
  }
}
