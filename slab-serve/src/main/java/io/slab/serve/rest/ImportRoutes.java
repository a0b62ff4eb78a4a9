package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.imports.Imports;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.Progress;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.rest.Route.Plane;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bulk imports (spec/serve.md, "Data plane"). */
final class ImportRoutes {
  private static final int PAGE = 100;

  private final Imports imports;

  ImportRoutes(Imports imports) {
    this.imports = imports;
  }

  List<Route> all() {
    String one = "/bulk/imports/{id}";
    return List.of(
        new Route("GET", "/bulk/imports", Plane.DATA, READ, this::list),
        new Route("POST", "/bulk/imports", Plane.DATA, WRITE, this::start),
        new Route("GET", one, Plane.DATA, READ, this::describe),
        new Route("DELETE", one, Plane.DATA, WRITE, this::cancel));
  }

  private Reply start(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    String uri = body.requiredText("uri");
    Job job = imports.start(request.index(), uri, abort(body.object("errorMode")));
    return Reply.of(200, Bodies.object().put("id", job.id()));
  }

  private static boolean abort(ObjectNode mode) {
    String onError = mode == null ? null : new Members(mode).text("onError");
    if (onError != null && !onError.equals("abort") && !onError.equals("continue")) {
      throw ApiException.invalid("'errorMode.onError' must be abort or continue");
    }
    return "abort".equals(onError);
  }

  private Job job(RestRequest request) {
    String id = request.segments().getFirst();
    return imports
        .find(request.index(), id)
        .orElseThrow(() -> ApiException.notFound("there is no import " + id));
  }

  private Reply list(RestRequest request) {
    return Paging.reply(request, imports.list(request.index()), PAGE, Job::id, this::model);
  }

  private Reply describe(RestRequest request) {
    return Reply.of(200, model(job(request)));
  }

  private Reply cancel(RestRequest request) {
    imports.cancel(job(request));
    return Reply.of(200, Bodies.object());
  }

  private ObjectNode model(Job job) {
    ObjectNode model = Bodies.object();
    model.put("id", job.id());
    model.put("uri", job.told("uri"));
    Optional<Progress> progress = imports.progress(job);
    String status = progress.isPresent() ? "InProgress" : "Pending";
    model.put("status", job.ended() ? new Members(job.end()).text("status") : status);
    model.put("createdAt", job.begun());
    if (job.endedAt() != null) {
      model.put("finishedAt", job.endedAt().toString());
    }
    boolean done = job.ended() && "Completed".equals(new Members(job.end()).text("status"));
    model.put("percentComplete", done ? 100.0 : progress.map(Progress::percent).orElse(0.0));
    long records = job.ended() ? job.end().path("records").longValue(0) : 0;
    model.put("recordsImported", progress.map(Progress::records).orElse(records));
    if (job.ended()) {
      JsonNode error = job.end().get("error");
      if (error != null) {
        model.set("error", error);
      }
      ObjectNode result = model.putObject("validationResult");
      result.put("importSuccesses", records);
      result.put("importErrors", job.end().path("refused").longValue(0));
    }
    return model;
  }
}
