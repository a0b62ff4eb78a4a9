package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.FlatDoc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.model.EmbeddingSpec;
import java.util.List;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code slab describe}. */
@Command
public final class Describe extends Verb {
  @Mixin Target target = new Target();

  @Override
  public String about() {
    return "What was fixed at creation, the settings, and the namespaces with their profile and the thresholds that were changed.";
  }

  @Override
  public List<String> examples() {
    return List.of("describe books", "describe books --json --fields dimension,metric");
  }

  @Override
  public ExitCode run(Session session) {
    try (SlabIndex index = target.open()) {
      Doc doc = Indexes.doc(index);
      Doc settings = new Doc();
      for (String name : index.namespaces()) {
        SortedMap<String, Long> thresholds = index.thresholds(name);
        if (thresholds != null) {
          settings.put(name, Namespaces.changedThresholds(thresholds));
        }
      }
      doc.put("settings", settings);
      EmbeddingSpec embedding = index.embedding();
      if (embedding != null) {
        doc.put("embedding", doc(embedding));
      }
      session.output().document(session.output().format().isJson() ? doc : FlatDoc.of(doc));
    }
    return ExitCode.OK;
  }

  private static Doc doc(EmbeddingSpec embedding) {
    return new Doc()
        .put("model", embedding.model())
        .put("dimension", embedding.dimension())
        .put("normalized", embedding.normalized())
        .put("textField", embedding.textField());
  }
}
