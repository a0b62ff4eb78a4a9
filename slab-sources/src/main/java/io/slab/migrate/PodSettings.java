package io.slab.migrate;

import io.slab.migrate.MigrationReport.PodSetting;
import io.slab.model.IndexSpec;
import io.slab.source.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What becomes of the settings of a pod index. */
final class PodSettings {
  private PodSettings() {}

  static List<PodSetting> of(Declared declared, IndexSpec spec) {
    List<PodSetting> settings = new ArrayList<>();
    List<String> indexed = declared.indexedFields();
    if (indexed != null) {
      boolean carried = indexed.equals(spec.schema());
      settings.add(
          new PodSetting(
              "metadata_config.indexed",
              String.join(", ", indexed),
              carried
                  ? "carried over: the index's schema, which indexes these fields for filters and"
                      + " stores the others"
                  : spec.schema() == null
                      ? "not carried over: the index, which was there before, indexes every field"
                      : "not carried over: the index has the schema "
                          + String.join(", ", spec.schema())));
    }
    for (Map.Entry<String, String> fact : declared.facts().entrySet()) {
      settings.add(new PodSetting(fact.getKey(), fact.getValue(), here(fact.getKey())));
    }
    return settings;
  }

  private static String here(String name) {
    return switch (name) {
      case "pod_type" ->
          "nothing to choose: each slab gets the index that its size calls for, see `slab explain`";
      case "pods", "shards" -> "nothing to choose: slabs are cut at about 10 GB";
      case "replicas" -> "any number of readers may use the same files; there is nothing to set";
      case "environment", "cloud", "region", "host" ->
          "no counterpart: the index is where its files are";
      case "source_collection" -> "kept here only: there are no collections";
      default -> "kept here only";
    };
  }
}
