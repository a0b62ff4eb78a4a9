package io.slab.source;

import io.slab.model.Metric;
import java.util.List;
import java.util.Map;

/**
 * What an export says about itself, in its manifest or in a description of the index that lies
 * beside it. Nothing of it is checked against the records.
 *
 * @param index name of the index that was exported, or null
 * @param dimension or -1
 * @param metric or null
 * @param count records in all, or -1
 * @param namespaces records by namespace ("" is the default one); empty when not said
 * @param indexedFields {@code metadata_config.indexed} of a pod index, or null when all fields are
 *     indexed or nothing is said
 * @param facts everything else worth carrying over, by name ("pod_type": "p1.x2", "replicas": "2",
 *     "environment", "exported_at"), in the order of a report
 * @param from files that said so
 */
public record Declared(
    String index,
    int dimension,
    Metric metric,
    long count,
    Map<String, Long> namespaces,
    List<String> indexedFields,
    Map<String, String> facts,
    List<String> from) {
  /** Nothing is said. */
  public static final Declared NOTHING =
      new Declared(null, -1, null, -1, Map.of(), null, Map.of(), List.of());
}
