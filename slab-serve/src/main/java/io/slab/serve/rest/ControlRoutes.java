package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.IndexSettings;
import io.slab.model.IndexSpec;
import io.slab.serve.api.ApiException;
import io.slab.serve.backup.Backups;
import io.slab.serve.backup.Restores;
import io.slab.serve.backup.Saved;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.IndexView;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.data.SharedModel;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.rest.Route.Plane;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Indexes as such (spec/serve.md, "Control plane"). */
final class ControlRoutes {
  private final Catalog catalog;
  private final Backups backups;
  private final Restores restores;

  /** Null on a server without one. */
  private final SharedModel texts;

  ControlRoutes(Services services) {
    this.catalog = services.catalog();
    this.backups = services.backups();
    this.restores = services.restores();
    this.texts = services.texts();
  }

  List<Route> all() {
    String one = "/indexes/{index_name}";
    return List.of(
        new Route("GET", "/indexes", Plane.CONTROL, READ, this::list),
        new Route("POST", "/indexes", Plane.CONTROL, WRITE, this::create),
        new Route("GET", one, Plane.CONTROL, READ, this::describe),
        new Route("PATCH", one, Plane.CONTROL, WRITE, this::configure),
        new Route("DELETE", one, Plane.CONTROL, WRITE, this::delete),
        new Route("POST", "/indexes/create-for-model", Plane.CONTROL, WRITE, this::createForModel));
  }

  private Reply createForModel(RestRequest request) {
    if (texts == null) {
      throw DataRoutes.needsText("an index for a model");
    }
    int dimension = texts.dimension(request.cancellation());
    NewIndex wanted = NewIndex.forModel(Bodies.tree(request.body()), texts.name(), dimension);
    return model(201, request, catalog.create(wanted.settings(), wanted.profile()));
  }

  private Reply list(RestRequest request) {
    ObjectNode body = Bodies.object();
    ArrayNode indexes = body.putArray("indexes");
    Map<String, IndexView> views = new TreeMap<>();
    restores.elsewhere().forEach(index -> views.put(index.name(), index));
    catalog.views().forEach(index -> views.put(index.name(), index));
    for (IndexView index : views.values()) {
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
    if (wanted.source() != null) {
      return Reply.of(
          201, IndexModels.of(ofCollection(wanted), request.version(), request.hosts()));
    }
    return model(201, request, catalog.create(wanted.settings(), wanted.profile()));
  }

  private IndexView ofCollection(NewIndex wanted) {
    Saved collection =
        backups
            .find(Kind.COLLECTION, wanted.source())
            .orElseThrow(() -> ApiException.notFound("Resource " + wanted.source() + " not found"));
    IndexSpec has = collection.spec();
    IndexSettings asked = wanted.settings();
    boolean fits =
        has.dimension() == asked.dimension()
            && has.metric() == asked.metric()
            && has.vectorType() == asked.vectorType();
    if (!fits) {
      throw ApiException.invalid(
          "the collection "
              + wanted.source()
              + " has "
              + has.dimension()
              + " dimensions and the metric "
              + has.metric().label()
              + ": an index of it has the same");
    }
    return restores
        .begin(collection, false, asked.name(), wanted.profile(), asked.deletionProtection())
        .index();
  }

  private Reply describe(RestRequest request) {
    IndexView view = view(request.segments().getFirst());
    if (view instanceof ServedIndex index) {
      return model(200, request, index);
    }
    return Reply.of(200, IndexModels.of(view, request.version(), request.hosts()));
  }

  private IndexView view(String name) {
    try {
      return catalog.view(name);
    } catch (ApiException e) {
      return restores.elsewhere().stream()
          .filter(index -> index.name().equals(name))
          .findFirst()
          .orElseThrow(() -> e);
    }
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
    String name = request.segments().getFirst();
    catalog.find(name).ifPresent(backups::requireUnused);
    catalog.delete(name);
    return Reply.empty(202);
  }
}
