package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.Match;
import io.slab.Namespace;
import io.slab.Page;
import io.slab.model.IndexSpec;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.serve.api.ApiException;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DataPlane;
import io.slab.serve.data.DeleteRequest;
import io.slab.serve.data.UpdateRequest;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.json.QueryReader;
import io.slab.serve.json.UpsertReader;
import io.slab.serve.json.VectorWriter;
import io.slab.serve.rest.Route.Plane;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.core.JsonGenerator;

/** The vectors API (spec/serve.md, "Data plane"). Stateless. */
final class DataRoutes {
  private static final int PAGE = 100;

  private DataRoutes() {}

  static List<Route> all() {
    return List.of(
        new Route("POST", "/vectors/upsert", Plane.DATA, WRITE, DataRoutes::upsert),
        new Route("POST", "/query", Plane.DATA, READ, DataRoutes::query),
        new Route("GET", "/vectors/fetch", Plane.DATA, READ, DataRoutes::fetch),
        new Route(
            "POST", "/vectors/fetch_by_metadata", Plane.DATA, READ, DataRoutes::fetchByMetadata),
        new Route("GET", "/vectors/list", Plane.DATA, READ, DataRoutes::list),
        new Route("POST", "/vectors/update", Plane.DATA, WRITE, DataRoutes::update),
        new Route("POST", "/vectors/delete", Plane.DATA, WRITE, DataRoutes::delete),
        new Route("DELETE", "/vectors/delete", Plane.DATA, WRITE, DataRoutes::deleteOfOld),
        new Route("POST", "/describe_index_stats", Plane.DATA, READ, DataRoutes::stats),
        new Route("GET", "/describe_index_stats", Plane.DATA, READ, DataRoutes::stats));
  }

  private static DataPlane plane(RestRequest request) {
    request.index().requireVectors();
    return new DataPlane(request.index());
  }

  private static Reply upsert(RestRequest request) {
    UpsertReader.Batch batch =
        UpsertReader.read(request.body(), request.index().spec().dimension());
    Answer<Integer> answer = plane(request).upsert(batch.namespace(), batch.records());
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeNumberProperty("upsertedCount", answer.value());
          out.writeEndObject();
        });
  }

  private static Reply query(RestRequest request) {
    QueryReader.Asked asked = QueryReader.read(request.body(), request.index().spec().dimension());
    Answer<List<Match>> answer =
        plane(request)
            .query(asked.namespace(), asked.query(), request.least(), request.cancellation());
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeName("results").writeStartArray().writeEndArray();
          VectorWriter.matches(
              out, answer.value(), asked.query().includeValues(), asked.query().includeMetadata());
          end(out, asked.namespace(), null);
        });
  }

  /** What ends the answers of reads: a token where there is more, and what was asked. */
  private static void end(JsonGenerator out, String namespace, String next) {
    if (next != null) {
      out.writeName("pagination").writeStartObject();
      out.writeStringProperty("next", next);
      out.writeEndObject();
    }
    out.writeStringProperty("namespace", namespace);
    out.writeName("usage").writeStartObject();
    out.writeNumberProperty("readUnits", 1);
    out.writeEndObject();
    out.writeEndObject();
  }

  private static Reply fetch(RestRequest request) {
    List<String> ids = request.query().getOrDefault("ids", List.of());
    Answer<Map<String, VectorRecord>> answer =
        plane(request).fetch(request.namespace(), ids, request.least());
    return Reply.ok(
        answer,
        out -> {
          vectors(out, answer.value().values());
          end(out, request.namespace(), null);
        });
  }

  private static void vectors(JsonGenerator out, Collection<VectorRecord> records) {
    out.writeStartObject();
    out.writeName("vectors").writeStartObject();
    for (VectorRecord record : records) {
      out.writeName(record.id());
      VectorWriter.record(out, record);
    }
    out.writeEndObject();
  }

  private static Reply fetchByMetadata(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    String namespace = namespace(body);
    Answer<Page<VectorRecord>> answer =
        plane(request)
            .fetchByMetadata(
                namespace,
                body.objectText("filter"),
                body.number("limit", PAGE),
                token(body.text("paginationToken")),
                request.least());
    return Reply.ok(
        answer,
        out -> {
          vectors(out, answer.value().items());
          end(out, namespace, answer.value().next());
        });
  }

  private static String namespace(Members body) {
    String namespace = body.text("namespace");
    return namespace == null ? "" : namespace;
  }

  /** Some clients send an empty token for the first page. */
  static String token(String token) {
    return token == null || token.isEmpty() ? null : token;
  }

  private static Reply list(RestRequest request) {
    Answer<Page<String>> answer =
        plane(request)
            .list(
                request.namespace(),
                request.parameter("prefix"),
                request.number("limit", PAGE),
                token(request.parameter("paginationToken")),
                request.least());
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeName("vectors").writeStartArray();
          for (String id : answer.value().items()) {
            out.writeStartObject();
            out.writeStringProperty("id", id);
            out.writeEndObject();
          }
          out.writeEndArray();
          end(out, request.namespace(), answer.value().next());
        });
  }

  private static Reply update(RestRequest request) {
    UpdateReader.Asked asked = UpdateReader.read(request.body());
    UpdateRequest update = asked.update();
    Answer<Long> answer = plane(request).update(asked.namespace(), update);
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          if (update.filter() != null) {
            out.writeNumberProperty("matchedRecords", answer.value());
          }
          out.writeEndObject();
        });
  }

  private static Reply delete(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    DeleteRequest delete =
        new DeleteRequest(
            body.texts("ids"), body.objectText("filter"), body.flag("deleteAll", false));
    return deleted(plane(request).delete(namespace(body), delete));
  }

  private static Reply deleteOfOld(RestRequest request) {
    boolean all = "true".equals(request.parameter("deleteAll"));
    DeleteRequest delete = new DeleteRequest(request.query().get("ids"), null, all);
    return deleted(plane(request).delete(request.namespace(), delete));
  }

  static Reply deleted(Answer<?> answer) {
    return Reply.ok(
        answer,
        out -> {
          out.writeStartObject();
          out.writeEndObject();
        });
  }

  private static Reply stats(RestRequest request) {
    String filter = new Members(Bodies.tree(request.body())).objectText("filter");
    if (filter != null && filter.equals("{}")) {
      filter = null;
    }
    Answer<SortedMap<String, Long>> answer = new DataPlane(request.index()).stats(filter);
    return Reply.ok(answer, out -> stats(out, request.index().spec(), answer.value()));
  }

  private static void stats(JsonGenerator out, IndexSpec spec, SortedMap<String, Long> counts) {
    long total = 0;
    out.writeStartObject();
    out.writeName("namespaces").writeStartObject();
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      // The default namespace has no name here.
      out.writeName(count.getKey().equals(Namespace.DEFAULT) ? "" : count.getKey());
      out.writeStartObject();
      out.writeNumberProperty("vectorCount", count.getValue());
      out.writeEndObject();
      total += count.getValue();
    }
    out.writeEndObject();
    if (spec.vectorType().hasDense()) {
      out.writeNumberProperty("dimension", spec.dimension());
    }
    out.writeNumberProperty("indexFullness", 0);
    out.writeNumberProperty("totalVectorCount", total);
    out.writeStringProperty("metric", spec.metric().label());
    out.writeStringProperty("vectorType", vectorType(spec));
    out.writeEndObject();
  }

  /** The API knows no hybrid indexes: a dense one of the metric dotproduct takes sparse values. */
  static String vectorType(IndexSpec spec) {
    return spec.vectorType() == VectorType.SPARSE ? "sparse" : "dense";
  }

  static ApiException needsText(String what) {
    return ApiException.invalid(
        what
            + " needs a hosted model, which this server has none of: send vectors instead, or start"
            + " it with --embed-url");
  }
}
