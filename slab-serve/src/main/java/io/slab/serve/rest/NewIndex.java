package io.slab.serve.rest;

import io.slab.IndexSettings;
import io.slab.error.InvalidInputException;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.json.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request to make an index asks for.
 *
 * @param settings of the library
 * @param profile what the API says of it besides
 * @param source name of the collection that it is made of, or null for an empty one
 */
record NewIndex(IndexSettings settings, IndexProfile profile, String source) {
  private static final int MAX_TAGS = 20;

  /** Reads the body of {@code POST /indexes}, of a version before 2026-07 or after. */
  static NewIndex of(ObjectNode body) {
    Members members = new Members(body);
    String name = members.requiredText("name");
    requireName(name);
    return members.has("schema") ? ofSchema(members, name) : ofSpec(members, name);
  }

  /**
   * Reads the body of {@code POST /indexes/create-for-model}.
   *
   * @param model the one that the server has
   * @param dimension of its vectors
   */
  static NewIndex forModel(ObjectNode body, String model, int dimension) {
    Members members = new Members(body);
    String name = members.requiredText("name");
    requireName(name);
    ObjectNode embed = members.object("embed");
    ObjectNode map = embed == null ? null : new Members(embed).object("field_map");
    if (map == null) {
      throw ApiException.invalid("'embed' with 'model' and 'field_map' is missing");
    }
    Members asked = new Members(embed);
    if (!asked.requiredText("model").equals(model)) {
      throw ApiException.invalid("the model of this server is '" + model + "' and no other");
    }
    if (asked.has("dimension") && asked.number("dimension", 0) != dimension) {
      throw ApiException.invalid("the model '" + model + "' gives " + dimension + " numbers");
    }
    String field = new Members(map).requiredText("text");
    ObjectNode spec = body.objectNode();
    ObjectNode serverless = spec.putObject("serverless");
    serverless.put("cloud", members.requiredText("cloud"));
    serverless.put("region", members.requiredText("region"));
    ObjectNode schema = members.object("schema");
    List<String> indexed = schema == null ? null : filterable(new Members(schema).object("fields"));
    String metric = asked.has("metric") ? asked.text("metric") : Metric.COSINE.label();
    Shape shape = Shape.of("dense", dimension, metric);
    // Its records have no sparse values of their own, under no metric.
    shape = new Shape(VectorType.DENSE, dimension, shape.metric());
    embed.put("metric", metric).put("dimension", dimension).put("vector_type", "dense");
    map.removeAll().put("text", field);
    IndexProfile profile =
        profile(members)
            .with("spec", spec)
            .with("read_capacity", members.get("read_capacity"))
            .with("embed", embed);
    return new NewIndex(shape.settings(name, indexed, protection(members)), profile, null);
  }

  /** Refuses what no index or collection can be called. */
  static void requireName(String name) {
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?")) {
      throw ApiException.invalid(
          "Name must consist of 1 to 45 lower case alphanumeric characters or '-', and must start"
              + " and end with an alphanumeric character");
    }
  }

  private static NewIndex ofSpec(Members members, String name) {
    ObjectNode spec = members.object("spec");
    if (spec == null) {
      throw ApiException.invalid("'spec' is missing");
    }
    ObjectNode kind = kind(spec);
    String type = members.text("vector_type");
    Shape shape =
        Shape.of(
            type == null ? "dense" : type,
            members.has("dimension") ? members.number("dimension", 0) : null,
            members.text("metric"));
    ObjectNode kept = spec.deepCopy();
    ObjectNode parts = (ObjectNode) kept.properties().iterator().next().getValue();
    JsonNode capacity = parts.remove("read_capacity");
    parts.remove("schema");
    IndexProfile profile = profile(members).with("spec", kept).with("read_capacity", capacity);
    return new NewIndex(
        shape.settings(name, indexed(kind), protection(members)),
        profile,
        new Members(kind).text("source_collection"));
  }

  /** The one member of a spec. */
  private static ObjectNode kind(ObjectNode spec) {
    for (String name : List.of("serverless", "pod", "byoc")) {
      ObjectNode kind = new Members(spec).object(name);
      if (kind != null && spec.size() == 1) {
        return kind;
      }
    }
    throw ApiException.invalid("'spec' must have one of serverless, pod and byoc");
  }

  /** The fields that filters may name; null where none are listed: then all are. */
  private static List<String> indexed(ObjectNode kind) {
    ObjectNode pods = new Members(kind).object("metadata_config");
    if (pods != null && new Members(pods).has("indexed")) {
      return new Members(pods).texts("indexed");
    }
    ObjectNode schema = new Members(kind).object("schema");
    return schema == null ? null : filterable(new Members(schema).object("fields"));
  }

  private static List<String> filterable(ObjectNode fields) {
    if (fields == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (field.getValue().path("filterable").booleanValue(false)) {
        names.add(field.getKey());
      }
    }
    return names.isEmpty() ? null : names;
  }

  private static NewIndex ofSchema(Members members, String name) {
    ObjectNode fields = new Members(members.object("schema")).object("fields");
    if (fields == null || fields.isEmpty()) {
      throw ApiException.invalid("'schema.fields' is missing");
    }
    IndexSchema schema = IndexSchema.of(fields);
    IndexProfile profile =
        profile(members)
            .with("spec", spec(members.object("deployment")))
            .with("read_capacity", members.get("read_capacity"));
    if (schema.documents()) {
      profile = profile.with("fields", fields);
    }
    IndexSettings settings = schema.shape().settings(name, filterable(fields), protection(members));
    return new NewIndex(
        schema.text() == null ? settings : schema.text().in(settings), profile, null);
  }

  /** A deployment as the spec of earlier versions. */
  private static ObjectNode spec(ObjectNode deployment) {
    if (deployment == null) {
      return null;
    }
    String type = new Members(deployment).text("deployment_type");
    ObjectNode parts = deployment.deepCopy();
    parts.remove("deployment_type");
    ObjectNode spec = deployment.objectNode();
    spec.set("managed".equals(type) || type == null ? "serverless" : type, parts);
    return spec;
  }

  private static IndexProfile profile(Members members) {
    IndexProfile none = IndexProfile.empty();
    ObjectNode tags = members.object("tags");
    return tags == null ? none : none.withTags(requireTags(tags));
  }

  /** Checks tags as they are set. */
  static ObjectNode requireTags(ObjectNode tags) {
    if (tags.size() > MAX_TAGS) {
      throw ApiException.invalid("an index has at most " + MAX_TAGS + " tags");
    }
    for (Map.Entry<String, JsonNode> tag : tags.properties()) {
      boolean fits =
          tag.getKey().matches("[A-Za-z0-9_-]{1,80}")
              && tag.getValue().isString()
              && tag.getValue().stringValue().length() <= 120;
      if (!fits) {
        throw ApiException.invalid(
            "the tag '"
                + tag.getKey()
                + "' must have a name of at most 80 letters, digits, '_' and '-' and a text of at"
                + " most 120 characters");
      }
    }
    return tags;
  }

  /** Whether deletion is refused, null where nothing is said. */
  static Boolean protection(Members members) {
    String protection = members.text("deletion_protection");
    if (protection == null) {
      return null;
    }
    if (!protection.equals("enabled") && !protection.equals("disabled")) {
      throw ApiException.invalid("'deletion_protection' must be enabled or disabled");
    }
    return protection.equals("enabled");
  }

  /** What kind of vectors an index has. */
  record Shape(VectorType type, int dimension, Metric metric) {
    /**
     * The shape that the API's words mean.
     *
     * @param type dense or sparse
     * @param dimension null where it is not given
     * @param label of the metric, or null
     */
    static Shape of(String type, Integer dimension, String label) {
      if (type.equals("sparse")) {
        if (dimension != null || (label != null && !label.equals("dotproduct"))) {
          throw ApiException.invalid("a sparse index has the metric dotproduct and no dimension");
        }
        return new Shape(VectorType.SPARSE, 0, Metric.DOTPRODUCT);
      }
      if (!type.equals("dense")) {
        throw ApiException.invalid("'vector_type' must be dense or sparse");
      }
      if (dimension == null) {
        throw ApiException.invalid("'dimension' is missing");
      }
      Metric metric;
      try {
        metric = label == null ? Metric.COSINE : Metric.ofLabel(label);
      } catch (IllegalArgumentException e) {
        throw ApiException.invalid(e.getMessage());
      }
      // Sparse values beside dense ones are possible with this metric alone.
      boolean hybrid = metric == Metric.DOTPRODUCT;
      return new Shape(hybrid ? VectorType.HYBRID : VectorType.DENSE, dimension, metric);
    }

    IndexSettings settings(String name, List<String> schema, Boolean protection) {
      if (type.hasDense() && (dimension < 1 || dimension > 20_000)) {
        throw ApiException.invalid("'dimension' must be between 1 and 20000, got " + dimension);
      }
      try {
        return new IndexSettings(
            name, dimension, metric, type, schema, null, protection != null && protection);
      } catch (InvalidInputException e) {
        throw ApiException.invalid(e.getMessage());
      }
    }
  }
}
