package io.slab.serve.rest;

import io.slab.model.IndexSpec;
import io.slab.serve.api.ApiVersion;
import io.slab.serve.backup.Saved;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.jobs.Job;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How backups, collections and restore jobs are described in each version. Stateless. */
final class BackupModels {
  private static final String CLOUD = "aws";
  private static final String REGION = "us-east-1";

  private BackupModels() {}

  static ObjectNode backup(Saved saved, ApiVersion version) {
    ObjectNode model = Bodies.object();
    model.put("backup_id", saved.id());
    model.put("source_index_name", saved.source());
    model.put("source_index_id", saved.source());
    copy(saved.job().about(), model, "name", "description");
    model.put("status", saved.status());
    place(model, saved.profile().spec());
    IndexSpec spec = saved.spec();
    if (version.schemas()) {
      model.putObject("schema").set("fields", IndexModels.fields(spec, saved.profile()));
    } else {
      if (spec.vectorType().hasDense()) {
        model.put("dimension", spec.dimension());
      }
      model.put("metric", spec.metric().label());
      if (version.compareTo(ApiVersion.V2025_10) >= 0) {
        IndexModels.addFields(model, spec);
      }
    }
    if (saved.job().ended()) {
      copy(saved.job().end(), model, "record_count", "namespace_count", "size_bytes");
    }
    if (!saved.profile().tags().isEmpty()) {
      model.set("tags", saved.profile().tags());
    }
    model.put("created_at", saved.job().begun());
    return model;
  }

  private static void copy(ObjectNode from, ObjectNode to, String... names) {
    for (String name : names) {
      JsonNode member = from.get(name);
      if (member != null && !member.isNull()) {
        to.set(name, member);
      }
    }
  }

  private static void place(ObjectNode model, ObjectNode spec) {
    ObjectNode parts = new Members(spec).object("serverless");
    Members said = parts == null ? null : new Members(parts);
    model.put("cloud", said == null || said.text("cloud") == null ? CLOUD : said.text("cloud"));
    model.put("region", said == null || said.text("region") == null ? REGION : said.text("region"));
  }

  static ObjectNode collection(Saved saved) {
    ObjectNode model = Bodies.object();
    model.put("name", saved.id());
    // The API has no word for one that failed: it never becomes ready, and is deleted.
    model.put("status", saved.status().equals(Saved.READY) ? Saved.READY : "Initializing");
    model.put("environment", environment(saved.profile()));
    if (saved.spec().vectorType().hasDense()) {
      model.put("dimension", saved.spec().dimension());
    }
    if (saved.status().equals(Saved.READY)) {
      model.set("size", saved.job().end().get("size_bytes"));
      model.set("vector_count", saved.job().end().get("record_count"));
    }
    return model;
  }

  private static String environment(IndexProfile profile) {
    for (String kind : List.of("pod", "byoc")) {
      ObjectNode parts = new Members(profile.spec()).object(kind);
      String environment = parts == null ? null : new Members(parts).text("environment");
      if (environment != null) {
        return environment;
      }
    }
    ObjectNode model = Bodies.object();
    place(model, profile.spec());
    return model.get("region").stringValue() + "-" + model.get("cloud").stringValue();
  }

  /**
   * A restore job.
   *
   * @param percent how far it is, where that is known
   */
  static ObjectNode restore(Job job, OptionalDouble percent) {
    ObjectNode model = Bodies.object();
    model.put("restore_job_id", job.id());
    model.put("backup_id", job.told("backup"));
    model.put("target_index_name", job.told("target"));
    model.put("target_index_id", job.told("target"));
    String status = percent.isPresent() ? "InProgress" : "Pending";
    model.put("status", job.ended() ? new Members(job.end()).text("status") : status);
    model.put("created_at", job.begun());
    if (job.endedAt() != null) {
      model.put("completed_at", job.endedAt().toString());
    }
    boolean done = job.ended() && "Completed".equals(new Members(job.end()).text("status"));
    model.put("percent_complete", done ? 100.0 : percent.orElse(0));
    return model;
  }
}
