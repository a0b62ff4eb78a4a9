package io.slab.serve.rest;

import io.slab.model.IndexSpec;
import io.slab.serve.api.ApiVersion;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.IndexView;
import io.slab.serve.json.Bodies;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How an index is described in each version (spec/serve.md, "Control plane"). Stateless. */
final class IndexModels {
  /** The fields of a schema of 2026-07 that stand for the vectors of the vectors API. */
  static final String DENSE_FIELD = "_values";

  static final String SPARSE_FIELD = "_sparse_values";

  private IndexModels() {}

  static ObjectNode of(IndexView index, ApiVersion version, HostRule hosts) {
    IndexProfile profile = index.profile();
    ObjectNode model = Bodies.object();
    model.put("name", index.name());
    model.put("host", hosts.of(index));
    model
        .putObject("status")
        .put("ready", index.ready())
        .put("state", index.ready() ? "Ready" : "Initializing");
    model.put("deletion_protection", index.deletionProtected() ? "enabled" : "disabled");
    if (!profile.tags().isEmpty()) {
      model.set("tags", profile.tags());
    }
    if (version.schemas()) {
      addSchema(model, index.spec(), profile);
    } else {
      addFlat(model, index.spec(), profile, version);
    }
    return model;
  }

  /** What an index for a model says of it. */
  private static ObjectNode embed(ObjectNode asked) {
    ObjectNode embed = asked.deepCopy();
    for (String name : List.of("read_parameters", "write_parameters")) {
      if (!embed.hasNonNull(name)) {
        embed.putObject(name);
      }
    }
    return embed;
  }

  private static void addFlat(
      ObjectNode model, IndexSpec spec, IndexProfile profile, ApiVersion version) {
    if (spec.vectorType().hasDense()) {
      model.put("dimension", spec.dimension());
    }
    model.put("metric", spec.metric().label());
    model.put("vector_type", DataRoutes.vectorType(spec));
    ObjectNode shown = profile.spec().deepCopy();
    for (Map.Entry<String, JsonNode> kind : shown.properties()) {
      ObjectNode parts = (ObjectNode) kind.getValue();
      if (!kind.getKey().equals("pod") && version.compareTo(ApiVersion.V2025_10) >= 0) {
        parts.set("read_capacity", readCapacity(profile));
        addFields(parts, spec);
      }
    }
    model.set("spec", shown);
    if (profile.embed() != null) {
      model.set("embed", embed(profile.embed()));
    }
  }

  static void addFields(ObjectNode parts, IndexSpec spec) {
    if (spec.schema() != null) {
      ObjectNode fields = parts.putObject("schema").putObject("fields");
      spec.schema().forEach(field -> fields.putObject(field).put("filterable", true));
    }
  }

  private static ObjectNode readCapacity(IndexProfile profile) {
    ObjectNode capacity = profile.readCapacity();
    ObjectNode shown = capacity == null ? Bodies.object() : capacity.deepCopy();
    if (capacity == null) {
      shown.put("mode", "OnDemand");
    }
    shown.putObject("status").put("state", "Ready");
    return shown;
  }

  private static void addSchema(ObjectNode model, IndexSpec spec, IndexProfile profile) {
    model.set("deployment", deployment(profile.spec()));
    model.set("read_capacity", readCapacity(profile));
    model.putObject("schema").set("fields", fields(spec, profile));
  }

  /** The fields of a schema of 2026-07. */
  static ObjectNode fields(IndexSpec spec, IndexProfile profile) {
    if (profile.fields() != null) {
      return profile.fields();
    }
    ObjectNode fields = Bodies.object();
    if (profile.embed() != null) {
      ObjectNode embed = embed(profile.embed());
      String field = ((ObjectNode) embed.remove("field_map")).get("text").stringValue();
      embed.remove("vector_type");
      fields.putObject(field).put("type", "semantic_text").setAll(embed);
    } else if (spec.vectorType().hasDense()) {
      fields
          .putObject(DENSE_FIELD)
          .put("type", "dense_vector")
          .put("dimension", spec.dimension())
          .put("metric", spec.metric().label());
    }
    if (spec.vectorType().hasSparse()) {
      fields.putObject(SPARSE_FIELD).put("type", "sparse_vector");
    }
    if (spec.schema() != null) {
      spec.schema().forEach(field -> fields.putObject(field).put("filterable", true));
    }
    return fields;
  }

  private static ObjectNode deployment(ObjectNode spec) {
    ObjectNode deployment = Bodies.object();
    if (spec.get("pod") instanceof ObjectNode pod) {
      deployment.put("deployment_type", "pod").setAll(pod);
      deployment.remove("metadata_config");
    } else if (spec.get("byoc") instanceof ObjectNode byoc) {
      deployment.put("deployment_type", "byoc").setAll(byoc);
    } else if (spec.get("serverless") instanceof ObjectNode serverless) {
      deployment.put("deployment_type", "managed").setAll(serverless);
      deployment.put("environment", "slab");
    }
    return deployment;
  }
}
