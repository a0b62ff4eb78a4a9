package io.slab.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Adds what {@link S3Headers} says to every request before it is signed, so that no place that
 * sends one can forget it. Thread-safe.
 */
final class RequestHeaders implements ExecutionInterceptor {
  private final S3Headers headers;

  RequestHeaders(S3Headers headers) {
    this.headers = headers;
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    SdkHttpRequest.Builder request = context.httpRequest().toBuilder();
    if (headers.requesterPays()) {
      request.putHeader("x-amz-request-payer", "requester");
    }
    // Parts of an upload have the encryption of its beginning.
    boolean begins =
        context.request() instanceof PutObjectRequest
            || context.request() instanceof CreateMultipartUploadRequest;
    if (begins && headers.encryption() != null) {
      request.putHeader("x-amz-server-side-encryption", headers.encryption());
      if (headers.kmsKey() != null) {
        request.putHeader("x-amz-server-side-encryption-aws-kms-key-id", headers.kmsKey());
      }
    }
    return request.build();
  }
}
