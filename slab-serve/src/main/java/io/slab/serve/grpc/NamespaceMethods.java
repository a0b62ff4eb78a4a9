package io.slab.serve.grpc;

import io.slab.serve.api.ApiException;
import io.slab.serve.data.Answer;
import io.slab.serve.data.NamespaceInfo;
import io.slab.serve.data.NamespacePage;
import io.slab.serve.grpc.Method.Call;
import io.slab.serve.grpc.Method.Result;
import io.slab.serve.proto.CreateNamespaceRequest;
import io.slab.serve.proto.DeleteNamespaceRequest;
import io.slab.serve.proto.DeleteResponse;
import io.slab.serve.proto.DescribeNamespaceRequest;
import io.slab.serve.proto.IndexedFields;
import io.slab.serve.proto.ListNamespacesRequest;
import io.slab.serve.proto.ListNamespacesResponse;
import io.slab.serve.proto.MetadataFieldProperties;
import io.slab.serve.proto.MetadataSchema;
import io.slab.serve.proto.NamespaceDescription;
import java.util.List;

/** The methods about namespaces as such. Stateless. */
final class NamespaceMethods {
  private NamespaceMethods() {}

  static List<Method<?>> all() {
    return List.of(
        new Method<>(
            "ListNamespaces", false, ListNamespacesRequest.parser(), NamespaceMethods::list),
        new Method<>(
            "DescribeNamespace",
            false,
            DescribeNamespaceRequest.parser(),
            NamespaceMethods::describe),
        new Method<>(
            "CreateNamespace", true, CreateNamespaceRequest.parser(), NamespaceMethods::create),
        new Method<>(
            "DeleteNamespace", true, DeleteNamespaceRequest.parser(), NamespaceMethods::delete));
  }

  private static NamespaceDescription description(Call call, NamespaceInfo info) {
    NamespaceDescription.Builder message =
        NamespaceDescription.newBuilder().setName(info.name()).setRecordCount(info.records());
    List<String> schema = call.index().spec().schema();
    if (schema != null) {
      MetadataSchema.Builder fields = MetadataSchema.newBuilder();
      MetadataFieldProperties filterable =
          MetadataFieldProperties.newBuilder().setFilterable(true).build();
      schema.forEach(field -> fields.putFields(field, filterable));
      message.setSchema(fields);
      message.setIndexedFields(IndexedFields.newBuilder().addAllFields(schema));
    }
    return message.build();
  }

  private static Result list(Call call, ListNamespacesRequest request) {
    Answer<NamespacePage> answer =
        call.plane()
            .namespaces(
                request.getPrefix(),
                request.hasLimit() ? request.getLimit() : 100,
                RecordMethods.token(request.getPaginationToken()));
    ListNamespacesResponse.Builder message =
        ListNamespacesResponse.newBuilder().setTotalCount(answer.value().total());
    answer.value().namespaces().forEach(info -> message.addNamespaces(description(call, info)));
    if (answer.value().next() != null) {
      message.setPagination(RecordMethods.page(answer.value().next()));
    }
    return new Result(answer, message.build());
  }

  private static Result describe(Call call, DescribeNamespaceRequest request) {
    Answer<NamespaceInfo> answer = call.plane().namespace(request.getNamespace());
    return new Result(answer, description(call, answer.value()));
  }

  private static Result create(Call call, CreateNamespaceRequest request) {
    if (request.getName().isEmpty()) {
      throw ApiException.invalid("'name' is missing");
    }
    Answer<NamespaceInfo> answer =
        call.plane()
            .createNamespace(request.getName(), request.getSchema().getFieldsMap().keySet());
    return new Result(answer, description(call, answer.value()));
  }

  private static Result delete(Call call, DeleteNamespaceRequest request) {
    Answer<Integer> answer = call.plane().deleteNamespace(request.getNamespace());
    return new Result(answer, DeleteResponse.getDefaultInstance());
  }
}
