package io.slab.cli.command;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab namespace create}. */
@Command
public final class NamespaceCreate extends Verb {
  @Mixin Target target = new Target();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = {"-n", "--name", "--namespace"},
      paramLabel = "NAME",
      description = "the namespace to make")
  String name;

  @Override
  public String about() {
    return "Not needed before writing: the first write to a namespace makes it.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "namespace create books --name english", "namespace create books --name english --dry-run");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    String wanted = require(name);
    try (SlabIndex index = target.open()) {
      if (index.namespaceExists(wanted)) {
        throw new ConflictException("there is a namespace '" + wanted + "' already");
      }
      if (consent.dryRun()) {
        session.output().document(Namespaces.doc(index, wanted).put("dryRun", true));
        session.say("dry run: would create the namespace " + wanted);
        return ExitCode.OK;
      }
      index.createNamespace(wanted);
      session
          .output()
          .document(
              session.afterwards(
                  "the number of its manifest",
                  () -> Namespaces.doc(index, wanted),
                  Namespaces.empty(wanted)));
      session.say(
          "created the namespace "
              + wanted
              + "; fill it with: slab ingest "
              + target.word()
              + " FILE.jsonl --namespace "
              + ShellWord.of(wanted));
    }
    return ExitCode.OK;
  }

  static String require(String name) {
    if (name == null || name.isEmpty()) {
      throw new UsageException("--name is missing", "pass --name NAMESPACE");
    }
    return name;
  }
}
