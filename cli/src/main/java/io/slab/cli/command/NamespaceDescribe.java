package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.namespace.Thresholds;
import java.util.List;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab namespace describe}. */
@Command
public final class NamespaceDescribe extends Verb {
  @Mixin Target target = new Target();

  @Option(
      names = {"-n", "--name", "--namespace"},
      paramLabel = "NAME",
      description = "default: the default namespace")
  String name;

  @Override
  public String about() {
    return "Records, slabs, bytes, what is not flushed yet, and what flush and compaction go by.";
  }

  @Override
  public List<String> examples() {
    return List.of("namespace describe books --name english", "namespace describe books --json");
  }

  @Override
  public ExitCode run(Session session) {
    NamespaceOption option = new NamespaceOption();
    option.namespace = name;
    try (SlabIndex index = target.open()) {
      option.require(index);
      Doc doc = Namespaces.doc(index, option.name());
      SortedMap<String, Long> thresholds = index.thresholds(option.name());
      doc.put(
          "thresholds",
          Namespaces.thresholds(thresholds == null ? Thresholds.defaults() : thresholds));
      session.output().document(session.output().format().isJson() ? doc : FlatDoc.of(doc));
    }
    return ExitCode.OK;
  }
}
