package io.slab.source.scan;

import io.slab.error.MissingException;
import io.slab.error.UnsupportedException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Utf8;
import io.slab.source.ReadFailure;
import io.slab.source.SourceFiles;
import io.slab.source.parquet.ParquetRows;
import io.slab.store.ByteSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log of a Delta Lake table: which of its files hold the rows of the newest version, and which
 * columns are the same in a whole file. Commits are replayed from the first one on, or from the
 * newest checkpoint where the first ones are gone. What this does not know is refused by name.
 */
final class DeltaLog {
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
  private static final Pattern CHECKPOINT =
      Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10}))?\\.parquet");

  /** What a checkpoint is read for. */
  private static final List<String> COLUMNS =
      List.of(
          "add.path",
          "add.partitionValues",
          "add.deletionVector.storageType",
          "add.deletionVector.pathOrInlineDv",
          "add.deletionVector.offset",
          "protocol.minReaderVersion",
          "protocol.readerFeatures",
          "metaData.configuration",
          "metaData.schemaString",
          "sidecar.path");

  private static final int MAX_READER_VERSION = 3;

  /**
   * Features of a table that change nothing about its files, or that are looked for by themselves.
   */
  private static final Set<String> FEATURES =
      Set.of(
          "columnMapping",
          "deletionVectors",
          "timestampNtz",
          "typeWidening",
          "typeWidening-preview",
          "v2Checkpoint",
          "vacuumProtocolCheck");

  /**
   * A file of the table.
   *
   * @param path as the log has it
   * @param values text by column, null for null
   * @param deletes names its deletion vector, or null
   */
  record Add(String path, Map<String, String> values, String deletes) {}

  private final SourceFiles files;
  private final String folder;
  private final SortedMap<Long, String> commits = new TreeMap<>();
  private final SortedMap<Long, List<String>> checkpoints = new TreeMap<>();
  private final Map<String, Add> live = new LinkedHashMap<>();
  private final Map<String, String> types = new TreeMap<>();

  private DeltaLog(SourceFiles files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Reads the log of a table.
   *
   * @param table path of its folder
   * @throws UnsupportedException when the table has something that is not read
   * @throws MissingException when a part of the log is not there
   */
  static DeltaLog read(SourceFiles files, String table) {
    String folder = (table.isEmpty() ? "" : table + "/") + TableFormats.DELTA_LOG;
    DeltaLog log = new DeltaLog(files, folder);
    log.list();
    log.replay();
    for (Add add : log.live.values()) {
      if (add.deletes() != null) {
        throw log.unsupported(
            "a deletion vector for " + add.path(),
            "run REORG TABLE ... APPLY (PURGE) on the table, so that deleted rows leave its files");
      }
    }
    return log;
  }

  /** The files of the newest version. */
  List<Add> live() {
    return List.copyOf(live.values());
  }

  /** The type of a column as the table says it, or null. */
  String type(String column) {
    return types.get(column);
  }

  private void list() {
    Map<Long, Integer> complete = new TreeMap<>();
    for (SourceFiles.Entry entry : files.list(folder)) {
      Matcher commit = COMMIT.matcher(entry.name());
      Matcher checkpoint = CHECKPOINT.matcher(entry.name());
      if (commit.matches()) {
        commits.put(Long.parseLong(commit.group(1)), entry.path());
      } else if (checkpoint.matches()) {
        long version = Long.parseLong(checkpoint.group(1));
        int parts = checkpoint.group(3) == null ? 1 : Integer.parseInt(checkpoint.group(3));
        if (parts > complete.getOrDefault(version, 0)) {
          complete.put(version, parts);
          checkpoints.put(version, new ArrayList<>());
        }
        if (parts == complete.get(version)) {
          checkpoints.get(version).add(entry.path());
        }
      }
    }
    checkpoints.entrySet().removeIf(e -> e.getValue().size() != complete.get(e.getKey()));
  }

  private void replay() {
    long next = 0;
    if (!commits.containsKey(0L)) {
      if (checkpoints.isEmpty()) {
        throw missing(0, "no checkpoint that replaces it is there in a form that is read");
      }
      next = checkpoints.lastKey() + 1;
      for (String part : checkpoints.get(checkpoints.lastKey())) {
        checkpoint(part);
      }
    }
    for (Map.Entry<Long, String> commit : commits.tailMap(next).entrySet()) {
      if (commit.getKey() != next) {
        throw missing(next, "later ones are");
      }
      commit(commit.getValue());
      next++;
    }
    if (!checkpoints.isEmpty() && checkpoints.lastKey() >= next) {
      throw missing(next, "a checkpoint after it is");
    }
  }

  private MissingException missing(long version, String but) {
    return new MissingException(
        files.describe(folder),
        -1,
        "no commit " + version + " (" + but + ")",
        "every commit of the table",
        "copy the whole folder of the table, its log too");
  }

  private void commit(String path) {
    String name = files.describe(path);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(files.stream(path), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          action(Json.parseStored(name, Utf8.bytes(line)));
        }
      }
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private void action(JsonNode action) {
    JsonNode add = JsonFile.member(action, "add");
    JsonNode remove = JsonFile.member(action, "remove");
    JsonNode protocol = JsonFile.member(action, "protocol");
    JsonNode metadata = JsonFile.member(action, "metaData");
    if (remove != null) {
      live.remove(key(JsonFile.text(remove, "path"), deletes(remove)));
    }
    if (add != null) {
      add(JsonFile.text(add, "path"), texts(add.get("partitionValues")), deletes(add));
    }
    if (protocol != null) {
      List<Object> features = new ArrayList<>();
      JsonNode listed = JsonFile.member(protocol, "readerFeatures");
      if (listed != null) {
        listed.forEach(feature -> features.add(feature.stringValue()));
      }
      protocol(JsonFile.number(protocol, "minReaderVersion"), features);
    }
    if (metadata != null) {
      JsonNode configuration = metadata.get("configuration");
      metadata(texts(configuration), JsonFile.text(metadata, "schemaString"));
    }
  }

  private static String deletes(JsonNode file) {
    JsonNode vector = JsonFile.member(file, "deletionVector");
    if (vector == null) {
      return null;
    }
    long offset = JsonFile.number(vector, "offset");
    return deletes(
        JsonFile.text(vector, "storageType"),
        JsonFile.text(vector, "pathOrInlineDv"),
        offset < 0 ? null : offset);
  }

  private static String deletes(Object storage, Object path, Object offset) {
    return storage + "" + path + (offset == null ? "" : "@" + offset);
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (object != null && object.isObject()) {
      object.forEachEntry((name, value) ->
          texts.put(
              name,
              value.isNull() ? null : value.isString() ? value.stringValue() : Json.text(value)));
    }
    return texts;
  }

  private static String key(String path, String deletes) {
    // Not every writer encodes a name in the same way each time.
    String name = path == null ? null : Place.decoded(path, path);
    return deletes == null ? name : name + "\n" + deletes;
  }

  private void add(String path, Map<String, String> values, String deletes) {
    if (path == null || path.contains("://") || path.startsWith("/") || path.contains("../")) {
      throw unsupported(
          "a file outside of the table's folder: " + path,
          "the table is a clone; name the folder of the table that it was made from, or copy it");
    }
    live.put(key(path, deletes), new Add(path, values, deletes));
  }

  private void protocol(long version, List<?> features) {
    if (version > MAX_READER_VERSION) {
      throw unsupported("the reader version " + version, null);
    }
    for (Object feature : features) {
      if (!FEATURES.contains(String.valueOf(feature))) {
        throw unsupported("the table feature '" + feature + "'", null);
      }
    }
  }

  private void metadata(Map<String, String> configuration, String schema) {
    String mapping = configuration.getOrDefault("delta.columnMapping.mode", "none");
    if (!mapping.equals("none")) {
      throw unsupported(
          "column mapping by " + mapping + ": columns have other names in the files", null);
    }
    types.clear();
    JsonNode fields =
        schema == null
            ? null
            : JsonFile.member(
                Json.parseStored(files.describe(folder), Utf8.bytes(schema)), "fields");
    if (fields != null && fields.isArray()) {
      for (JsonNode field : fields) {
        String type = JsonFile.text(field, "type");
        if (type != null && JsonFile.text(field, "name") != null) {
          types.put(JsonFile.text(field, "name"), type);
        }
      }
    }
  }

  private UnsupportedException unsupported(String found, String hint) {
    return new UnsupportedException(
        files.describe(folder),
        -1,
        found,
        "a Delta table without that",
        hint != null
            ? hint
            : "write the table's rows as plain Parquet, for instance with Spark or DuckDB, and name"
                + " that folder");
  }

  @SuppressWarnings("unchecked")
  private void checkpoint(String path) {
    try (ByteSource source = files.open(path)) {
      ParquetRows.read(
          source,
          COLUMNS,
          row -> {
            if (row[9] != null) {
              throw unsupported("a checkpoint in several files (version 2)", null);
            }
            if (row[5] instanceof Long version) {
              protocol(version, row[6] instanceof List<?> features ? features : List.of());
            }
            if (row[8] instanceof String schema) {
              metadata(
                  row[7] instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of(), schema);
            }
            if (row[0] instanceof String file) {
              add(
                  file,
                  row[1] instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of(),
                  row[2] == null ? null : deletes(row[2], row[3], row[4]));
            }
          });
    }
  }
}
