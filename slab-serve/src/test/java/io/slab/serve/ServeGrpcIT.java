package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.proto.DeleteRequest;
import io.slab.serve.proto.DeleteResponse;
import io.slab.serve.proto.FetchRequest;
import io.slab.serve.proto.FetchResponse;
import io.slab.serve.proto.ListRequest;
import io.slab.serve.proto.ListResponse;
import io.slab.serve.proto.QueryRequest;
import io.slab.serve.proto.QueryResponse;
import io.slab.serve.proto.ScoredVector;
import io.slab.serve.proto.SparseValues;
import io.slab.serve.proto.UpsertRequest;
import io.slab.serve.proto.UpsertResponse;
import io.slab.serve.proto.Vector;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** gRPC at the ports of REST, and that both give one answer. */
class ServeGrpcIT {
  private static final int DIMENSION = 8;

  @TempDir Path root;

  private static Struct kind(int value) {
    return Struct.newBuilder()
        .putFields("k", Value.newBuilder().setNumberValue(value).build())
        .build();
  }

  private static Vector vector(int i, Random random) {
    Vector.Builder vector = Vector.newBuilder().setId("v" + i).setMetadata(kind(i % 5));
    for (int d = 0; d < DIMENSION; d++) {
      vector.addValues(random.nextFloat() - 0.5f);
    }
    if (i % 3 == 0) {
      // The largest index there is, and not in order.
      vector.setSparseValues(
          SparseValues.newBuilder().addIndices(-1).addValues(1).addIndices(i).addValues(2));
    }
    return vector.build();
  }

  @Test
  void bothProtocolsGiveOneAnswer() throws Exception {
    Random random = new Random(Seeds.of(ServeGrpcIT.class));
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", DIMENSION, "dotproduct");
      TestGrpc grpc = new TestGrpc(port);
      UpsertRequest.Builder upsert = UpsertRequest.newBuilder().setNamespace("n");
      for (int i = 0; i < 200; i++) {
        upsert.addVectors(vector(i, random));
      }
      TestGrpc.Answer<UpsertResponse> written =
          grpc.call("Upsert", upsert.build(), UpsertResponse.parser());
      assertEquals(0, written.code(), written.text());
      assertEquals(200, written.message().getUpsertedCount());
      assertNotNull(written.lsn());
      for (int round = 0; round < 40; round++) {
        compare(test, port, grpc, query(random));
      }
      FetchRequest fetch = FetchRequest.newBuilder().setNamespace("n").addIds("v3").build();
      Vector fetched =
          grpc.call("Fetch", fetch, FetchResponse.parser()).message().getVectorsOrThrow("v3");
      Answer same = test.call("GET", port, "/vectors/fetch?ids=v3&namespace=n", null);
      assertEquals(4_294_967_295L, same.at("/vectors/v3/sparseValues/indices/1").longValue());
      assertEquals(-1, fetched.getSparseValues().getIndices(1));
      ListRequest list = ListRequest.newBuilder().setNamespace("n").setLimit(3).build();
      ListResponse page = grpc.call("List", list, ListResponse.parser()).message();
      Answer rest = test.call("GET", port, "/vectors/list?namespace=n&limit=3", null);
      assertEquals(page.getPagination().getNext(), rest.at("/pagination/next").stringValue());
    }
  }

  private static QueryRequest query(Random random) {
    QueryRequest.Builder query =
        QueryRequest.newBuilder().setNamespace("n").setTopK(1 + random.nextInt(20));
    if (random.nextInt(4) == 0) {
      query.setId("v" + random.nextInt(220));
    } else {
      for (int d = 0; d < DIMENSION; d++) {
        query.addVector(random.nextFloat() - 0.5f);
      }
      if (random.nextBoolean()) {
        query.setSparseVector(
            SparseValues.newBuilder().addIndices(random.nextInt(200)).addValues(1));
      }
    }
    if (random.nextBoolean()) {
      query.setFilter(kind(random.nextInt(6)));
    }
    return query.setIncludeValues(random.nextBoolean()).setIncludeMetadata(true).build();
  }

  private static void compare(TestServer test, int port, TestGrpc grpc, QueryRequest query)
      throws Exception {
    QueryResponse one = grpc.call("Query", query, QueryResponse.parser()).message();
    Answer other = test.call("POST", port, "/query", json(query));
    assertEquals(200, other.status(), other.http().body());
    assertEquals(one.getMatchesCount(), other.at("/matches").size());
    for (int i = 0; i < one.getMatchesCount(); i++) {
      ScoredVector match = one.getMatches(i);
      JsonNode same = other.at("/matches/" + i);
      assertEquals(match.getId(), same.get("id").stringValue());
      assertEquals(match.getScore(), same.get("score").floatValue());
      assertEquals(match.getValuesCount(), same.get("values").size());
      assertEquals(match.hasSparseValues(), same.has("sparseValues"));
      assertEquals(
          match.getMetadata().getFieldsOrThrow("k").getNumberValue(),
          same.get("metadata").get("k").doubleValue());
    }
  }

  private static String json(QueryRequest query) {
    StringBuilder out = new StringBuilder("{\"namespace\":\"n\",\"topK\":" + query.getTopK());
    if (!query.getId().isEmpty()) {
      out.append(",\"id\":\"").append(query.getId()).append('"');
    } else {
      out.append(",\"vector\":").append(query.getVectorList());
    }
    if (query.hasSparseVector()) {
      SparseValues sparse = query.getSparseVector();
      out.append(",\"sparseVector\":{\"indices\":").append(sparse.getIndicesList());
      out.append(",\"values\":").append(sparse.getValuesList()).append('}');
    }
    if (query.hasFilter()) {
      double k = query.getFilter().getFieldsOrThrow("k").getNumberValue();
      out.append(",\"filter\":{\"k\":").append(k).append('}');
    }
    out.append(",\"includeValues\":").append(query.getIncludeValues());
    return out.append(",\"includeMetadata\":true}").toString();
  }

  @Test
  void refusalsHaveTheirCode() throws Exception {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", DIMENSION, "cosine");
      TestGrpc grpc = new TestGrpc(port);
      QueryRequest wrong = QueryRequest.newBuilder().setTopK(3).addVector(1).build();
      TestGrpc.Answer<QueryResponse> refused = grpc.call("Query", wrong, QueryResponse.parser());
      assertEquals(3, refused.code());
      assertTrue(refused.text().contains("does not match the dimension of the index"));
      DeleteRequest all = DeleteRequest.newBuilder().setDeleteAll(true).setNamespace("no").build();
      assertEquals(5, grpc.call("Delete", all, DeleteResponse.parser()).code());
      assertEquals(12, grpc.call("Nothing", all, DeleteResponse.parser()).code());
      byte[] cut = {0, 0, 0, 0, 9, 1};
      assertEquals(3, grpc.raw("Query", cut, QueryResponse.parser()).code());
      byte[] garbage = {0, 0, 0, 0, 3, (byte) 0xff, (byte) 0xff, (byte) 0xff};
      assertEquals(3, grpc.raw("Query", garbage, QueryResponse.parser()).code());
      // At the port of the control plane there is no index, unless the host's name says which.
      assertEquals(
          5, new TestGrpc(test.server.port()).call("Query", wrong, QueryResponse.parser()).code());
    }
  }
}
