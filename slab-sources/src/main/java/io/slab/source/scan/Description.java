package io.slab.source.scan;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Metric;
import io.slab.source.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what files beside an export say about the index that was exported. */
final class Description {
  /** Members of a pod's description that are carried over as they are. */
  private static final List<String> FACTS =
      List.of(
          "environment",
          "pod_type",
          "podType",
          "pods",
          "replicas",
          "shards",
          "source_collection",
          "sourceCollection",
          "cloud",
          "region",
          "vector_type",
          "exported_from",
          "exported_at",
          "created_at",
          "format_version",
          "version",
          "author",
          "model_name",
          "license",
          "source",
          "deletion_protection");

  private String index;
  private int dimension = -1;
  private Metric metric;
  private long count = -1;
  private final Map<String, Long> namespaces = new LinkedHashMap<>();
  private List<String> indexed;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> from = new ArrayList<>();

  /**
   * Looks for the description of an index, or for its statistics, in a JSON document.
   *
   * @return false when it is neither
   */
  boolean add(String file, JsonNode document) {
    JsonNode database = JsonFile.member(document, "database");
    JsonNode body = database != null ? database : document;
    boolean description =
        JsonFile.number(body, "dimension") > 0
            && (JsonFile.text(body, "metric") != null || JsonFile.text(body, "name") != null);
    JsonNode spaces = JsonFile.member(document, "namespaces");
    boolean statistics =
        spaces != null
            && spaces.isObject()
            && JsonFile.member(
                    document,
                    "totalVectorCount",
                    "total_vector_count",
                    "dimension",
                    "indexFullness")
                != null;
    if (!description && !statistics) {
      return false;
    }
    from.add(file);
    index(body);
    if (statistics) {
      statistics(document, spaces);
    }
    return true;
  }

  /** Takes the description of an index. */
  void index(JsonNode body) {
    String name = JsonFile.text(body, "name", "index_name");
    index = name == null ? index : name;
    long dimensions = JsonFile.number(body, "dimension", "dimensions");
    dimension = dimensions > 0 && dimensions < Integer.MAX_VALUE ? (int) dimensions : dimension;
    Metric said = JsonFile.metric(JsonFile.text(body, "metric"));
    metric = said == null ? metric : said;
    facts(body);
    JsonNode spec = JsonFile.member(body, "spec");
    JsonNode pod = JsonFile.member(spec, "pod", "serverless");
    indexed(body);
    if (pod != null) {
      facts(pod);
      indexed(pod);
    }
  }

  private void indexed(JsonNode body) {
    JsonNode config = JsonFile.member(body, "metadata_config", "metadataConfig");
    JsonNode list = JsonFile.member(config, "indexed");
    if (list != null && list.isArray()) {
      indexed = new ArrayList<>();
      for (JsonNode field : list) {
        if (field.isString()) {
          indexed.add(field.stringValue());
        }
      }
    }
  }

  /** Takes everything that is worth carrying over as it is. */
  void facts(JsonNode body) {
    for (String name : FACTS) {
      JsonNode value = JsonFile.member(body, name);
      if (value != null && (value.isString() || value.isNumber() || value.isBoolean())) {
        fact(name, value.isString() ? value.stringValue() : Json.text(value));
      }
    }
  }

  void fact(String name, String value) {
    facts.putIfAbsent(name, value);
  }

  private void statistics(JsonNode document, JsonNode spaces) {
    long total = JsonFile.number(document, "totalVectorCount", "total_vector_count");
    count = total >= 0 ? total : count;
    spaces.forEachEntry((name, space) -> {
      long records = JsonFile.number(space, "vectorCount", "vector_count", "recordCount");
      if (records >= 0) {
        namespaces.put(name, records);
      }
    });
  }

  void from(String file) {
    from.add(file);
  }

  void name(String said) {
    index = said;
  }

  void dimension(long said) {
    dimension = said > 0 && said < Integer.MAX_VALUE ? (int) said : dimension;
  }

  void metric(Metric said) {
    metric = said;
  }

  void count(long said) {
    count = said;
  }

  void namespace(String name, long records) {
    namespaces.merge(name, records, Long::sum);
  }

  Declared declared() {
    return from.isEmpty()
        ? Declared.NOTHING
        : new Declared(index, dimension, metric, count, namespaces, indexed, facts, from);
  }
}
