package io.slab.cli.verb;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.cli.input.LocalFile;
import io.slab.cli.input.Quantity;
import io.slab.cli.output.Human;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.s3.S3Address;
import io.slab.s3.S3Headers;
import io.slab.s3.S3Settings;
import io.slab.s3.S3Store;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Traffic;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * Options of every verb that takes a TARGET, about reaching S3; what they leave out comes from the
 * environment and {@code ~/.aws}, as for the aws command line. A verb that works on local files is
 * not even told that they exist, which would cost its start some time: see {@link #wanted}.
 */
public final class StorageOptions {
  private static final String TARGET_VARIABLE = "SLAB_TARGET";
  private static final String LOGGING = "slf4j.internal.verbosity";
  private static final List<String> NAMES =
      List.of(
          "--profile",
          "--region",
          "--endpoint-url",
          "--path-style",
          "--no-path-style",
          "--no-sign-request",
          "--sse",
          "--sse-kms-key-id",
          "--request-payer",
          "--timeout",
          "--cache-dir",
          "--cache-size",
          "--no-cache");

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "section of the files in ~/.aws; default $AWS_PROFILE")
  String profile;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "default $AWS_REGION, then the profile's")
  String region;

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description = "a server other than AWS; default $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL")
  String endpoint;

  @Option(
      names = "--path-style",
      negatable = true,
      description =
          "the bucket stands in the path, not in the host's name; default with an endpoint")
  Boolean pathStyle;

  @Option(names = "--no-sign-request", description = "without credentials: a public bucket")
  boolean anonymous;

  @Option(
      names = "--sse",
      paramLabel = "ALGORITHM",
      description = "the server encrypts what is written: AES256, aws:kms or aws:kms:dsse")
  String encryption;

  @Option(
      names = "--sse-kms-key-id",
      paramLabel = "KEY",
      description = "the key of aws:kms; default the one of the account")
  String kmsKey;

  @Option(
      names = "--request-payer",
      paramLabel = "requester",
      description = "pay for requests to a bucket whose owner wants that")
  String payer;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "of one request with its repetitions; default 60s")
  String timeout;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "where fetched parts of slabs are kept; default $SLAB_CACHE_DIR, then"
              + " $XDG_CACHE_HOME/slab or ~/.cache/slab")
  String cacheDirectory;

  @Option(
      names = "--cache-size",
      paramLabel = "BYTES",
      description = "most of it, such as 500MB; default $SLAB_CACHE_SIZE, then 10GiB")
  String cacheSize;

  @Option(
      names = "--no-cache",
      description = "keep nothing after the command; default $SLAB_NO_CACHE")
  boolean noCache;

  private Map<String, String> environment = System.getenv();
  private final List<CachingStore> opened = new ArrayList<>();

  /** True when these options have a meaning for a command line. */
  public static boolean wanted(List<String> words, Map<String, String> environment) {
    if (S3Address.is(environment.getOrDefault(TARGET_VARIABLE, ""))) {
      return true;
    }
    for (String word : words) {
      if (S3Address.is(word)) {
        return true;
      }
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      if (NAMES.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** True for verbs that take a TARGET, or a ROOT of many. */
  public static boolean suit(CommandSpec spec) {
    return spec.positionalParameters().stream()
        .anyMatch(p -> p.paramLabel().contains("TARGET") || p.paramLabel().equals("ROOT"));
  }

  /** Lets a verb know these options. */
  public void addTo(CommandSpec spec) {
    spec.addMixin("storage", CommandSpec.forAnnotatedObject(this));
  }

  /** Hands these options to the parts of a verb that open storage. */
  void give(CommandSpec spec, Map<String, String> variables) {
    environment = variables;
    for (CommandSpec mixin : spec.mixins().values()) {
      if (mixin.userObject() instanceof UsesStorage user) {
        user.storage(this);
      }
    }
  }

  /**
   * True for an address on S3, false for a path.
   *
   * @throws UsageException for any other address: it is no path, and what is written there would
   *     not be where it is looked for
   */
  public static boolean isRemote(String target) {
    if (S3Address.is(target)) {
      return true;
    }
    if (LocalFile.isAddress(target)) {
      int end = target.indexOf("://");
      boolean file = target.regionMatches(true, 0, "file", 0, end);
      throw new UsageException(
          "'" + target + "' is no place that slab can work on",
          file
              ? "write the path alone: " + target.substring(end + "://".length())
              : "name a folder or s3://bucket/prefix; --endpoint-url reaches other servers that"
                  + " speak S3");
    }
    return false;
  }

  /** The directory, or the prefix on S3, as a store. Nothing is read or written yet. */
  public ObjectStore store(String target) {
    return isRemote(target) ? remote(target) : new LocalStore(Path.of(target));
  }

  private ObjectStore remote(String target) {
    if (System.getProperty(LOGGING) == null) {
      // The S3 client logs; without a place to log to, which is meant, a notice would go to stderr.
      System.setProperty(LOGGING, "ERROR");
    }
    CacheFolder folder = cache();
    CachingStore store =
        new CachingStore(
            S3Store.open(S3Address.parse(target), settings()),
            folder,
            CachingStore.DEFAULT_PARALLEL);
    opened.add(store);
    return store;
  }

  private CacheFolder cache() {
    Path named = namedCache();
    Path usual = named == null ? cacheFolder() : null;
    if (named != null) {
      return new CacheFolder(named, cacheBytes());
    }
    return usual == null ? CacheFolder.none() : CacheFolder.ifPossible(usual, cacheBytes());
  }

  /** The folder that an option names, or null. */
  private Path namedCache() {
    boolean named = cacheDirectory != null && !cacheDirectory.isEmpty();
    return named && !withoutCache() ? LocalFile.written("--cache-dir", cacheDirectory) : null;
  }

  private boolean withoutCache() {
    return noCache || !environment.getOrDefault("SLAB_NO_CACHE", "").isEmpty();
  }

  /** Where fetched parts of slabs are kept; null for nowhere. */
  public Path cacheFolder() {
    if (withoutCache()) {
      return null;
    }
    Path named = namedCache();
    return named == null ? usualCache() : named;
  }

  /**
   * The same for a program that goes on without a cache when it cannot be written: a folder that an
   * option names must be there when it begins.
   *
   * @throws io.slab.error.StoreException when that one cannot be written
   */
  public Path writableCache() {
    Path named = namedCache();
    if (named != null) {
      new CacheFolder(named, cacheBytes()).requireWritable();
    }
    return cacheFolder();
  }

  /** Most bytes of that, about. */
  public long cacheBytes() {
    String size = cacheSize != null ? cacheSize : environment.get("SLAB_CACHE_SIZE");
    return size == null || size.isEmpty()
        ? CacheFolder.DEFAULT_SIZE
        : Quantity.bytes("--cache-size", size);
  }

  /** Where things are kept that the user gave no place for; null where there is no home. */
  private Path usualCache() {
    String named = environment.get("SLAB_CACHE_DIR");
    if (named != null && !named.isEmpty()) {
      return LocalFile.written("SLAB_CACHE_DIR", named);
    }
    String caches = environment.get("XDG_CACHE_HOME");
    if (caches != null && !caches.isEmpty()) {
      return Path.of(caches, "slab");
    }
    String home = environment.get("HOME");
    home = home == null || home.isEmpty() ? System.getProperty("user.home") : home;
    // Java's word for a user who has none.
    boolean none = home == null || home.isEmpty() || home.equals("?");
    return none ? null : Path.of(home, ".cache", "slab");
  }

  /** What a command asked of S3, as a few words; null when it asked nothing. */
  String traffic() {
    if (opened.isEmpty()) {
      return null;
    }
    Traffic.Counts sum = opened.getFirst().traffic().counts();
    return Human.plural(sum.requests(), "request")
        + " in "
        + Human.plural(sum.rounds(), "round")
        + ", "
        + Human.bytes(sum.bytesRead())
        + " read, "
        + Human.bytes(sum.cachedBytes())
        + " from the cache";
  }

  /** Keeps what the next command may use; to be called when the verb is done. */
  void done() {
    opened.forEach(CachingStore::keep);
  }

  /** How to reach S3. */
  public S3Settings settings() {
    Duration limit =
        timeout == null
            ? S3Settings.DEFAULT_TIMEOUT
            : Duration.ofMillis(Quantity.millis("--timeout", timeout));
    if (limit.toMillis() < 1000) {
      throw new UsageException("--timeout must be at least 1s", null);
    }
    URI url = endpoint == null ? null : S3Settings.endpoint(endpoint);
    return new S3Settings(
        profile,
        region,
        url,
        pathStyle,
        anonymous,
        limit,
        S3Settings.DEFAULT_CONNECTIONS,
        environment,
        headers());
  }

  private S3Headers headers() {
    if (payer != null && !payer.equals("requester")) {
      throw new UsageException(
          "--request-payer cannot be '" + payer + "'", "give --request-payer requester");
    }
    if (encryption != null && !S3Headers.ALGORITHMS.contains(encryption)) {
      throw Suggest.unknown("--sse cannot be", encryption, S3Headers.ALGORITHMS);
    }
    return new S3Headers(encryption, kmsKey, payer != null);
  }
}
