package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.JsonNode;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.FieldMap.Role;
import io.slab.source.ForeignFile;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the Vector Dataset Format of vector-io: a manifest, and Parquet files in folders whose
 * names end in {@code .parquet}.
 */
final class VdfScan {
  static final String MANIFEST = "VDF_META.json";

  private final SourceFiles files;
  private final ScanOptions options;
  private final Description description = new Description();
  private final List<SourcePart> parts = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();
  private final Set<String> named = new TreeSet<>();

  VdfScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  Source scan() throws IOException {
    JsonNode manifest = JsonFile.read(files, MANIFEST);
    JsonNode indexes = JsonFile.member(manifest, "indexes");
    if (indexes == null || !indexes.isObject()) {
      throw bad("no member \"indexes\"");
    }
    List<String> names = new ArrayList<>();
    indexes.forEachEntry((name, entries) -> names.add(name));
    if (names.size() != 1) {
      throw new InvalidInputException(
          files.location() + " holds " + names.size() + " indexes: " + TreeScan.some(names),
          "name the folder of one of them");
    }
    description.from(files.describe(MANIFEST));
    description.facts(manifest);
    description.name(names.getFirst());
    String id = JsonFile.text(manifest, "id_column");
    for (JsonNode entry : indexes.get(names.getFirst())) {
      entry(entry, id == null ? "id" : id);
    }
    notices.add("this format holds no sparse values: those of the index were lost in its export");
    notices.add(
        "metadata was flattened into columns by the export: whole numbers may have become real ones,"
            + " and absent fields nulls");
    FolderRest rest = FolderRest.of(files, options, MANIFEST, named);
    notices.addAll(rest.notices());
    return new Source(
        files.location(),
        Shape.VDF,
        parts,
        description.declared(),
        List.copyOf(notices),
        false,
        rest.unread());
  }

  private void entry(JsonNode entry, String id) throws IOException {
    String path = JsonFile.text(entry, "data_path");
    if (path == null || path.startsWith("/") || List.of(path.split("/")).contains("..")) {
      throw bad("the data_path " + path);
    }
    String folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String namespace = JsonFile.text(entry, "namespace");
    namespace = namespace == null ? "" : namespace;
    description.dimension(JsonFile.number(entry, "dimensions"));
    if (JsonFile.text(entry, "metric") != null) {
      description.metric(JsonFile.metric(JsonFile.text(entry, "metric")));
    }
    description.facts(entry);
    JsonNode config = JsonFile.member(entry, "index_config");
    if (config != null) {
      description.index(config);
    }
    long exported = JsonFile.number(entry, "exported_vector_count", "total_vector_count");
    if (exported >= 0) {
      description.namespace(namespace, exported);
    }
    add(folder, namespace, fields(entry, id));
  }

  private FieldMap fields(JsonNode entry, String id) {
    Map<Role, String> names = new EnumMap<>(Role.class);
    names.put(Role.ID, id);
    JsonNode columns = JsonFile.member(entry, "vector_columns");
    if (columns != null && columns.isArray()) {
      for (JsonNode column : columns) {
        if (column.isString()) {
          names.putIfAbsent(Role.VALUES, column.stringValue());
        }
      }
    }
    names.putIfAbsent(Role.VALUES, "vector");
    names.putAll(options.fields().names());
    return new FieldMap(names, Extras.METADATA);
  }

  private void add(String path, String namespace, FieldMap fields) throws IOException {
    SourceFiles.Entry entry = files.entry(path);
    if (entry == null) {
      throw bad("the data_path " + path + ", which is not there");
    }
    List<SourceFiles.Entry> all = entry.folder() ? files.list(path) : List.of(entry);
    int before = parts.size();
    for (SourceFiles.Entry file : all) {
      if (!file.folder() && !file.hidden() && file.name().endsWith(".parquet")) {
        Found found = new ParquetScan(files, fields, RowNumbers.usual()).scan(file, namespace);
        parts.add(found.part());
        named.add(file.path());
        notices.addAll(found.notices());
      }
    }
    if (parts.size() - before > 1) {
      notices.add(
          "vector-io repeats earlier rows in later files of a namespace: of records with one id the"
              + " last counts");
    }
  }

  private CorruptException bad(String found) {
    return ForeignFile.corrupt(files.describe(MANIFEST), -1, found, "a VDF manifest");
  }
}
