package io.slab.s3;

import io.slab.model.Utf8;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectNames;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads in parts that were begun and never completed, which cost money and no listing shows. To
 * gc they look like temporary files: {@code .tmp-<file>@<upload id in base 64>}.
 */
final class UnfinishedUploads {
  private final S3Client client;
  private final S3Calls calls;
  private final S3Keys keys;

  UnfinishedUploads(S3Client client, S3Calls calls, S3Keys keys) {
    this.client = client;
    this.calls = calls;
    this.keys = keys;
  }

  /** Those of objects directly in a folder; sizes are not known. */
  List<ObjectInfo> list(String folder) {
    return list(folder, false);
  }

  /**
   * Those of objects in a folder.
   *
   * @param below in folders inside of it, too
   */
  List<ObjectInfo> list(String folder, boolean below) {
    String prefix = keys.folder(folder);
    List<ObjectInfo> found = new ArrayList<>();
    String keyMarker = null;
    String idMarker = null;
    do {
      ListMultipartUploadsRequest request =
          ListMultipartUploadsRequest.builder()
              .bucket(keys.bucket())
              .prefix(prefix)
              .keyMarker(keyMarker)
              .uploadIdMarker(idMarker)
              .build();
      ListMultipartUploadsResponse page = page(prefix, request);
      if (page == null) {
        return found;
      }
      for (MultipartUpload upload : page.uploads()) {
        add(found, folder, prefix, upload, below);
      }
      boolean more = Boolean.TRUE.equals(page.isTruncated());
      keyMarker = more ? page.nextKeyMarker() : null;
      idMarker = more ? page.nextUploadIdMarker() : null;
    } while (keyMarker != null);
    return found;
  }

  /** One page, or null where the server has no such listing. */
  private ListMultipartUploadsResponse page(String prefix, ListMultipartUploadsRequest request) {
    try {
      return calls.attempt(
          keys.what("list unfinished uploads of", prefix),
          () -> checked(client.listMultipartUploads(request), request));
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.NOT_IMPLEMENTED)) {
        return null;
      }
      throw e.exception();
    }
  }

  private static ListMultipartUploadsResponse checked(
      ListMultipartUploadsResponse page, ListMultipartUploadsRequest request) {
    boolean same =
        Objects.equals(page.nextKeyMarker(), request.keyMarker())
            && Objects.equals(page.nextUploadIdMarker(), request.uploadIdMarker());
    if (Boolean.TRUE.equals(page.isTruncated()) && (page.nextKeyMarker() == null || same)) {
      throw ListingBodies.refused(
          "the listing breaks off: there is more, and no way to ask for it");
    }
    return page;
  }

  private static void add(
      List<ObjectInfo> found, String folder, String prefix, MultipartUpload upload, boolean below) {
    String key = upload.key();
    String path = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
    String file = path.substring(path.lastIndexOf('/') + 1);
    if (file.isEmpty() || !below && !file.equals(path)) {
      return;
    }
    String id =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Utf8.bytes(upload.uploadId()));
    String inside = path.substring(0, path.length() - file.length());
    String name = folder + inside + ObjectNames.TEMPORARY + file + "@" + id;
    long begun = upload.initiated() == null ? Long.MAX_VALUE : upload.initiated().toEpochMilli();
    found.add(new ObjectInfo(name, 0, begun));
  }

  /** True for names that {@link #list} gave. */
  static boolean is(String name) {
    return name.indexOf('@') > 0;
  }

  /** Ends an upload that {@link #list} gave. */
  void delete(String name) {
    int slash = name.lastIndexOf('/') + 1;
    int at = name.lastIndexOf('@');
    String file = name.substring(slash + ObjectNames.TEMPORARY.length(), at);
    String id = Utf8.string(Base64.getUrlDecoder().decode(name.substring(at + 1)));
    String key = keys.folder(name.substring(0, slash)) + file;
    abort(client, calls, keys.bucket(), key, id, keys.what("end the upload of", key));
  }

  static void abort(
      S3Client client, S3Calls calls, String bucket, String key, String id, String what) {
    try {
      calls.attempt(
          what, () -> client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(id)));
    } catch (S3Calls.Failed e) {
      if (!e.is(S3Failure.Kind.MISSING)) {
        throw e.exception();
      }
    }
  }
}
