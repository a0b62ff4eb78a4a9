package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.json.Bodies;
import io.slab.serve.rest.Route.Effect;
import io.slab.serve.rest.Route.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collections, backups, restore jobs and imports. This server makes none of them yet: lists are
 * empty, one by its name is not found, and what would make one is refused with a sentence. Backups
 * will be checkpoints with a copy each; this class is where they come in.
 */
final class BackupRoutes {
  private final Catalog catalog;
  private final List<Route> routes = new ArrayList<>();

  BackupRoutes(Catalog catalog) {
    this.catalog = catalog;
  }

  List<Route> all() {
    control("GET", "/collections", READ, request -> none("collections"));
    control("POST", "/collections", WRITE, refusing("collections"));
    missing("GET", "/collections/{collection_name}", READ);
    missing("DELETE", "/collections/{collection_name}", WRITE);
    control("GET", "/backups", READ, request -> none("data"));
    missing("GET", "/backups/{backup_id}", READ);
    missing("DELETE", "/backups/{backup_id}", WRITE);
    missing("POST", "/backups/{backup_id}/create-index", WRITE);
    control("GET", "/indexes/{index_name}/backups", READ, this::noneOfIndex);
    control("POST", "/indexes/{index_name}/backups", WRITE, refusing("backups"));
    control("GET", "/restore-jobs", READ, request -> none("data"));
    missing("GET", "/restore-jobs/{job_id}", READ);
    control("GET", "/indexes/{index_name}/backup-schedules", READ, this::noneOfIndex);
    control("POST", "/indexes/{index_name}/backup-schedules", WRITE, refusing("backup schedules"));
    data("GET", "/bulk/imports", READ, request -> none("data"));
    data("POST", "/bulk/imports", WRITE, BackupRoutes::refuseImport);
    data("GET", "/bulk/imports/{id}", READ, BackupRoutes::notFound);
    data("DELETE", "/bulk/imports/{id}", WRITE, BackupRoutes::notFound);
    return routes;
  }

  private void control(
      String method, String path, Effect effect, Function<RestRequest, Reply> handler) {
    routes.add(new Route(method, path, Plane.CONTROL, effect, handler));
  }

  private void data(
      String method, String path, Effect effect, Function<RestRequest, Reply> handler) {
    routes.add(new Route(method, path, Plane.DATA, effect, handler));
  }

  private void missing(String method, String path, Effect effect) {
    control(method, path, effect, BackupRoutes::notFound);
  }

  private static Reply none(String member) {
    ObjectNode body = Bodies.object();
    body.putArray(member);
    return Reply.of(200, body);
  }

  private Reply noneOfIndex(RestRequest request) {
    catalog.get(request.segments().getFirst());
    return none("data");
  }

  private static Reply notFound(RestRequest request) {
    throw ApiException.notFound("Resource " + request.segments().getFirst() + " not found");
  }

  private static Function<RestRequest, Reply> refusing(String what) {
    return request -> {
      throw notOffered(what);
    };
  }

  static ApiException notOffered(String what) {
    return ApiException.invalid(
        what + ": not offered by this server yet; `slab copy` makes a copy of an index");
  }

  private static Reply refuseImport(RestRequest request) {
    throw ApiException.invalid(
        "imports are not offered by this server yet; `slab ingest` reads the same files");
  }
}
