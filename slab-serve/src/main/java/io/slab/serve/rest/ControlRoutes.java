package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.rest.Route.Plane;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Indexes as such (spec/serve.md, "Control plane"). */
final class ControlRoutes {
  private final Catalog catalog;

  ControlRoutes(Catalog catalog) {
    this.catalog = catalog;
  }

  List<Route> all() {
    String one = "/indexes/{index_name}";
    return List.of(
        new Route("GET", "/indexes", Plane.CONTROL, READ, this::list),
        new Route("POST", "/indexes", Plane.CONTROL, WRITE, this::create),
        new Route("GET", one, Plane.CONTROL, READ, this::describe),
        new Route("PATCH", one, Plane.CONTROL, WRITE, this::configure),
        new Route("DELETE", one, Plane.CONTROL, WRITE, this::delete),
        new Route(
            "POST",
            "/indexes/create-for-model",
            Plane.CONTROL,
            WRITE,
            request -> {
              throw DataRoutes.needsText("an index for a model");
            }));
  }

  private Reply list(RestRequest request) {
    ObjectNode body = Bodies.object();
    ArrayNode indexes = body.putArray("indexes");
    for (ServedIndex index : catalog.list()) {
      if (request.caller().sees(index.name())) {
        indexes.add(IndexModels.of(index, request.version(), request.hosts()));
      }
    }
    return Reply.of(200, body);
  }

  private static Reply model(int status, RestRequest request, ServedIndex index) {
    return Reply.of(
        status, index.whileServed(() -> IndexModels.of(index, request.version(), request.hosts())));
  }

  private Reply create(RestRequest request) {
    NewIndex wanted = NewIndex.of(Bodies.tree(request.body()));
    return model(201, request, catalog.create(wanted.settings(), wanted.profile()));
  }

  private Reply describe(RestRequest request) {
    return model(200, request, catalog.get(request.segments().getFirst()));
  }

  private Reply configure(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    if (body.has("embed")) {
      throw DataRoutes.needsText("'embed'");
    }
    Boolean protection = NewIndex.protection(body);
    ObjectNode tags = body.object("tags");
    if (tags != null) {
      NewIndex.requireTags(tags);
    }
    ObjectNode capacity = capacity(body);
    ServedIndex index =
        catalog.configure(
            request.segments().getFirst(),
            protection,
            profile -> {
              IndexProfile next = tags == null ? profile : profile.withTags(tags);
              return capacity == null ? next : next.with("read_capacity", capacity);
            });
    return model(202, request, index);
  }

  /** It is kept and shown, and means nothing here; pods have none to change. */
  private static ObjectNode capacity(Members body) {
    ObjectNode capacity = body.object("read_capacity");
    ObjectNode spec = body.object("spec");
    if (spec == null) {
      return capacity;
    }
    for (String kind : List.of("serverless", "byoc")) {
      ObjectNode parts = new Members(spec).object(kind);
      if (parts != null) {
        return new Members(parts).object("read_capacity");
      }
    }
    throw ApiException.invalid(
        "pods are a name here: this server has none whose number or type could be changed");
  }

  private Reply delete(RestRequest request) {
    catalog.delete(request.segments().getFirst());
    return Reply.empty(202);
  }
}
