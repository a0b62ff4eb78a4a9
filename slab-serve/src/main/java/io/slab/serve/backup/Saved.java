package io.slab.serve.backup;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.jobs.Job;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A backup or a collection: a copy of an index that nothing writes to.
 *
 * @param job that makes it, or made it
 */
public record Saved(Job job) {
  /** States of it, as the API calls them. */
  public static final String READY = "Ready";

  static final String INITIALIZING = "Initializing";

  /** What is said of it at its beginning, without what the user calls it. */
  static ObjectNode about(ServedIndex source, String copy, int namespaces) {
    IndexSpec spec = source.spec();
    ObjectNode about = Bodies.object();
    about.put("source", source.name());
    about.put("source_created", Long.toString(spec.createdMillis()));
    about.put("copy", copy);
    about.put("namespaces", namespaces);
    about.put("dimension", spec.dimension());
    about.put("metric", spec.metric().label());
    about.put("vector_type", spec.vectorType().label());
    if (spec.schema() != null) {
      ArrayNode schema = about.putArray("schema");
      spec.schema().forEach(schema::add);
    }
    about.set("profile", source.profile().json());
    return about;
  }

  /** Whether what it was told at its beginning can be read no more. */
  boolean isDamaged() {
    return copy().isEmpty();
  }

  public String id() {
    return job.id();
  }

  /** The name of the index that it is of. */
  public String source() {
    String source = job.told("source");
    return source == null ? "" : source;
  }

  /** Whether it is of this very index, and not of an earlier one of the same name. */
  public boolean isOf(ServedIndex index) {
    return source().equals(index.name())
        && Long.toString(index.spec().createdMillis()).equals(job.told("source_created"));
  }

  /** The id of its copy. */
  String copy() {
    String copy = job.told("copy");
    return copy == null ? "" : copy;
  }

  /** Initializing, Ready or Failed. */
  public String status() {
    if (!job.ended()) {
      return INITIALIZING;
    }
    return READY.equals(new Members(job.end()).text("status")) ? READY : "Failed";
  }

  /** The shape of its vectors. */
  public IndexSpec spec() {
    Members about = new Members(job.about());
    List<String> schema = about.texts("schema");
    return new IndexSpec(
        source(),
        about.number("dimension", 0),
        Metric.ofLabel(about.requiredText("metric")),
        VectorType.ofLabel(about.requiredText("vector_type")),
        schema,
        0);
  }

  /** What the API said of the index. */
  public IndexProfile profile() {
    ObjectNode profile = new Members(job.about()).object("profile");
    return profile == null ? IndexProfile.empty() : IndexProfile.of(profile);
  }
}
