package io.slab.serve.grpc;

import io.grpc.stub.StreamObserver;
import io.slab.Query;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import io.slab.serve.data.DeleteRequest;
import io.slab.serve.json.Queries;
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
import io.slab.serve.proto.UpdateRequest;
import io.slab.serve.proto.UpdateResponse;
import io.slab.serve.proto.UpsertRequest;
import io.slab.serve.proto.UpsertResponse;
import io.slab.serve.proto.Usage;
import java.util.List;
import java.util.Map;

/** The calls about records (spec/serve.md, "gRPC"). Thread-safe. */
public final class VectorGrpc extends NamespaceGrpc {
  private static final Usage USAGE = Usage.newBuilder().setReadUnits(1).build();
  private static final int PAGE = 100;

  public VectorGrpc(Calls calls) {
    super(calls);
  }

  @Override
  public void upsert(UpsertRequest request, StreamObserver<UpsertResponse> to) {
    calls.write(
        "Upsert",
        request.getSerializedSize(),
        to,
        call -> {
          List<VectorRecord> records =
              request.getVectorsList().stream().map(Messages::record).toList();
          return call.plane().upsert(request.getNamespace(), records);
        },
        count -> UpsertResponse.newBuilder().setUpsertedCount(count).build());
  }

  @Override
  public void query(QueryRequest request, StreamObserver<QueryResponse> to) {
    calls.read(
        "Query",
        request.getSerializedSize(),
        to,
        call ->
            call.plane()
                .query(
                    request.getNamespace(), question(request), call.least(), call.cancellation()),
        matches -> {
          QueryResponse.Builder answer =
              QueryResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
          matches.forEach(
              match ->
                  answer.addMatches(
                      Messages.scored(
                          match, request.getIncludeValues(), request.getIncludeMetadata())));
          return answer.build();
        });
  }

  private static Query question(QueryRequest request) {
    return Queries.of(
        Messages.floats(request.getVectorList()),
        request.hasSparseVector() ? Messages.sparse(request.getSparseVector()) : null,
        request.getId(),
        request.hasFilter() ? Messages.json(request.getFilter()) : null,
        Queries.topK(Integer.toUnsignedLong(request.getTopK())),
        request.getIncludeValues(),
        request.getIncludeMetadata());
  }

  @Override
  public void fetch(FetchRequest request, StreamObserver<FetchResponse> to) {
    calls.read(
        "Fetch",
        request.getSerializedSize(),
        to,
        call -> call.plane().fetch(request.getNamespace(), request.getIdsList(), call.least()),
        found -> {
          FetchResponse.Builder answer =
              FetchResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
          for (Map.Entry<String, VectorRecord> record : found.entrySet()) {
            answer.putVectors(record.getKey(), Messages.vector(record.getValue()));
          }
          return answer.build();
        });
  }

  @Override
  public void fetchByMetadata(
      FetchByMetadataRequest request, StreamObserver<FetchByMetadataResponse> to) {
    calls.read(
        "FetchByMetadata",
        request.getSerializedSize(),
        to,
        call ->
            call.plane()
                .fetchByMetadata(
                    request.getNamespace(),
                    request.hasFilter() ? Messages.json(request.getFilter()) : null,
                    request.hasLimit() ? request.getLimit() : PAGE,
                    token(request.getPaginationToken()),
                    call.least()),
        page -> {
          FetchByMetadataResponse.Builder answer =
              FetchByMetadataResponse.newBuilder()
                  .setNamespace(request.getNamespace())
                  .setUsage(USAGE);
          page.items().forEach(record -> answer.putVectors(record.id(), Messages.vector(record)));
          if (page.next() != null) {
            answer.setPagination(Pagination.newBuilder().setNext(page.next()));
          }
          return answer.build();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> to) {
    calls.read(
        "List",
        request.getSerializedSize(),
        to,
        call ->
            call.plane()
                .list(
                    request.getNamespace(),
                    request.getPrefix(),
                    request.hasLimit() ? request.getLimit() : PAGE,
                    token(request.getPaginationToken()),
                    call.least()),
        page -> {
          ListResponse.Builder answer =
              ListResponse.newBuilder().setNamespace(request.getNamespace()).setUsage(USAGE);
          page.items().forEach(id -> answer.addVectors(ListItem.newBuilder().setId(id)));
          if (page.next() != null) {
            answer.setPagination(Pagination.newBuilder().setNext(page.next()));
          }
          return answer.build();
        });
  }

  @Override
  public void update(UpdateRequest request, StreamObserver<UpdateResponse> to) {
    calls.write(
        "Update",
        request.getSerializedSize(),
        to,
        call -> call.plane().update(request.getNamespace(), change(request)),
        matched -> {
          UpdateResponse.Builder answer = UpdateResponse.newBuilder();
          if (matched >= 0) {
            answer.setMatchedRecords((int) (long) matched);
          }
          return answer.build();
        });
  }

  private static io.slab.serve.data.UpdateRequest change(UpdateRequest request) {
    Metadata metadata =
        request.hasSetMetadata() ? Messages.metadata(request.getSetMetadata()) : null;
    return new io.slab.serve.data.UpdateRequest(
        request.getId().isEmpty() ? null : request.getId(),
        request.hasFilter() ? Messages.json(request.getFilter()) : null,
        Messages.floats(request.getValuesList()),
        request.hasSparseValues() ? Messages.sparse(request.getSparseValues()) : null,
        metadata,
        request.getDryRun());
  }

  @Override
  public void delete(
      io.slab.serve.proto.DeleteRequest request,
      StreamObserver<io.slab.serve.proto.DeleteResponse> to) {
    calls.write(
        "Delete",
        request.getSerializedSize(),
        to,
        call ->
            call.plane()
                .delete(
                    request.getNamespace(),
                    new DeleteRequest(
                        request.getIdsList(),
                        request.hasFilter() ? Messages.json(request.getFilter()) : null,
                        request.getDeleteAll())),
        count -> io.slab.serve.proto.DeleteResponse.getDefaultInstance());
  }

  @Override
  public void describeIndexStats(
      DescribeIndexStatsRequest request, StreamObserver<DescribeIndexStatsResponse> to) {
    IndexSpec[] spec = new IndexSpec[1];
    calls.read(
        "DescribeIndexStats",
        request.getSerializedSize(),
        to,
        call -> {
          spec[0] = call.index().spec();
          boolean all = !request.hasFilter() || request.getFilter().getFieldsCount() == 0;
          return call.plane().stats(all ? null : Messages.json(request.getFilter()));
        },
        counts -> stats(spec[0], counts));
  }

  private static DescribeIndexStatsResponse stats(IndexSpec spec, Map<String, Long> counts) {
    DescribeIndexStatsResponse.Builder answer = DescribeIndexStatsResponse.newBuilder();
    long total = 0;
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      answer.putNamespaces(
          count.getKey().equals(io.slab.Namespace.DEFAULT) ? "" : count.getKey(),
          NamespaceSummary.newBuilder().setVectorCount(count(count.getValue())).build());
      total += count.getValue();
    }
    if (spec.vectorType().hasDense()) {
      answer.setDimension(spec.dimension());
    }
    boolean sparse = !spec.vectorType().hasDense();
    return answer
        .setTotalVectorCount(count(total))
        .setMetric(spec.metric().label())
        .setVectorType(sparse ? "sparse" : "dense")
        .build();
  }

  /** A count as 32 unsigned bits; more than that many is shown as the largest. */
  private static int count(long count) {
    return (int) Math.min(count, 0xFFFF_FFFFL);
  }

  static ApiException missing(String what) {
    return ApiException.invalid("'" + what + "' is missing");
  }
}
