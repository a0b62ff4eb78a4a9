package io.slab.s3;

import io.slab.store.OldVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * What a bucket with versioning keeps of objects that were deleted: their versions, and the marks
 * of their deletion. A server that knows no versions keeps none. Thread-safe.
 */
final class S3Versions {
  private final S3Client client;
  private final S3Calls calls;
  private final S3Keys keys;

  S3Versions(S3Client client, S3Calls calls, S3Keys keys) {
    this.client = client;
    this.calls = calls;
    this.keys = keys;
  }

  /** Those of objects directly in a folder that are not there any more, the versions first. */
  List<OldVersion> list(String folder) {
    String prefix = keys.folder(folder);
    List<OldVersion> versions = new ArrayList<>();
    List<OldVersion> marks = new ArrayList<>();
    String keyMarker = null;
    String versionMarker = null;
    do {
      ListObjectVersionsRequest request =
          ListObjectVersionsRequest.builder()
              .bucket(keys.bucket())
              .prefix(prefix)
              .keyMarker(keyMarker)
              .versionIdMarker(versionMarker)
              .build();
      ListObjectVersionsResponse page = page(prefix, request);
      if (page == null) {
        return List.of();
      }
      for (ObjectVersion version : page.versions()) {
        if (!Boolean.TRUE.equals(version.isLatest())) {
          add(versions, prefix, version.key(), version.versionId(), version.size());
        }
      }
      for (DeleteMarkerEntry mark : page.deleteMarkers()) {
        add(marks, prefix, mark.key(), mark.versionId(), 0L);
      }
      boolean more = Boolean.TRUE.equals(page.isTruncated());
      keyMarker = more ? page.nextKeyMarker() : null;
      versionMarker = more ? page.nextVersionIdMarker() : null;
    } while (keyMarker != null);
    // Without its mark the version before it would be the object again: so the marks go last.
    versions.addAll(marks);
    return versions;
  }

  /** One page, or null where the server has no such listing. */
  private ListObjectVersionsResponse page(String prefix, ListObjectVersionsRequest request) {
    try {
      return calls.attempt(
          keys.what("list old versions of", prefix),
          () -> checked(client.listObjectVersions(request), request));
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.NOT_IMPLEMENTED)) {
        return null;
      }
      throw e.exception();
    }
  }

  private static ListObjectVersionsResponse checked(
      ListObjectVersionsResponse page, ListObjectVersionsRequest request) {
    boolean same =
        Objects.equals(page.nextKeyMarker(), request.keyMarker())
            && Objects.equals(page.nextVersionIdMarker(), request.versionIdMarker());
    if (Boolean.TRUE.equals(page.isTruncated()) && (page.nextKeyMarker() == null || same)) {
      throw ListingBodies.refused(
          "the listing breaks off: there is more, and no way to ask for it");
    }
    return page;
  }

  private void add(List<OldVersion> found, String prefix, String key, String version, Long size) {
    String file = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
    if (!file.isEmpty() && file.indexOf('/') < 0 && version != null) {
      found.add(new OldVersion(keys.name(key), version, size == null ? 0 : size));
    }
  }

  void delete(OldVersion version) {
    String key = keys.root().prefix() + version.name();
    try {
      calls.attempt(
          keys.what("delete an old version of", key),
          () ->
              client.deleteObject(
                  r -> r.bucket(keys.bucket()).key(key).versionId(version.version())));
    } catch (S3Calls.Failed e) {
      if (!e.is(S3Failure.Kind.MISSING)) {
        throw e.exception();
      }
    }
  }
}
