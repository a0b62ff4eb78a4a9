package io.slab.spark;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.Namespace;
import io.slab.Snapshot;
import io.slab.error.InvalidInputException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options of a table, by their names in lower case; those of {@link #KNOWN} and no others.
 * Immutable.
 */
record SlabOptions(Map<String, String> values) implements Serializable {
  static final String PATH = "path";
  static final String NAMESPACE = "namespace";
  static final String AS_OF = "as-of";
  static final String SPLIT_BYTES = "split-bytes";
  static final String ROWS_PER_SLAB = "rows-per-slab";
  static final String BYTES_PER_SLAB = "bytes-per-slab";
  static final String PARTITION_BYTES = "partition-bytes";
  static final String ON_ERROR = "on-error";
  static final String REJECTS = "rejects";
  static final String COMMIT_ATTEMPTS = "commit-attempts";
  static final String SEARCH_BYTES = "search-bytes";

  /** What begins with this is a setting of the S3 store, such as {@code s3.endpoint}. */
  private static final String STORE = "s3.";

  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              PATH,
              NAMESPACE,
              AS_OF,
              SPLIT_BYTES,
              ROWS_PER_SLAB,
              BYTES_PER_SLAB,
              PARTITION_BYTES,
              ON_ERROR,
              REJECTS,
              COMMIT_ATTEMPTS,
              SEARCH_BYTES));

  /** What a catalog tells of a table that was made by SQL, which says nothing about the index. */
  private static final Set<String> OF_CATALOGS =
      Set.of(
          TableCatalog.PROP_COLLATION,
          TableCatalog.PROP_COMMENT,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION,
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_OWNER,
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_TABLE_TYPE,
          "serialization.format");

  /**
   * Checks names and values.
   *
   * @throws InvalidInputException for an option that there is not, a value that is none, or no path
   */
  static SlabOptions of(CaseInsensitiveStringMap given) {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, String> option : given.asCaseSensitiveMap().entrySet()) {
      String name = option.getKey().toLowerCase(Locale.ROOT);
      if (OF_CATALOGS.contains(name) || name.startsWith(TableCatalog.OPTION_PREFIX)) {
        continue;
      }
      if (!KNOWN.contains(name) && !name.startsWith(STORE)) {
        throw new InvalidInputException(
            "the data source slab has no option '" + option.getKey() + "'",
            "its options are " + String.join(", ", KNOWN) + " and those of the store, s3.NAME");
      }
      values.put(name, option.getValue());
    }
    SlabOptions options = new SlabOptions(new TreeMap<>(values));
    options.check();
    return options;
  }

  private void check() {
    if (values.getOrDefault(PATH, "").isEmpty()) {
      throw new InvalidInputException(
          "no index is named", "give load or save its folder, or s3://bucket/prefix");
    }
    splitBytes();
    rowsPerSlab();
    bytesPerSlab();
    partitionBytes();
    commitAttempts();
    searchBytes();
    if (skipsBadRows() == (rejects() == null)) {
      throw new InvalidInputException(
          "the options on-error and rejects go together",
          "give on-error 'skip' and as rejects the folder for the rows that are left out, or neither");
    }
  }

  /** These, and over them what was given for one scan or write. */
  SlabOptions with(CaseInsensitiveStringMap given) {
    Map<String, String> all = new HashMap<>(values);
    given
        .asCaseSensitiveMap()
        .forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    return of(new CaseInsensitiveStringMap(all));
  }

  /** These, and one that is put over what they say. */
  SlabOptions with(String name, String value) {
    Map<String, String> all = new TreeMap<>(values);
    all.put(name, value);
    return new SlabOptions(all);
  }

  /** What of an index these options mean, for people. */
  String described() {
    return place()
        + (namespace() == null ? "" : ", namespace " + namespace())
        + (asOf() == null ? "" : ", as of " + asOf());
  }

  /** Where the index is. */
  String place() {
    return values.get(PATH);
  }

  /** The namespace that is named, or null. */
  String namespace() {
    return values.get(NAMESPACE);
  }

  /** The state to read, as {@link io.slab.History} has it, or null for the newest. */
  String asOf() {
    return values.get(AS_OF);
  }

  /** A slab of more bytes is read by several tasks. */
  long splitBytes() {
    return number(SPLIT_BYTES, 128L << 20);
  }

  /** Most rows of a slab that is written. */
  int rowsPerSlab() {
    return (int) Math.min(Integer.MAX_VALUE, number(ROWS_PER_SLAB, Integer.MAX_VALUE));
  }

  /** Most bytes of records that a task collects in memory for a slab, by the heap it runs in. */
  long bytesPerSlab() {
    long share = Runtime.getRuntime().maxMemory() / (6L * tasksAtOnce());
    return number(BYTES_PER_SLAB, Math.clamp(share, 16L << 20, 256L << 20));
  }

  /** How many tasks share this process; as many as processors where nothing says so. */
  private static int tasksAtOnce() {
    SparkEnv env = SparkEnv.get();
    int processors = Runtime.getRuntime().availableProcessors();
    return env == null || env.executorId().equals("driver")
        ? processors
        : Math.max(1, env.conf().getInt("spark.executor.cores", processors));
  }

  /** About how many bytes of rows a task of a write is given. */
  long partitionBytes() {
    return number(PARTITION_BYTES, 256L << 20);
  }

  /** How often others may change the namespace while an append is committed. */
  int commitAttempts() {
    return (int) Math.min(1_000_000, number(COMMIT_ATTEMPTS, 20));
  }

  /** Most bytes of slabs that one task searches: of a larger index each has a share. */
  long searchBytes() {
    return number(SEARCH_BYTES, 16L << 30);
  }

  /** Whether bad rows are left out, and written to {@link #rejects}. */
  boolean skipsBadRows() {
    String word = values.getOrDefault(ON_ERROR, "abort");
    if (!word.equals("abort") && !word.equals("skip")) {
      throw new InvalidInputException(
          "the option on-error is '" + word + "'", "it is 'abort' or 'skip'");
    }
    return word.equals("skip");
  }

  /** The folder for rows that are left out, or null. */
  String rejects() {
    return values.get(REJECTS);
  }

  private long number(String name, long otherwise) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[1-9]\\d{0,17}")) {
      throw new InvalidInputException(
          "the option " + name + " is '" + text + "'", "give a whole number above 0");
    }
    return Long.parseLong(text);
  }

  /** Settings of the store by their own names. */
  Map<String, String> store() {
    Map<String, String> settings = new HashMap<>();
    values.forEach((name, value) -> {
      if (name.startsWith(STORE)) {
        settings.put(name.substring(STORE.length()), value);
      }
    });
    return settings;
  }

  /**
   * Opens the index in a task, for as many threads as the task has processors ({@code
   * spark.task.cpus}).
   */
  Index openInTask() {
    TaskContext task = TaskContext.get();
    return open(task == null ? 1 : task.cpus());
  }

  /**
   * Opens the index.
   *
   * @param threads for searches, and to build indexes of slabs
   */
  Index open(int threads) {
    Kernels.tellOnce();
    return Index.open(place(), IndexOptions.defaults().withThreads(threads).withStore(store()));
  }

  /** The namespace of an open index that is read or written. */
  Namespace namespace(Index index) {
    return namespace() == null ? index.namespace() : index.namespace(namespace());
  }

  /** What is read of an open index. */
  Snapshot snapshot(Index index) {
    Namespace namespace = namespace(index);
    return asOf() == null ? namespace.snapshot() : namespace.history().snapshot(asOf());
  }
}
