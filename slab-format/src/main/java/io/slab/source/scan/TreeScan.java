package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.Declared;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Recognises a folder without a manifest: every file of the first kind that is found. A folder
 * inside is a namespace, unless its name says that it is a table ({@code part.parquet/}) or a
 * partition by another column.
 */
final class TreeScan {
  private static final int MAX_DEPTH = 8;
  private static final String PARTITION = "namespace=";

  private final SourceFiles files;
  private final ScanOptions options;
  private final FileScan scan;
  private final List<SourcePart> parts = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();
  private final Map<String, List<String>> notices = new LinkedHashMap<>();
  private final TreeSet<String> namespaces = new TreeSet<>();
  private Shape shape;

  /** Why a file that looks like an export is none. */
  private InvalidInputException refused;

  TreeScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
    scan = new FileScan(files, options);
  }

  Source scan(Declared declared) throws IOException {
    List<Located> all = new ArrayList<>();
    walk("", null, 0, all);
    FileKind kind = leading(all);
    for (Located file : all) {
      boolean described = declared.from().contains(files.describe(file.entry().path()));
      if (kind != null && file.kind() != kind) {
        if (!described && !MatrixScan.isSide(file.entry().name())) {
          passedOver.add(file.entry().path());
        }
      } else if (!described) {
        add(file);
      }
    }
    if (parts.isEmpty() && refused != null) {
      throw refused;
    }
    if (parts.isEmpty()) {
      throw new InvalidInputException(
          "no export was found in " + files.location(),
          "read are JSON (lines, lists, API responses), Parquet, CSV and .npy, in the folder or in"
              + " one folder per namespace");
    }
    Shape whole = shape == Shape.PARQUET && !namespaces.isEmpty() ? Shape.PINECONE_IMPORT : shape;
    if (options.shape() != null && options.shape() != whole) {
      throw new InvalidInputException(
          files.location()
              + " cannot be read as "
              + options.shape().text()
              + ": it is "
              + whole.text(),
          "leave out --shape, or name " + whole.label());
    }
    return new Source(files.location(), whole, parts, declared, notices(), false);
  }

  /** The kind beside which all others are passed over, or null. */
  private static FileKind leading(List<Located> all) {
    for (FileKind kind : List.of(FileKind.PARQUET, FileKind.NPY)) {
      if (all.stream().anyMatch(file -> file.kind() == kind)) {
        return kind;
      }
    }
    return null;
  }

  /** A file, what it is, and the namespace of the folder that it lies in. */
  private record Located(SourceFiles.Entry entry, FileKind kind, String namespace) {}

  private void walk(String folder, String namespace, int depth, List<Located> all)
      throws IOException {
    List<SourceFiles.Entry> entries = files.list(folder);
    if (FolderScan.isIndex(entries)) {
      passedOver.add(folder);
      return;
    }
    for (SourceFiles.Entry entry : entries) {
      if (entry.folder()) {
        if (depth < MAX_DEPTH) {
          walk(entry.path(), inside(namespace, entry.name()), depth + 1, all);
        }
      } else if (!entry.name().startsWith("_")) {
        all.add(new Located(entry, FileKind.of(files, entry.path()), namespace));
      }
    }
  }

  private static String inside(String namespace, String folder) {
    if (folder.startsWith(PARTITION)) {
      return folder.substring(PARTITION.length());
    }
    if (folder.endsWith(".parquet") || folder.indexOf('=') > 0) {
      return namespace;
    }
    return namespace == null ? folder : namespace + "/" + folder;
  }

  private void add(Located file) throws IOException {
    Found found;
    try {
      found = scan.look(file.entry(), file.kind(), file.namespace());
    } catch (InvalidInputException e) {
      refused = e;
      found = null;
    }
    if (found == null || shape != null && found.shape() != shape) {
      passedOver.add(file.entry().path());
      return;
    }
    shape = found.shape();
    parts.add(found.part());
    if (file.namespace() != null) {
      namespaces.add(file.namespace());
    }
    for (String notice : found.notices()) {
      notices.computeIfAbsent(notice, text -> new ArrayList<>()).add(file.entry().path());
    }
  }

  private List<String> notices() {
    List<String> all = new ArrayList<>();
    if (!namespaces.isEmpty()) {
      all.add("folders are namespaces: " + some(new ArrayList<>(namespaces)));
    }
    notices.forEach(
        (text, where) -> all.add(where.size() == parts.size() ? text : some(where) + ": " + text));
    if (!passedOver.isEmpty()) {
      all.add("files that are not read: " + some(passedOver));
    }
    return all;
  }

  static String some(List<String> names) {
    int shown = Math.min(5, names.size());
    String list = String.join(", ", names.subList(0, shown));
    return shown < names.size() ? list + " and " + (names.size() - shown) + " more" : list;
  }
}
