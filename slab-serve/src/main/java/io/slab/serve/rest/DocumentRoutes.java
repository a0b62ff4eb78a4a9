package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.Match;
import io.slab.Page;
import io.slab.Query;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.DocumentFields;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DeleteRequest;
import io.slab.serve.data.DocumentPlane;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.DocumentReader;
import io.slab.serve.json.DocumentReader.Document;
import io.slab.serve.json.Members;
import io.slab.serve.json.Queries;
import io.slab.serve.json.VectorReader;
import io.slab.serve.rest.Route.Effect;
import io.slab.serve.rest.Route.Plane;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

/** The documents API of 2026-07 (spec/serve.md, "Documents"). Stateless. */
final class DocumentRoutes {
  private static final int PAGE = 100;

  /** Most characters of a question by words. */
  private static final int MAX_WORDS = 10_240;

  private DocumentRoutes() {}

  static List<Route> all() {
    return List.of(
        route("upsert", WRITE, DocumentRoutes::upsert),
        route("search", READ, DocumentRoutes::search),
        route("fetch", READ, DocumentRoutes::fetch),
        route("list", READ, DocumentRoutes::list),
        route("update", WRITE, DocumentRoutes::update),
        route("delete", WRITE, DocumentRoutes::delete));
  }

  private static Route route(String verb, Effect effect, Function<RestRequest, Reply> handler) {
    return new Route(
        "POST", "/namespaces/{namespace}/documents/" + verb, Plane.RECORDS, effect, handler);
  }

  private static DocumentPlane plane(RestRequest request) {
    return new DocumentPlane(request.index());
  }

  private static String namespace(RestRequest request) {
    return request.segments().getFirst();
  }

  private static List<Document> documents(RestRequest request) {
    DocumentFields fields = request.index().requireDocuments();
    DocumentReader reader = new DocumentReader(fields.dense(), fields.sparse());
    List<Document> documents =
        Bodies.read(
            request.body(),
            in -> {
              List<Document> found = null;
              while (in.nextToken() != JsonToken.END_OBJECT) {
                boolean here = in.currentName().equals("documents");
                in.nextToken();
                if (here) {
                  found = reader.documents(in);
                } else {
                  in.skipChildren();
                }
              }
              return found;
            });
    if (documents == null) {
      throw ApiException.invalid("'documents' is missing");
    }
    return documents;
  }

  private static Reply upsert(RestRequest request) {
    Answer<Integer> answer = plane(request).upsert(namespace(request), documents(request));
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeNumberProperty("upserted_count", answer.value());
          out.writeEndObject();
        });
  }

  private static Reply search(RestRequest request) {
    DocumentFields fields = request.index().requireDocuments();
    Members body = new Members(Bodies.tree(request.body()));
    Query by = by(plane(request), fields, method(body));
    List<String> include = body.texts("include_fields");
    boolean with = include != null && !include.isEmpty();
    Answer<List<Match>> answer =
        plane(request)
            .search(
                namespace(request),
                by,
                body.objectText("filter"),
                Queries.topK(body.number("top_k", 0)),
                with,
                request.least(),
                request.cancellation());
    return Reply.ok(answer, out -> matches(out, request, fields, answer.value(), include));
  }

  private static Query by(DocumentPlane plane, DocumentFields fields, Members method) {
    String type = method.requiredText("type");
    switch (type) {
      case "dense_vector" -> {
        requireField(method, fields.dense());
        return plane.by(required(UpdateReader.floats(method, "values"), "values"), null);
      }
      case "sparse_vector" -> {
        requireField(method, fields.sparse());
        SparseVector sparse = UpdateReader.sparse(method, "sparse_values");
        return plane.by(null, required(sparse, "sparse_values"));
      }
      case "text" -> {
        requireField(method, fields.text());
        return words(required(method.text("query"), "query"));
      }
      default ->
          throw ApiException.invalid(
              "scoring by '"
                  + type
                  + "' is not offered by this server: it takes text, dense_vector and"
                  + " sparse_vector");
    }
  }

  private static Query words(String text) {
    if (text.isBlank() || text.length() > MAX_WORDS) {
      throw ApiException.invalid("'score_by.query' has 1 to " + MAX_WORDS + " characters");
    }
    return Query.text(text.strip());
  }

  private static <T> T required(T value, String name) {
    if (value == null) {
      throw ApiException.invalid("'score_by." + name + "' is missing");
    }
    return value;
  }

  private static Members method(Members body) {
    if (body.get("score_by") == null || !body.get("score_by").isArray()) {
      throw ApiException.invalid("'score_by' must be an array of one scoring method");
    }
    if (body.get("score_by").size() != 1
        || !(body.get("score_by").get(0) instanceof ObjectNode method)) {
      throw ApiException.invalid(
          "documents are scored by one method on this server: 'score_by' takes one");
    }
    return new Members(method);
  }

  private static void requireField(Members method, String field) {
    List<String> named = method.texts("fields");
    String one = method.text("field");
    String asked = one != null ? one : named != null && named.size() == 1 ? named.getFirst() : null;
    if (asked == null || !asked.equals(field)) {
      throw ApiException.invalid(
          field == null
              ? "the index has no field of the type that 'score_by' needs"
              : "'score_by' must name the field '" + field + "'");
    }
  }

  private static void matches(
      JsonGenerator out,
      RestRequest request,
      DocumentFields fields,
      List<Match> matches,
      List<String> include) {
    out.writeStartObject();
    out.writeName("matches").writeStartArray();
    for (Match match : matches) {
      out.writeStartObject();
      out.writeStringProperty("_id", match.id());
      out.writeName("_score");
      DocumentWriter.score(out, match.score());
      VectorRecord record =
          new VectorRecord(match.id(), match.values(), match.sparse(), match.metadata());
      DocumentWriter.fields(out, record, fields, include == null ? List.of() : include);
      out.writeEndObject();
    }
    out.writeEndArray();
    end(out, request, null);
  }

  private static void end(JsonGenerator out, RestRequest request, String next) {
    if (next != null) {
      out.writeName("pagination").writeStartObject();
      out.writeStringProperty("next", next);
      out.writeEndObject();
    }
    out.writeStringProperty("namespace", namespace(request));
    out.writeName("usage").writeStartObject();
    out.writeNumberProperty("read_units", 1);
    out.writeEndObject();
    out.writeEndObject();
  }

  private static Reply fetch(RestRequest request) {
    DocumentFields fields = request.index().requireDocuments();
    Members body = new Members(Bodies.tree(request.body()));
    List<String> ids = body.texts("ids");
    String filter = body.objectText("filter");
    if ((ids == null) == (filter == null)) {
      throw ApiException.invalid("a fetch takes ids or a filter");
    }
    List<String> named = body.texts("include_fields");
    List<String> include = named == null || named.isEmpty() ? List.of("*") : named;
    if (ids != null) {
      Answer<Map<String, VectorRecord>> answer =
          plane(request).fetch(namespace(request), ids, request.least());
      Collection<VectorRecord> found = answer.value().values();
      return Reply.ok(answer, out -> found(out, request, fields, found, include, null));
    }
    Answer<Page<VectorRecord>> answer =
        plane(request)
            .fetch(
                namespace(request),
                filter,
                body.number("limit", PAGE),
                DataRoutes.token(body.text("pagination_token")),
                request.least());
    Page<VectorRecord> page = answer.value();
    return Reply.ok(answer, out -> found(out, request, fields, page.items(), include, page.next()));
  }

  private static void found(
      JsonGenerator out,
      RestRequest request,
      DocumentFields fields,
      Collection<VectorRecord> records,
      List<String> include,
      String next) {
    out.writeStartObject();
    out.writeName("documents").writeStartObject();
    for (VectorRecord record : records) {
      out.writeName(record.id()).writeStartObject();
      out.writeStringProperty("_id", record.id());
      DocumentWriter.fields(out, record, fields, include);
      out.writeEndObject();
    }
    out.writeEndObject();
    end(out, request, next);
  }

  private static Reply list(RestRequest request) {
    request.index().requireDocuments();
    Members body = new Members(Bodies.tree(request.body()));
    Answer<Page<String>> answer =
        plane(request)
            .list(
                namespace(request),
                body.text("prefix"),
                body.number("limit", PAGE),
                DataRoutes.token(body.text("pagination_token")),
                request.least());
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeName("documents").writeStartArray();
          for (String id : answer.value().items()) {
            out.writeStartObject();
            out.writeStringProperty("_id", id);
            out.writeEndObject();
          }
          out.writeEndArray();
          end(out, request, answer.value().next());
        });
  }

  private static Reply update(RestRequest request) {
    DocumentFields fields = request.index().requireDocuments();
    Members body = new Members(Bodies.tree(request.body()));
    String filter = body.objectText("filter");
    if (body.has("documents") == (filter != null)) {
      throw ApiException.invalid("an update takes documents or a filter");
    }
    if (filter == null) {
      return matched(plane(request).update(namespace(request), documents(request)));
    }
    ObjectNode set = body.object("set_fields");
    Metadata metadata =
        set == null ? Metadata.EMPTY : Bodies.reread(set, in -> VectorReader.metadata(in, 0, ""));
    List<String> removed = body.texts("remove_fields");
    for (String field : metadata.fields().keySet()) {
      if (fields.isVector(field)) {
        throw ApiException.invalid("an update by filter changes no vectors: '" + field + "'");
      }
    }
    return matched(
        plane(request)
            .update(namespace(request), filter, metadata, removed == null ? List.of() : removed));
  }

  private static Reply matched(Answer<Long> answer) {
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          if (answer.value() >= 0) {
            out.writeNumberProperty("matched_records", answer.value());
          }
          out.writeEndObject();
        });
  }

  private static Reply delete(RestRequest request) {
    request.index().requireDocuments();
    Members body = new Members(Bodies.tree(request.body()));
    DeleteRequest delete =
        new DeleteRequest(
            body.texts("ids"), body.objectText("filter"), body.flag("delete_all", false));
    return matched(plane(request).delete(namespace(request), delete));
  }
}
