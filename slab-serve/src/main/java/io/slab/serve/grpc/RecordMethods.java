package io.slab.serve.grpc;

import io.slab.Match;
import io.slab.Namespace;
import io.slab.Page;
import io.slab.Query;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DeleteRequest;
import io.slab.serve.data.UpdateRequest;
import io.slab.serve.grpc.Method.Call;
import io.slab.serve.grpc.Method.Result;
import io.slab.serve.json.Queries;
import io.slab.serve.proto.DeleteResponse;
import io.slab.serve.proto.DescribeIndexStatsRequest;
import io.slab.serve.proto.DescribeIndexStatsResponse;
import io.slab.serve.proto.FetchByMetadataRequest;
import io.slab.serve.proto.FetchByMetadataResponse;
import io.slab.serve.proto.FetchRequest;
import io.slab.serve.proto.FetchResponse;
import io.slab.serve.proto.ListItem;
import io.slab.serve.proto.ListRequest;
import io.slab.serve.proto.ListResponse;
import io.slab.serve.proto.NamespaceSummary;
import io.slab.serve.proto.Pagination;
import io.slab.serve.proto.QueryRequest;
import io.slab.serve.proto.QueryResponse;
import io.slab.serve.proto.UpdateResponse;
import io.slab.serve.proto.UpsertRequest;
import io.slab.serve.proto.UpsertResponse;
import io.slab.serve.proto.Usage;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The methods about records (spec/serve.md, "gRPC"). Stateless. */
final class RecordMethods {
  private static final Usage USAGE = Usage.newBuilder().setReadUnits(1).build();
  private static final int PAGE = 100;
  private static final long MOST_COUNTED = 0xFFFF_FFFFL;

  private RecordMethods() {}

  static List<Method<?>> all() {
    return List.of(
        new Method<>("Upsert", true, UpsertRequest.parser(), RecordMethods::upsert),
        new Method<>("Query", false, QueryRequest.parser(), RecordMethods::query),
        new Method<>("Fetch", false, FetchRequest.parser(), RecordMethods::fetch),
        new Method<>(
            "FetchByMetadata",
            false,
            FetchByMetadataRequest.parser(),
            RecordMethods::fetchByMetadata),
        new Method<>("List", false, ListRequest.parser(), RecordMethods::list),
        new Method<>(
            "Update", true, io.slab.serve.proto.UpdateRequest.parser(), RecordMethods::update),
        new Method<>(
            "Delete", true, io.slab.serve.proto.DeleteRequest.parser(), RecordMethods::delete),
        new Method<>(
            "DescribeIndexStats", false, DescribeIndexStatsRequest.parser(), RecordMethods::stats));
  }

  private static Result upsert(Call call, UpsertRequest request) {
    List<VectorRecord> records = request.getVectorsList().stream().map(Messages::record).toList();
    Answer<Integer> answer = call.plane().upsert(request.getNamespace(), records);
    return new Result(answer, UpsertResponse.newBuilder().setUpsertedCount(answer.value()).build());
  }

  private static Result query(Call call, QueryRequest request) {
    Query query =
        Queries.of(
            Messages.floats(request.getVectorList()),
            request.hasSparseVector() ? Messages.sparse(request.getSparseVector()) : null,
            request.getId(),
            request.hasFilter() ? Messages.json(request.getFilter()) : null,
            Queries.topK(Integer.toUnsignedLong(request.getTopK())),
            request.getIncludeValues(),
            request.getIncludeMetadata());
    Answer<List<Match>> answer =
        call.plane().query(request.getNamespace(), query, call.least(), call.cancellation());
    QueryResponse.Builder message =
        QueryResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
    for (Match match : answer.value()) {
      message.addMatches(
          Messages.scored(match, request.getIncludeValues(), request.getIncludeMetadata()));
    }
    return new Result(answer, message.build());
  }

  private static Result fetch(Call call, FetchRequest request) {
    Answer<Map<String, VectorRecord>> answer =
        call.plane().fetch(request.getNamespace(), request.getIdsList(), call.least());
    FetchResponse.Builder message =
        FetchResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
    answer.value().forEach((id, record) -> message.putVectors(id, Messages.vector(record)));
    return new Result(answer, message.build());
  }

  private static Result fetchByMetadata(Call call, FetchByMetadataRequest request) {
    Answer<Page<VectorRecord>> answer =
        call.plane()
            .fetchByMetadata(
                request.getNamespace(),
                request.hasFilter() ? Messages.json(request.getFilter()) : null,
                request.hasLimit() ? request.getLimit() : PAGE,
                token(request.getPaginationToken()),
                call.least());
    FetchByMetadataResponse.Builder message =
        FetchByMetadataResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
    for (VectorRecord record : answer.value().items()) {
      message.putVectors(record.id(), Messages.vector(record));
    }
    if (answer.value().next() != null) {
      message.setPagination(page(answer.value().next()));
    }
    return new Result(answer, message.build());
  }

  static String token(String token) {
    return token.isEmpty() ? null : token;
  }

  static Pagination page(String next) {
    return Pagination.newBuilder().setNext(next).build();
  }

  private static Result list(Call call, ListRequest request) {
    Answer<Page<String>> answer =
        call.plane()
            .list(
                request.getNamespace(),
                request.getPrefix(),
                request.hasLimit() ? request.getLimit() : PAGE,
                token(request.getPaginationToken()),
                call.least());
    ListResponse.Builder message =
        ListResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
    answer.value().items().forEach(id -> message.addVectors(ListItem.newBuilder().setId(id)));
    if (answer.value().next() != null) {
      message.setPagination(page(answer.value().next()));
    }
    return new Result(answer, message.build());
  }

  private static Result update(Call call, io.slab.serve.proto.UpdateRequest request) {
    Metadata metadata =
        request.hasSetMetadata() ? Messages.metadata(request.getSetMetadata()) : null;
    UpdateRequest update =
        new UpdateRequest(
            request.getId().isEmpty() ? null : request.getId(),
            request.hasFilter() ? Messages.json(request.getFilter()) : null,
            Messages.floats(request.getValuesList()),
            request.hasSparseValues() ? Messages.sparse(request.getSparseValues()) : null,
            metadata,
            request.getDryRun());
    Answer<Long> answer = call.plane().update(request.getNamespace(), update);
    UpdateResponse.Builder message = UpdateResponse.newBuilder();
    if (update.filter() != null) {
      message.setMatchedRecords((int) Math.min(answer.value(), Integer.MAX_VALUE));
    }
    return new Result(answer, message.build());
  }

  private static Result delete(Call call, io.slab.serve.proto.DeleteRequest request) {
    DeleteRequest delete =
        new DeleteRequest(
            request.getIdsList(),
            request.hasFilter() ? Messages.json(request.getFilter()) : null,
            request.getDeleteAll());
    Answer<Integer> answer = call.plane().delete(request.getNamespace(), delete);
    return new Result(answer, DeleteResponse.getDefaultInstance());
  }

  private static Result stats(Call call, DescribeIndexStatsRequest request) {
    boolean all = !request.hasFilter() || request.getFilter().getFieldsCount() == 0;
    Answer<SortedMap<String, Long>> answer =
        call.plane().stats(all ? null : Messages.json(request.getFilter()));
    IndexSpec spec = call.index().spec();
    DescribeIndexStatsResponse.Builder message = DescribeIndexStatsResponse.newBuilder();
    long total = 0;
    for (Map.Entry<String, Long> count : answer.value().entrySet()) {
      message.putNamespaces(
          count.getKey().equals(Namespace.DEFAULT) ? "" : count.getKey(),
          NamespaceSummary.newBuilder().setVectorCount(counted(count.getValue())).build());
      total += count.getValue();
    }
    if (spec.vectorType().hasDense()) {
      message.setDimension(spec.dimension());
    }
    message.setTotalVectorCount(counted(total));
    message.setMetric(spec.metric().label());
    message.setVectorType(spec.vectorType().hasDense() ? "dense" : "sparse");
    return new Result(answer, message.build());
  }

  /** A count as 32 unsigned bits; more than that many is shown as the largest. */
  private static int counted(long count) {
    return (int) Math.min(count, MOST_COUNTED);
  }
}
