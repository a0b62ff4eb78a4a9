package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.rest.Route.Effect;
import io.slab.serve.rest.Route.Plane;
import java.util.List;

/** The documents API of 2026-07, which is refused with a sentence until it is here. Stateless. */
final class DocumentRoutes {
  private DocumentRoutes() {}

  static List<Route> all() {
    return List.of(
        route("upsert", WRITE),
        route("search", READ),
        route("fetch", READ),
        route("list", READ),
        route("update", WRITE),
        route("delete", WRITE));
  }

  private static Route route(String verb, Effect effect) {
    return new Route(
        "POST",
        "/namespaces/{namespace}/documents/" + verb,
        Plane.RECORDS,
        effect,
        request -> {
          throw ApiException.invalid(
              "the documents API is not offered by this server yet: use the vectors API");
        });
  }
}
