package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.backup.Backups;
import io.slab.serve.backup.Restores;
import io.slab.serve.backup.Saved;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.rest.Route.Effect;
import io.slab.serve.rest.Route.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Backups, collections and restore jobs (spec/serve.md, "Control plane"). */
final class BackupRoutes {
  private static final int PAGE = 10;
  private static final int MAX_TEXT = 1_000;

  private final Catalog catalog;
  private final Backups backups;
  private final Restores restores;
  private final List<Route> routes = new ArrayList<>();

  BackupRoutes(Catalog catalog, Backups backups, Restores restores) {
    this.catalog = catalog;
    this.backups = backups;
    this.restores = restores;
  }

  List<Route> all() {
    String collection = "/collections/{collection_name}";
    String backup = "/backups/{backup_id}";
    String ofIndex = "/indexes/{index_name}/backups";
    String schedules = "/indexes/{index_name}/backup-schedules";
    add("GET", "/collections", READ, this::collections);
    add("POST", "/collections", WRITE, this::createCollection);
    add(
        "GET",
        collection,
        READ,
        request -> Reply.of(200, BackupModels.collection(saved(request, Kind.COLLECTION))));
    add("DELETE", collection, WRITE, request -> delete(request, Kind.COLLECTION));
    add("GET", "/backups", READ, this::backups);
    add(
        "GET",
        backup,
        READ,
        request ->
            Reply.of(200, BackupModels.backup(saved(request, Kind.BACKUP), request.version())));
    add("DELETE", backup, WRITE, request -> delete(request, Kind.BACKUP));
    add("POST", backup + "/create-index", WRITE, this::createIndex);
    add("GET", ofIndex, READ, this::backupsOf);
    add("POST", ofIndex, WRITE, this::createBackup);
    add("GET", "/restore-jobs", READ, this::restoreJobs);
    add("GET", "/restore-jobs/{job_id}", READ, this::restoreJob);
    add("GET", schedules, READ, this::noSchedules);
    add(
        "POST",
        schedules,
        WRITE,
        request -> {
          throw ApiException.invalid(
              "backup schedules are not offered by this server: ask for backups from a timer");
        });
    return routes;
  }

  private void add(String method, String path, Effect effect, Function<RestRequest, Reply> does) {
    routes.add(new Route(method, path, Plane.CONTROL, effect, does));
  }

  /** One that the caller may know of; others are not there. */
  private Saved saved(RestRequest request, Kind kind) {
    String id = request.segments().getFirst();
    return backups
        .find(kind, id)
        .filter(saved -> request.caller().sees(saved.source()))
        .orElseThrow(() -> ApiException.notFound("Resource " + id + " not found"));
  }

  private List<Saved> seen(RestRequest request, Kind kind) {
    return backups.list(kind).stream()
        .filter(saved -> request.caller().sees(saved.source()))
        .toList();
  }

  private Reply collections(RestRequest request) {
    ObjectNode body = Bodies.object();
    var list = body.putArray("collections");
    seen(request, Kind.COLLECTION).forEach(saved -> list.add(BackupModels.collection(saved)));
    return Reply.of(200, body);
  }

  private Reply createCollection(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    String name = body.requiredText("name");
    NewIndex.requireName(name);
    ServedIndex source = catalog.get(body.requiredText("source"));
    Saved made =
        source.whileServed(() -> backups.begin(Kind.COLLECTION, name, source, Bodies.object()));
    return Reply.of(201, BackupModels.collection(made));
  }

  private Reply delete(RestRequest request, Kind kind) {
    backups.delete(kind, request.segments().getFirst());
    return Reply.empty(202);
  }

  private Reply backups(RestRequest request) {
    return page(request, seen(request, Kind.BACKUP));
  }

  private static Reply page(RestRequest request, List<Saved> all) {
    return Paging.reply(
        request, all, PAGE, Saved::id, saved -> BackupModels.backup(saved, request.version()));
  }

  /** Those of an earlier index of the name count where deleted ones are asked for. */
  private Reply backupsOf(RestRequest request) {
    String name = request.segments().getFirst();
    boolean deleted = "true".equals(request.parameter("include_deleted"));
    List<Saved> all = seen(request, Kind.BACKUP);
    if (deleted) {
      return page(request, all.stream().filter(saved -> saved.source().equals(name)).toList());
    }
    ServedIndex index = catalog.get(name);
    return page(request, all.stream().filter(saved -> saved.isOf(index)).toList());
  }

  private Reply createBackup(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    ObjectNode more = Bodies.object();
    for (String member : List.of("name", "description")) {
      String text = body.text(member);
      if (text != null && text.length() > MAX_TEXT) {
        throw ApiException.invalid(
            "'" + member + "' has at most " + MAX_TEXT + " characters, got " + text.length());
      }
      if (text != null) {
        more.put(member, text);
      }
    }
    ServedIndex index = catalog.get(request.segments().getFirst());
    String id = UUID.randomUUID().toString();
    Saved made = index.whileServed(() -> backups.begin(Kind.BACKUP, id, index, more));
    return Reply.of(201, BackupModels.backup(made, request.version()));
  }

  private Reply createIndex(RestRequest request) {
    Saved of = saved(request, Kind.BACKUP);
    Members body = new Members(Bodies.tree(request.body()));
    String name = body.requiredText("name");
    NewIndex.requireName(name);
    IndexProfile profile = of.profile();
    ObjectNode tags = body.object("tags");
    if (tags != null) {
      profile = profile.with("tags", null).withTags(NewIndex.requireTags(tags));
    }
    ObjectNode capacity = body.object("read_capacity");
    profile = capacity == null ? profile : profile.with("read_capacity", capacity);
    boolean deletionProtected = Boolean.TRUE.equals(NewIndex.protection(body));
    Restores.Begun begun = restores.begin(of, true, name, profile, deletionProtected);
    ObjectNode answer = Bodies.object();
    answer.put("restore_job_id", begun.job().id());
    answer.put("index_id", name);
    return Reply.of(202, answer);
  }

  private Reply restoreJobs(RestRequest request) {
    List<Job> jobs =
        restores.list().stream().filter(job -> request.caller().sees(job.told("target"))).toList();
    return Paging.reply(
        request, jobs, PAGE, Job::id, job -> BackupModels.restore(job, restores.percent(job)));
  }

  private Reply restoreJob(RestRequest request) {
    String id = request.segments().getFirst();
    Job job =
        restores
            .find(id)
            .filter(found -> request.caller().sees(found.told("target")))
            .orElseThrow(() -> ApiException.notFound("Resource " + id + " not found"));
    return Reply.of(200, BackupModels.restore(job, restores.percent(job)));
  }

  private Reply noSchedules(RestRequest request) {
    ServedIndex unused = catalog.get(request.segments().getFirst());
    ObjectNode body = Bodies.object();
    body.putArray("data");
    return Reply.of(200, body);
  }
}
