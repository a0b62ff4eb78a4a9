package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.json.JsonLayout;
import io.slab.source.json.JsonRecords;
import io.slab.source.json.JsonSniff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Recognises a JSON file. */
final class JsonScan {
  private static final Pattern LINES =
      Pattern.compile("\\.(jsonl|ndjson)(\\.(gz|zst))?$", Pattern.CASE_INSENSITIVE);

  private final SourceFiles files;
  private final FieldMap fields;

  JsonScan(SourceFiles files, FieldMap fields) {
    this.files = files;
    this.fields = fields;
  }

  /**
   * Looks at a file.
   *
   * @param namespace of its records that name none, or null
   * @return null when it holds no records
   * @throws InvalidInputException when its records have no vectors
   */
  Found scan(SourceFiles.Entry file, String namespace) throws IOException {
    String name = files.describe(file.path());
    JsonSniff sniff;
    try {
      sniff = JsonSniff.of(name, () -> Unpacked.open(files, file.path()), fields);
    } catch (CorruptException e) {
      Found lines = lines(file, name, namespace);
      if (lines == null) {
        throw e;
      }
      return lines;
    }
    boolean inRow = sniff == null || sniff.layout() == JsonLayout.RECORDS;
    boolean whole = sniff != null && sniff.hasVectors() && sniff.hasIds();
    if (inRow && !whole && !fields.texts()) {
      requireUsualNames(file.path(), name);
    }
    if (sniff == null || sniff.columns() == null && sniff.sampled() == 0) {
      return null;
    }
    if (!sniff.hasVectors() && !fields.texts()) {
      throw NoVectors.explain(name, sniff);
    }
    Extras extras = fields.extras();
    if (extras == Extras.AUTO) {
      boolean ignore = sniff.hasMetadata() && !sniff.chroma();
      extras = ignore ? Extras.IGNORE : Extras.METADATA;
    }
    FieldMap map = sniff.chroma() ? fields.withExtras(extras) : fields;
    SourcePart part =
        new SourcePart(
            name,
            namespace,
            file.bytes(),
            -1,
            options -> open(file.path(), name, namespace, sniff, map, options));
    List<String> notices = new ArrayList<>(bare(sniff));
    notices.addAll(notices(sniff.extras(), extras));
    return new Found(shape(sniff), part, notices);
  }

  /** Refuses records whose ids or vectors have other names, where it is known which these are. */
  private void requireUsualNames(String path, String name) throws IOException {
    InvalidInputException e = OtherNames.refusal(name, () -> Unpacked.open(files, path), fields);
    if (e != null) {
      throw e;
    }
  }

  /** A file that is named as JSON lines are and begins with a broken one: that line is refused. */
  private Found lines(SourceFiles.Entry file, String name, String namespace) throws IOException {
    boolean named = LINES.matcher(name).find();
    return named && NativeLines.is(NativeLines.start(name, () -> files.stream(file.path())))
        ? new Found(
            Shape.JSONL,
            NativeLines.part(
                name, namespace, file.bytes(), () -> files.stream(file.path()), fields),
            List.of())
        : null;
  }

  /** Says what lists of numbers were taken for: a table of such columns looks the same. */
  private static List<String> bare(JsonSniff sniff) {
    return sniff.bareIds().isEmpty()
        ? List.of()
        : List.of("read as vectors by id: " + some(sniff.bareIds()));
  }

  /** What is said of members and columns that are no part of a record. */
  static List<String> notices(Set<String> extras, Extras rule) {
    if (extras.isEmpty()) {
      return List.of();
    }
    String list = some(extras);
    return List.of(
        rule == Extras.METADATA
            ? "these become metadata fields: " + list
            : "these are no part of a record and are left out: " + list);
  }

  private static String some(Collection<String> names) {
    String some = names.stream().limit(8).collect(Collectors.joining(", "));
    return names.size() <= 8 ? some : some + ", ...";
  }

  private static Shape shape(JsonSniff sniff) {
    if (sniff.columns() != null) {
      return Shape.COLUMNAR_JSON;
    }
    return switch (sniff.layout()) {
      case NAMESPACES, WRAPPED -> Shape.BY_NAMESPACE;
      case BY_ID -> Shape.FETCH_RESPONSES;
      case ENVELOPES ->
          sniff.byId()
              ? Shape.FETCH_RESPONSES
              : sniff.hasScores()
                      || "matches".equals(sniff.list())
                      || "results".equals(sniff.list())
                  ? Shape.QUERY_RESPONSES
                  : Shape.JSON_VECTORS;
      case RECORDS ->
          !sniff.array()
              ? Shape.JSONL
              : sniff.hasScores() ? Shape.QUERY_RESPONSES : Shape.JSON_ARRAY;
    };
  }

  private RecordReader open(
      String path,
      String name,
      String namespace,
      JsonSniff sniff,
      FieldMap map,
      ReadOptions options) {
    Unpacked[] last = new Unpacked[1];
    JsonRecords.Input input = () -> last[0] = Unpacked.open(files, path);
    RecordReader text;
    if (sniff.columns() != null) {
      text = JsonRecords.columns(name, namespace, input, sniff.columns(), map, options);
    } else if (sniff.layout() == JsonLayout.RECORDS && sniff.lines()) {
      text = JsonRecords.lines(name, namespace, input, map, options);
    } else {
      text = JsonRecords.stream(name, namespace, input, sniff.layout(), map, options);
    }
    Unpacked opened = last[0];
    return opened.packed() ? new PackedReader(text, opened::fileBytes) : text;
  }
}
