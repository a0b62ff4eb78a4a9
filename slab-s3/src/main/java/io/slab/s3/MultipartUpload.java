package io.slab.s3;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The requests of one upload in parts. It carries a token of its own, so that after a completion
 * without an answer its object is told from that of another upload.
 *
 * <p>A name that is taken is refused by looking before the completion, and by the condition of the
 * completion where the server knows that one. On a server that does not, two uploads of one name
 * that end in the same moment could both succeed: names of slabs are random, and nothing else is
 * uploaded in parts.
 */
final class MultipartUpload {
  private static final String TOKEN = "slab-upload";

  private final S3Client client;
  private final S3Calls calls;
  private final String bucket;
  private final String key;
  private final String token = UUID.randomUUID().toString();
  private final String where;
  private String id;

  MultipartUpload(S3Client client, S3Calls calls, S3Keys keys, String name) {
    this.client = client;
    this.calls = calls;
    this.bucket = keys.bucket();
    this.key = keys.object(name);
    this.where = keys.what("upload", key);
  }

  void begin() {
    id =
        calls
            .call(
                where,
                () ->
                    client.createMultipartUpload(
                        r -> r.bucket(bucket).key(key).metadata(Map.of(TOKEN, token))))
            .uploadId();
  }

  /** Sends one part; any number of them at once. */
  CompletedPart part(int number, byte[] content, int length) {
    UploadPartResponse response =
        calls.call(
            where,
            () ->
                client.uploadPart(
                    r ->
                        r.bucket(bucket)
                            .key(key)
                            .uploadId(id)
                            .partNumber(number)
                            .contentLength((long) length)
                            .overrideConfiguration(calls.limit(length)),
                    RequestBody.fromContentProvider(
                        () -> S3Upload.stream(content, length),
                        length,
                        "application/octet-stream")));
    return CompletedPart.builder().partNumber(number).eTag(response.eTag()).build();
  }

  /**
   * Makes an object of the parts.
   *
   * @return false when the name is taken by another object
   */
  boolean complete(List<CompletedPart> parts) {
    if (lookUp() != Found.NOTHING) {
      abort();
      return false;
    }
    try {
      complete(parts, true);
      return true;
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.NOT_IMPLEMENTED)) {
        return completeWithoutCondition(parts);
      }
      return afterwards(e);
    }
  }

  private boolean completeWithoutCondition(List<CompletedPart> parts) {
    try {
      complete(parts, false);
      return true;
    } catch (S3Calls.Failed e) {
      return afterwards(e);
    }
  }

  private void complete(List<CompletedPart> parts, boolean condition) {
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(id)
            .multipartUpload(u -> u.parts(parts));
    if (condition) {
      request.ifNoneMatch("*");
    }
    calls.attempt(where, () -> client.completeMultipartUpload(request.build()));
  }

  /** An earlier attempt may have done it: then the upload is gone, and the object is ours. */
  private boolean afterwards(S3Calls.Failed failure) {
    return switch (lookUp()) {
      case OURS -> true;
      case ANOTHER -> {
        abort();
        yield false;
      }
      case NOTHING -> throw failure.exception();
    };
  }

  private enum Found {
    NOTHING,
    OURS,
    ANOTHER
  }

  private Found lookUp() {
    try {
      HeadObjectResponse found =
          calls.attempt(where, () -> client.headObject(r -> r.bucket(bucket).key(key)));
      return token.equals(found.metadata().get(TOKEN)) ? Found.OURS : Found.ANOTHER;
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.MISSING)) {
        return Found.NOTHING;
      }
      throw e.exception();
    }
  }

  void abort() {
    UnfinishedUploads.abort(client, calls, bucket, key, id, where);
  }
}
