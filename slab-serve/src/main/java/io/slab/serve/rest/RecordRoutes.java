package io.slab.serve.rest;

import static io.slab.serve.rest.Route.Effect.READ;
import static io.slab.serve.rest.Route.Effect.WRITE;

import io.slab.Match;
import io.slab.Query;
import io.slab.model.EmbeddingSpec;
import io.slab.model.MetaValue;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DataPlane;
import io.slab.serve.data.SharedModel;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.DocumentReader.Document;
import io.slab.serve.json.Members;
import io.slab.serve.json.Queries;
import io.slab.serve.json.RecordLines;
import io.slab.serve.json.Sparse;
import io.slab.serve.json.VectorWriter;
import io.slab.serve.rest.Route.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The records API: search by vector or id, and with texts where the server has a model for them.
 */
final class RecordRoutes {
  /** Null on a server without one. */
  private final SharedModel texts;

  RecordRoutes(SharedModel texts) {
    this.texts = texts;
  }

  List<Route> all() {
    return List.of(
        new Route(
            "POST", "/records/namespaces/{namespace}/search", Plane.RECORDS, READ, this::search),
        new Route(
            "POST", "/records/namespaces/{namespace}/upsert", Plane.RECORDS, WRITE, this::upsert));
  }

  private EmbeddingSpec requireModel(RestRequest request, String what) {
    if (texts == null) {
      throw DataRoutes.needsText(what);
    }
    return request
        .index()
        .embedding()
        .filter(spec -> spec.textField() != null)
        .orElseThrow(() ->
            ApiException.invalid(
                "the index "
                    + request.index().name()
                    + " does not say which model its vectors are of: make one with"
                    + " create-for-model, and send vectors to this one"));
  }

  private Reply upsert(RestRequest request) {
    EmbeddingSpec spec = requireModel(request, "an upsert of records with text");
    List<Document> records = RecordLines.read(request.body());
    List<String> words = records.stream().map(r -> RecordLines.text(r, spec)).toList();
    List<float[]> vectors = texts.ofDocuments(words, spec, request.cancellation());
    List<VectorRecord> made = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Document record = records.get(i);
      made.add(new VectorRecord(record.id(), vectors.get(i), null, record.fields()));
    }
    Answer<Integer> answer =
        new DataPlane(request.index()).upsert(request.segments().getFirst(), made);
    return Reply.created(answer);
  }

  private Reply search(RestRequest request) {
    Members body = new Members(Bodies.tree(request.body()));
    ObjectNode asked = body.object("query");
    if (asked == null) {
      throw ApiException.invalid("'query' is missing");
    }
    Members query = new Members(asked);
    if (query.has("match_terms")) {
      throw DataRoutes.needsText("'match_terms'");
    }
    if (body.has("rerank")) {
      throw DataRoutes.needsText("'rerank'");
    }
    Answer<List<Match>> answer =
        new DataPlane(request.index())
            .query(
                request.segments().getFirst(),
                query.has("inputs") ? question(request, query) : question(query),
                request.least(),
                request.cancellation());
    List<String> fields = body.texts("fields");
    return Reply.ok(answer, out -> write(out, answer.value(), fields));
  }

  /** A question by a text. */
  private Query question(RestRequest request, Members query) {
    EmbeddingSpec spec = requireModel(request, "a search by text");
    String text = new Members(query.object("inputs")).requiredText("text");
    float[] vector = texts.ofQuestion(text, spec, request.cancellation());
    int topK = Queries.topK(query.number("top_k", 0));
    return Queries.of(vector, null, null, query.objectText("filter"), topK, false, true);
  }

  private static Query question(Members query) {
    float[] values = null;
    SparseVector sparse = null;
    ObjectNode vector = query.object("vector");
    if (vector != null) {
      Members parts = new Members(vector);
      values = UpdateReader.floats(parts, "values");
      float[] weights = UpdateReader.floats(parts, "sparse_values");
      sparse = weights == null ? null : Sparse.of(indices(parts.get("sparse_indices")), weights);
    }
    int topK = Queries.topK(query.number("top_k", 0));
    return Queries.of(
        values, sparse, query.text("id"), query.objectText("filter"), topK, false, true);
  }

  private static long[] indices(JsonNode node) {
    if (node == null || !node.isArray()) {
      throw ApiException.invalid("'sparse_indices' must be an array of whole numbers");
    }
    long[] indices = new long[node.size()];
    for (int i = 0; i < indices.length; i++) {
      if (!node.get(i).isIntegralNumber() || !node.get(i).canConvertToLong()) {
        throw ApiException.invalid("'sparse_indices' must be an array of whole numbers");
      }
      indices[i] = node.get(i).longValue();
    }
    return indices;
  }

  private static void write(JsonGenerator out, List<Match> matches, List<String> fields) {
    out.writeStartObject();
    out.writeName("result").writeStartObject();
    out.writeName("hits").writeStartArray();
    for (Match match : matches) {
      out.writeStartObject();
      out.writeStringProperty("_id", match.id());
      out.writeNumberProperty("_score", match.score());
      out.writeName("fields").writeStartObject();
      for (Map.Entry<String, MetaValue> field : match.metadata().fields().entrySet()) {
        if (fields == null || fields.contains("*") || fields.contains(field.getKey())) {
          out.writeName(field.getKey());
          VectorWriter.value(out, field.getValue());
        }
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeName("usage").writeStartObject();
    out.writeNumberProperty("read_units", 1);
    out.writeEndObject();
    out.writeEndObject();
  }
}
