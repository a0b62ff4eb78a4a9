package io.slab.serve.rest;

import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.rest.Route.Plane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All routes, and which of them a request means. Immutable and thread-safe. */
public final class Router {
  private final List<Route> routes;

  /** The segments of their paths, in the same order. */
  private final List<List<String>> patterns;

  /** Those that leave no segment open, by method and path: most requests are for one of them. */
  private final Map<String, Found> closed = new HashMap<>();

  public Router(Services services) {
    List<Route> all = new ArrayList<>(DataRoutes.all());
    all.addAll(NamespaceRoutes.all());
    all.addAll(new RecordRoutes(services.texts()).all());
    all.addAll(DocumentRoutes.all());
    all.addAll(new ImportRoutes(services.imports()).all());
    all.addAll(new ControlRoutes(services).all());
    all.addAll(new BackupRoutes(services.catalog(), services.backups(), services.restores()).all());
    this.routes = List.copyOf(all);
    this.patterns = routes.stream().map(route -> Route.split(route.path())).toList();
    for (Route route : routes) {
      if (!route.path().contains("{")) {
        closed.putIfAbsent(route.method() + " " + route.path(), new Found(route, List.of()));
      }
    }
  }

  /** All routes, for the table of the specification. */
  public List<Route> routes() {
    return routes;
  }

  /** A route that fits, with the segments that it leaves open. */
  public record Found(Route route, List<String> segments) {}

  /**
   * The route of a request.
   *
   * @param segments of the path, decoded
   * @throws ApiException when there is none, or none with this method
   */
  public Found find(String method, List<String> segments) {
    Found known = closed.get(method + " /" + String.join("/", segments));
    // A slash within a segment was encoded, and makes another path of it.
    if (known != null && segments.size() == Route.split(known.route().path()).size()) {
      return known;
    }
    Found open = null;
    List<String> methods = new ArrayList<>();
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      List<String> match = Route.match(patterns.get(i), segments);
      if (match == null) {
        continue;
      }
      methods.add(route.method());
      if (route.method().equals(method)) {
        if (match.isEmpty()) {
          return new Found(route, match);
        }
        open = open == null ? new Found(route, match) : open;
      }
    }
    if (open != null) {
      return open;
    }
    String path = "/" + String.join("/", segments);
    if (!methods.isEmpty()) {
      throw new ApiException(
          Status.METHOD_NOT_ALLOWED,
          method + " " + path + ": the methods here are " + String.join(", ", methods));
    }
    throw ApiException.notFound("Not found: " + method + " " + path + "; see " + routesOf());
  }

  private String routesOf() {
    return String.join(
        ", ", routes.stream().map(route -> route.method() + " " + route.path()).toList());
  }

  /** Whether a route belongs to the control plane. */
  static boolean isControl(Route route) {
    return route.plane() == Plane.CONTROL;
  }
}
