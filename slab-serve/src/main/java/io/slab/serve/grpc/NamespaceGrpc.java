package io.slab.serve.grpc;

import io.grpc.stub.StreamObserver;
import io.slab.serve.data.NamespaceInfo;
import io.slab.serve.proto.CreateNamespaceRequest;
import io.slab.serve.proto.DeleteNamespaceRequest;
import io.slab.serve.proto.DeleteResponse;
import io.slab.serve.proto.DescribeNamespaceRequest;
import io.slab.serve.proto.ListNamespacesRequest;
import io.slab.serve.proto.ListNamespacesResponse;
import io.slab.serve.proto.NamespaceDescription;
import io.slab.serve.proto.Pagination;
import io.slab.serve.proto.VectorServiceGrpc;

/** The calls about namespaces as such. Thread-safe. */
abstract class NamespaceGrpc extends VectorServiceGrpc.VectorServiceImplBase {
  final Calls calls;

  NamespaceGrpc(Calls calls) {
    this.calls = calls;
  }

  static String token(String token) {
    return token.isEmpty() ? null : token;
  }

  private static NamespaceDescription description(NamespaceInfo info) {
    return NamespaceDescription.newBuilder()
        .setName(info.name())
        .setRecordCount(info.records())
        .build();
  }

  @Override
  public void listNamespaces(
      ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> to) {
    calls.read(
        "ListNamespaces",
        request.getSerializedSize(),
        to,
        call ->
            call.plane()
                .namespaces(
                    request.getPrefix(),
                    request.hasLimit() ? request.getLimit() : 100,
                    token(request.getPaginationToken())),
        page -> {
          ListNamespacesResponse.Builder answer =
              ListNamespacesResponse.newBuilder().setTotalCount(page.total());
          page.namespaces().forEach(info -> answer.addNamespaces(description(info)));
          if (page.next() != null) {
            answer.setPagination(Pagination.newBuilder().setNext(page.next()));
          }
          return answer.build();
        });
  }

  @Override
  public void describeNamespace(
      DescribeNamespaceRequest request, StreamObserver<NamespaceDescription> to) {
    calls.read(
        "DescribeNamespace",
        request.getSerializedSize(),
        to,
        call -> call.plane().namespace(request.getNamespace()),
        NamespaceGrpc::description);
  }

  @Override
  public void createNamespace(
      CreateNamespaceRequest request, StreamObserver<NamespaceDescription> to) {
    calls.write(
        "CreateNamespace",
        request.getSerializedSize(),
        to,
        call -> {
          if (request.getName().isEmpty()) {
            throw VectorGrpc.missing("name");
          }
          return call.plane().createNamespace(request.getName());
        },
        NamespaceGrpc::description);
  }

  @Override
  public void deleteNamespace(DeleteNamespaceRequest request, StreamObserver<DeleteResponse> to) {
    calls.write(
        "DeleteNamespace",
        request.getSerializedSize(),
        to,
        call -> call.plane().deleteNamespace(request.getNamespace()),
        done -> DeleteResponse.getDefaultInstance());
  }
}
