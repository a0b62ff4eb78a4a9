package io.slab.testkit.s3;

import io.slab.s3.S3Address;
import io.slab.s3.S3Connection;
import io.slab.s3.S3Settings;
import io.slab.s3.S3Store;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A real S3 server (s3proxy) in this process, on a real socket: one for all tests, a bucket for
 * each. It checks signatures and conditional writes as AWS does.
 */
public final class S3Server {
  private static final String ACCESS = "access";
  private static final String SECRET = "secret";
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static S3ProxyExtension server;

  private S3Server() {}

  /** Where it listens. */
  public static synchronized URI endpoint() {
    if (server == null) {
      S3ProxyExtension starting =
          S3ProxyExtension.builder()
              .withCredentials(ACCESS, SECRET)
              .withBlobStoreProvider("transient-nio2")
              .build();
      try {
        starting.beforeEach(null);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      server = starting;
    }
    return server.getUri();
  }

  /** What a process needs in its environment to use it. */
  public static Map<String, String> environment(URI endpoint) {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        ACCESS,
        "AWS_SECRET_ACCESS_KEY",
        SECRET,
        "AWS_REGION",
        "us-east-1",
        "AWS_ENDPOINT_URL_S3",
        endpoint.toString(),
        "HOME",
        "/nonexistent");
  }

  /** Settings for the server, or for something in front of it. */
  public static S3Settings settings(URI endpoint, Duration timeout) {
    return new S3Settings(null, null, null, null, false, timeout, 64, environment(endpoint));
  }

  public static S3Settings settings() {
    return settings(endpoint(), Duration.ofSeconds(20));
  }

  /** A prefix with nothing in it, in a bucket of its own. */
  public static S3Address newPlace() {
    String bucket = "bucket-" + BUCKETS.incrementAndGet();
    try (var client = S3Connection.open(settings()).client()) {
      client.createBucket(r -> r.bucket(bucket));
    }
    return new S3Address(bucket, "some/prefix/");
  }

  /** A store on such a prefix. */
  public static S3Store newStore() {
    return S3Store.open(newPlace(), settings());
  }

  /** Puts an object as another program would, under any key. */
  public static void put(String bucket, String key, byte[] content) {
    try (var client = S3Connection.open(settings()).client()) {
      client.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }
  }
}
