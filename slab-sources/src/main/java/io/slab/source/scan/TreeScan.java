package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.Declared;
import io.slab.source.FieldMap.Extras;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Recognises a folder without a manifest: every file in it, each for itself. A folder inside is a
 * namespace, unless its name says that it is a table ({@code part.parquet/}) or the value of a
 * column ({@code year=2024}).
 */
final class TreeScan {
  private final SourceFiles files;
  private final ScanOptions options;
  private final FileSort sort;
  private final List<SourcePart> parts = new ArrayList<>();
  private final Map<String, List<String>> notices = new LinkedHashMap<>();
  private final TreeSet<String> namespaces = new TreeSet<>();
  private final TreeSet<String> columns = new TreeSet<>();
  private final Map<Shape, Integer> shapes = new EnumMap<>(Shape.class);

  /** Files of tables that no longer belong to them. */
  private final List<String> dropped = new ArrayList<>();

  TreeScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
    sort = new FileSort(files, options);
  }

  Source scan(Declared declared) throws IOException {
    FolderWalk walk = FolderWalk.eachPlace(files, options.fields());
    sort.take(walk);
    Set<String> known = tables(walk);
    known.addAll(sides(walk));
    StrayIds ids = new StrayIds(files);
    for (FolderWalk.Located file : walk.located()) {
      String path = file.entry().path();
      if (!known.contains(path)) {
        boolean described = declared.from().contains(files.describe(path));
        Found found = sort.take(file, described);
        if (found != null) {
          add(found, file.place(), path);
          ids.read(path, found.part());
        }
      }
    }
    sort.judge(ids);
    if (parts.isEmpty()) {
      throw nothing();
    }
    return source(declared, walk);
  }

  /** Reads the tables that have logs; returns all their files, those too that no longer count. */
  private Set<String> tables(FolderWalk walk) {
    Map<String, SourceFiles.Entry> there = new TreeMap<>(NaturalOrder.NAMES);
    for (FolderWalk.Located file : walk.located()) {
      if (file.table() != null && file.entry().name().endsWith(".parquet")) {
        there.put(file.entry().path(), file.entry());
      }
    }
    Set<String> all = new TreeSet<>(there.keySet());
    for (FolderWalk.Table table : walk.tables()) {
      for (DeltaScan.LiveFile live : new DeltaScan(files, options.fields()).scan(table, there)) {
        add(live.found(), live.place(), live.path());
      }
    }
    dropped.addAll(there.keySet());
    return all;
  }

  /** Files that go with the matrices beside them. */
  private Set<String> sides(FolderWalk walk) throws IOException {
    Set<String> folders = new TreeSet<>();
    for (FolderWalk.Located file : walk.located()) {
      if (MatrixScan.isSide(file.entry().name())) {
        folders.add(folder(file.entry().path()));
      }
    }
    Set<String> sides = new TreeSet<>();
    for (FolderWalk.Located file : walk.located()) {
      String path = file.entry().path();
      if (folders.contains(folder(path))
          && !MatrixScan.isSide(file.entry().name())
          && isMatrix(path)
          && !sides.add(MatrixScan.side(files, path))) {
        throw new InvalidInputException(
            "several matrices lie beside "
                + files.describe(MatrixScan.side(files, path))
                + ": whose rows does it name?",
            "put each matrix into a folder of its own with the ids of its rows");
      }
    }
    return sides;
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private boolean isMatrix(String path) throws IOException {
    try {
      FileKind kind = FileKind.of(files, path);
      return kind == FileKind.NPY || kind == FileKind.SAFETENSORS;
    } catch (InvalidInputException e) {
      // The scan of the file says so.
      return false;
    }
  }

  private void add(Found found, Place place, String path) {
    shapes.merge(found.shape(), 1, Integer::sum);
    parts.add(found.part());
    if (place.namespace() != null) {
      namespaces.add(place.namespace());
    }
    columns.addAll(place.columns().keySet());
    for (String notice : found.notices()) {
      notices.computeIfAbsent(notice, text -> new ArrayList<>()).add(path);
    }
  }

  private RuntimeException nothing() {
    if (!sort.unread().isEmpty()) {
      return Source.refusal(files.location(), sort.unread());
    }
    return new InvalidInputException(
        "no export was found in " + files.location(),
        "read are JSON (lines, lists, API responses), Parquet, CSV and .npy, in the folder or in"
            + " one folder per namespace");
  }

  private Source source(Declared declared, FolderWalk walk) {
    Shape whole = shapes.size() == 1 ? shapes.keySet().iterator().next() : Shape.MIXED;
    whole = whole == Shape.PARQUET && !namespaces.isEmpty() ? Shape.PINECONE_IMPORT : whole;
    if (options.shape() != null && options.shape() != whole) {
      throw new InvalidInputException(
          files.location()
              + " cannot be read as "
              + options.shape().text()
              + ": it is "
              + whole.text(),
          "leave out --shape, or name " + whole.label());
    }
    return new Source(
        files.location(), whole, parts, declared, notices(walk), false, sort.unread());
  }

  private List<String> notices(FolderWalk walk) {
    List<String> all = new ArrayList<>();
    if (shapes.size() > 1) {
      List<String> counts = new ArrayList<>();
      shapes.forEach((shape, count) -> counts.add(count + " x " + shape.text()));
      all.add("files of several shapes: " + String.join(", ", counts));
    }
    if (!namespaces.isEmpty()) {
      all.add("folders are namespaces: " + some(new ArrayList<>(namespaces)));
    }
    if (!walk.datasets().isEmpty()) {
      all.add("folders of a dataset, whose names are no namespaces: " + some(walk.datasets()));
    }
    if (!columns.isEmpty()) {
      String names = some(new ArrayList<>(columns));
      all.add(
          options.fields().extras() == Extras.IGNORE
              ? "columns that the folders give are left out: " + names
              : "columns that the folders give become metadata fields: " + names);
    }
    notices.forEach(
        (text, where) -> all.add(where.size() == parts.size() ? text : some(where) + ": " + text));
    if (!dropped.isEmpty()) {
      all.add("files that the log of their table does not name (any more): " + some(dropped));
    }
    if (!walk.repeated().isEmpty()) {
      all.add("links to what is read anyway: " + some(walk.repeated()));
    }
    all.addAll(sort.notices());
    return all;
  }

  static String some(List<String> names) {
    int shown = Math.min(5, names.size());
    String list = String.join(", ", names.subList(0, shown));
    return shown < names.size() ? list + " and " + (names.size() - shown) + " more" : list;
  }
}
