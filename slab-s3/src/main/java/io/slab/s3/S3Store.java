package io.slab.s3;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.model.Utf8;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectNames;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.store.OldVersion;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A prefix of a bucket as a store. An object is created by a PUT with {@code If-None-Match: *},
 * which is atomic and fails when the name is taken; requests that fail for a moment are repeated
 * here, with pauses, until the time-out. After a PUT without an answer "exists" may mean the
 * caller's own object: the contract of {@link ObjectStore#create} says so, and the commit protocol
 * looks. Thread-safe; any number of processes may work on one prefix.
 */
public final class S3Store implements ObjectStore {
  private final S3Connection connection;
  private final S3Client client;
  private final S3Keys keys;
  private final S3Calls calls;
  private final S3Reader reader;
  private final S3Pieces pieces = new S3Pieces();
  private final ConditionalWrites conditions;
  private final UnfinishedUploads unfinished;
  private final S3Listing listing;
  private final S3Versions versions;

  private S3Store(S3Connection connection, S3Address root, S3Settings settings, Integer pageSize) {
    this.connection = connection;
    this.client = connection.client();
    this.keys = new S3Keys(root);
    this.calls = new S3Calls(settings.timeout());
    this.reader = new S3Reader(client, calls, keys);
    this.conditions = new ConditionalWrites(client, calls, keys, connection.endpoint() == null);
    this.unfinished = new UnfinishedUploads(client, calls, keys);
    this.listing = new S3Listing(client, calls, keys, pageSize);
    this.versions = new S3Versions(client, calls, keys);
  }

  /** Connects to nothing yet: the first request does. */
  public static S3Store open(S3Address root, S3Settings settings) {
    return open(root, settings, null);
  }

  /**
   * @param pageSize names in one page of a listing; null: as many as the server gives
   */
  public static S3Store open(S3Address root, S3Settings settings, Integer pageSize) {
    return new S3Store(S3Connection.open(settings), root, settings, pageSize);
  }

  @Override
  public String describe() {
    return keys.root().toString();
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return listing(folder, startAfter).objects();
  }

  @Override
  public Listing listing(String folder, String startAfter) {
    String prefix = keys.folder(folder);
    List<ObjectInfo> found = new ArrayList<>();
    Predicate<String> wanted =
        file ->
            !file.isEmpty()
                && !file.startsWith(ObjectNames.TEMPORARY)
                && (startAfter == null || Utf8.compare(file, startAfter) > 0);
    String after = startAfter == null || startAfter.isEmpty() ? null : prefix + startAfter;
    S3Listing.Found answer = listing.objects(prefix, after);
    addObjects(found, answer.objects().values(), prefix, wanted);
    found.sort((a, b) -> Utf8.compare(a.name(), b.name()));
    return new Listing(found, answer.answeredMillis());
  }

  @Override
  public long absentAt(String name) {
    return reader.absentAt(name);
  }

  private void addObjects(
      List<ObjectInfo> found,
      Collection<S3Object> objects,
      String prefix,
      Predicate<String> wanted) {
    for (S3Object object : objects) {
      String key = object.key();
      String file = key.substring(prefix.length());
      if (wanted.test(file) && file.indexOf('/') < 0) {
        // Without a time it never is old enough for gc.
        long modified =
            object.lastModified() == null ? Long.MAX_VALUE : object.lastModified().toEpochMilli();
        found.add(new ObjectInfo(keys.name(key), object.size(), modified, object.eTag()));
      }
    }
  }

  @Override
  public List<String> listFolders(String folder) {
    return listing.folders(keys.folder(folder)).stream().sorted(Utf8.ORDER).toList();
  }

  /** The server's clock, which stamps its objects; in whole seconds. */
  @Override
  public long now() {
    String prefix = keys.root().prefix();
    ListObjectsV2Response response =
        calls.call(
            keys.what("list", prefix),
            () -> client.listObjectsV2(r -> r.bucket(keys.bucket()).prefix(prefix).maxKeys(1)));
    long date = S3Dates.of(response.sdkHttpResponse());
    return date == Listing.UNDATED ? System.currentTimeMillis() : date;
  }

  @Override
  public byte[] read(String name, long limit) {
    return reader.whole(name, limit);
  }

  @Override
  public ByteSource open(String name) {
    return S3Source.open(reader, pieces, name);
  }

  @Override
  public ByteSource open(String name, long length) {
    return S3Source.known(reader, pieces, ObjectNames.object(name), length);
  }

  /** The server and the bucket: two servers may each have a bucket of one name. */
  @Override
  public String identity() {
    return (connection.endpoint() == null ? "aws" : connection.endpoint()) + " " + describe();
  }

  @Override
  public boolean create(String name, byte[] content) {
    String key = keys.object(name);
    conditions.require();
    try {
      calls.attempt(
          keys.what("create", key),
          () ->
              client.putObject(
                  r ->
                      r.bucket(keys.bucket())
                          .key(key)
                          .ifNoneMatch("*")
                          .overrideConfiguration(calls.limit(content.length)),
                  RequestBody.fromContentProvider(
                      () -> S3Upload.stream(content, content.length),
                      content.length,
                      "application/octet-stream")));
      return true;
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.EXISTS)) {
        return false;
      }
      throw e.exception();
    }
  }

  /** Requests are repeated in here. */
  @Override
  public Retry retry() {
    return Retry.NEVER;
  }

  @Override
  public ObjectUpload upload(String name) {
    ObjectNames.object(name);
    conditions.require();
    return new S3Upload(name, new MultipartUpload(client, calls, keys, name), this::createOrSame);
  }

  /** As {@link #create}, but what an attempt left whose answer was lost, or wrong, counts. */
  private boolean createOrSame(String name, byte[] content) {
    try {
      return create(name, content) || same(name, content);
    } catch (StoreException e) {
      if (e.refused() || !found(name, content)) {
        throw e;
      }
      return true;
    }
  }

  private boolean found(String name, byte[] content) {
    try {
      return same(name, content);
    } catch (SlabException e) {
      // Nothing there, or it cannot be looked up: the failure of the write says more.
      return false;
    }
  }

  private boolean same(String name, byte[] content) {
    try {
      return Arrays.equals(content, reader.whole(name, content.length));
    } catch (CorruptException e) {
      return false; // It is longer.
    }
  }

  @Override
  public void delete(String name) {
    deleteKey(keys.object(name));
  }

  private void deleteKey(String key) {
    try {
      calls.attempt(
          keys.what("delete", key),
          () -> client.deleteObject(r -> r.bucket(keys.bucket()).key(key)));
    } catch (S3Calls.Failed e) {
      if (!e.is(S3Failure.Kind.MISSING)) {
        throw e.exception();
      }
    }
  }

  /** Unfinished uploads, and temporary files that were copied here. */
  @Override
  public List<ObjectInfo> listTemporary(String folder) {
    List<ObjectInfo> found = new ArrayList<>(unfinished.list(folder));
    String prefix = keys.folder(folder);
    addObjects(
        found,
        listing.objects(prefix + ObjectNames.TEMPORARY, null).objects().values(),
        prefix,
        file -> !file.isEmpty());
    return found;
  }

  @Override
  public List<ObjectInfo> listUnfinished() {
    return unfinished.list("", true);
  }

  @Override
  public void deleteTemporary(String name) {
    ObjectNames.temporary(name);
    if (UnfinishedUploads.is(name)) {
      unfinished.delete(name);
    } else {
      deleteKey(keys.root().prefix() + name);
    }
  }

  @Override
  public List<OldVersion> oldVersions(String folder) {
    return versions.list(folder);
  }

  @Override
  public void deleteVersion(OldVersion version) {
    versions.delete(version);
  }

  @Override
  public void close() {
    pieces.close();
    connection.client().close();
  }
}
