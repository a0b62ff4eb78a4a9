package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.serve.api.ApiException;
import io.slab.serve.api.ApiVersion;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DataPlane;
import io.slab.serve.data.NamespaceInfo;
import io.slab.serve.data.NamespacePage;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.rest.Route.Plane;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Namespaces as such (spec/serve.md, "Data plane"). Stateless. */
final class NamespaceRoutes {
  private NamespaceRoutes() {}

  static List<Route> all() {
    String one = "/namespaces/{namespace}";
    return List.of(
        new Route("GET", "/namespaces", Plane.DATA, READ, NamespaceRoutes::list),
        new Route("POST", "/namespaces", Plane.DATA, WRITE, NamespaceRoutes::create),
        new Route("GET", one, Plane.DATA, READ, NamespaceRoutes::describe),
        new Route("DELETE", one, Plane.DATA, WRITE, NamespaceRoutes::delete));
  }

  private static DataPlane plane(RestRequest request) {
    return new DataPlane(request.index());
  }

  private static Reply list(RestRequest request) {
    Answer<NamespacePage> answer =
        plane(request)
            .namespaces(
                request.parameter("prefix"),
                request.number("limit", 100),
                DataRoutes.token(request.parameter("paginationToken")));
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeName("namespaces").writeStartArray();
          for (NamespaceInfo namespace : answer.value().namespaces()) {
            write(out, request, namespace);
          }
          out.writeEndArray();
          if (answer.value().next() != null) {
            out.writeName("pagination").writeStartObject();
            out.writeStringProperty("next", answer.value().next());
            out.writeEndObject();
          }
          out.writeNumberProperty("total_count", answer.value().total());
          out.writeEndObject();
        });
  }

  private static void write(JsonGenerator out, RestRequest request, NamespaceInfo namespace) {
    ApiVersion version = request.version();
    List<String> schema = request.index().spec().schema();
    out.writeStartObject();
    out.writeStringProperty("name", namespace.name());
    if (version.schemas()) {
      // Decimal strings since that version.
      out.writeStringProperty("record_count", Long.toString(namespace.records()));
      out.writeStringProperty("size_bytes", Long.toString(namespace.bytes()));
    } else {
      out.writeNumberProperty("record_count", namespace.records());
    }
    if (schema != null) {
      schema(out, schema);
    }
    out.writeEndObject();
  }

  private static void schema(JsonGenerator out, List<String> schema) {
    out.writeName("schema").writeStartObject();
    out.writeName("fields").writeStartObject();
    for (String field : schema) {
      out.writeName(field).writeStartObject();
      out.writeBooleanProperty("filterable", true);
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
    out.writeName("indexed_fields").writeStartObject();
    out.writeName("fields").writeStartArray();
    schema.forEach(out::writeString);
    out.writeEndArray();
    out.writeEndObject();
  }

  private static Reply create(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    String name = body.requiredText("name");
    if (name.isEmpty()) {
      throw ApiException.invalid("'name' is empty");
    }
    Answer<NamespaceInfo> answer = plane(request).createNamespace(name, filterable(body));
    return Reply.ok(answer, out -> write(out, request, answer.value()));
  }

  private static Collection<String> filterable(Members body) {
    ObjectNode schema = body.object("schema");
    ObjectNode fields = schema == null ? null : new Members(schema).object("fields");
    return fields == null ? List.of() : fields.propertyNames();
  }

  private static Reply describe(RestRequest request) {
    Answer<NamespaceInfo> answer = plane(request).namespace(request.segments().getFirst());
    return Reply.ok(answer, out -> write(out, request, answer.value()));
  }

  private static Reply delete(RestRequest request) {
    return DataRoutes.deleted(plane(request).deleteNamespace(request.segments().getFirst()));
  }
}
