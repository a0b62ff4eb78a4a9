package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab namespace delete}. */
@Command
public final class NamespaceDelete extends Verb {
  @Mixin Target target = new Target();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = {"-n", "--name", "--namespace"},
      paramLabel = "NAME",
      description = "the namespace to delete")
  String name;

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "the name again, instead of typing it when asked")
  String confirm;

  @Override
  public String about() {
    return "Deletes a namespace with all its records. Refused while deletion protection is enabled.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "namespace delete books --name english --dry-run",
        "namespace delete books --name english --confirm english");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    String wanted = NamespaceCreate.require(name);
    try (SlabIndex index = target.open()) {
      if (!index.namespaceExists(wanted)) {
        throw new NotFoundException(
            "there is no namespace '" + wanted + "'", "see `slab namespace list`");
      }
      Drop.refuseProtected(index, target.text());
      Doc doc = Namespaces.doc(index, wanted);
      String records = Human.plural((Long) doc.get("recordCount"), "record");
      if (consent.dryRun()) {
        session.output().document(doc.put("deleted", false));
        session.say("dry run: would delete the namespace " + wanted + " with " + records);
        return ExitCode.OK;
      }
      session.confirmByName(
          "This deletes the namespace " + wanted + " with " + records + ".",
          wanted,
          confirm,
          consent);
      index.dropNamespace(wanted);
      session.output().document(doc.put("deleted", true));
      session.say("deleted the namespace " + wanted + " with " + records);
    }
    return ExitCode.OK;
  }
}
