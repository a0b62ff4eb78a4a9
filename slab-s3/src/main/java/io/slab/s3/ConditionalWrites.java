package io.slab.s3;

import io.slab.error.StoreException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Makes sure, before the first write of a process, that a server honours {@code If-None-Match: *}:
 * on one that ignores it two writers would overwrite each other's commits. The proof is a key that
 * stays and cannot be created twice, so that it usually takes one request. AWS is known to honour
 * it and is not asked. Thread-safe.
 */
final class ConditionalWrites {
  /** Below the root; never listed, like everything that begins so. */
  static final String SCRATCH = ".tmp-conditional-writes";

  /** Another process may delete the key in between, but hardly each time. */
  private static final int TRIES = 3;

  private final S3Client client;
  private final S3Calls calls;
  private final S3Keys keys;
  private volatile boolean proved;

  /** True when the server named a version of what was written. */
  private boolean versioned;

  ConditionalWrites(S3Client client, S3Calls calls, S3Keys keys, boolean known) {
    this.client = client;
    this.calls = calls;
    this.keys = keys;
    this.proved = known;
  }

  /**
   * Returns when writing is safe.
   *
   * @throws StoreException when it is not, or could not be found out
   */
  void require() {
    if (!proved) {
      prove();
    }
  }

  private synchronized void prove() {
    for (int i = 0; i < TRIES && !proved; i++) {
      proved = !create();
    }
    if (!proved) {
      throw versioned
          ? refuse(
              "the bucket has versioning, and with that it overwrites an object in spite of the header"
                  + " If-None-Match, as Ceph does",
              "use a bucket that never had versioning; reading works")
          : refuse("it overwrites an object in spite of the header If-None-Match");
    }
  }

  private boolean create() {
    String key = keys.root().prefix() + SCRATCH;
    try {
      PutObjectResponse made =
          calls.attempt(
              keys.what("write", key),
              () ->
                  client.putObject(
                      r -> r.bucket(keys.bucket()).key(key).ifNoneMatch("*"),
                      RequestBody.fromBytes(new byte[] {'s', 'l', 'a', 'b', '\n'})));
      versioned = made.versionId() != null;
      return true;
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.EXISTS)) {
        return false;
      }
      if (e.is(S3Failure.Kind.NOT_IMPLEMENTED)) {
        throw refuse("it answers " + e.detail());
      }
      throw e.unsent();
    }
  }

  private StoreException refuse(String why) {
    return refuse(
        why,
        "reading works; to write, use a server that honours If-None-Match (AWS, MinIO, Ceph, R2), or"
            + " `slab copy` between this one and a disk");
  }

  private StoreException refuse(String why, String hint) {
    return StoreException.refused(
        StoreException.Kind.FAILED,
        "this server has no conditional writes, so nothing is written to "
            + keys.root()
            + ": "
            + why,
        hint,
        null);
  }
}
