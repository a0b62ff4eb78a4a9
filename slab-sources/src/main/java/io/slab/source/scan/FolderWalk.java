package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.SourceFiles;
import io.slab.source.Unread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds every file under a location, each once: a file or folder that a symbolic link leads to is
 * found where it really lies, and through the link only if that is elsewhere. Loops of links end so
 * by themselves.
 */
final class FolderWalk {
  /** Folders in folders beyond this are refused. */
  private static final int MAX_DEPTH = 64;

  /**
   * A file.
   *
   * @param place what the folders say in which it lies
   * @param table path of the table whose log names its files, or null
   */
  record Located(SourceFiles.Entry entry, Place place, String table) {}

  /** A folder whose log names the files that count. */
  record Table(String folder, Place place) {}

  private record Link(String path, Place place, int depth, String table) {}

  private final SourceFiles files;
  private final FieldMap fields;
  private final Set<String> seen = new HashSet<>();
  private final Deque<Link> links = new ArrayDeque<>();
  private final List<Located> located = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Unread> unread = new ArrayList<>();
  private final List<String> harmless = new ArrayList<>();
  private final List<String> repeated = new ArrayList<>();
  private final String root;

  FolderWalk(SourceFiles files, FieldMap fields) {
    this.files = files;
    this.fields = fields;
    root = files.identity("");
  }

  /** Walks from the location on. */
  FolderWalk walk() {
    seen.add(root);
    folder("", Place.ofLocation(files.location(), true, fields), 0, null);
    while (!links.isEmpty()) {
      follow(links.poll());
    }
    Comparator<String> names = NaturalOrder.NAMES;
    located.sort(Comparator.comparing(file -> file.entry().path(), names));
    tables.sort(Comparator.comparing(Table::folder, names));
    return this;
  }

  private void folder(String path, Place place, int depth, String table) {
    List<SourceFiles.Entry> entries = files.list(path);
    String described = files.describe(path);
    if (FolderScan.isIndex(entries)) {
      unread.add(
          new Unread(
              described,
              described + " is an index of slab",
              "slab export writes its records to files that can be read"));
      return;
    }
    if (depth > MAX_DEPTH) {
      String reason = described + " lies in more than " + MAX_DEPTH + " folders";
      unread.add(new Unread(described, reason, null));
      return;
    }
    InvalidInputException foreign = TableFormats.refusal(files, path, entries);
    if (foreign != null) {
      unread.add(Unread.because(described, foreign));
      return;
    }
    String owner = table;
    if (owner == null && TableFormats.isDelta(entries)) {
      owner = path;
      tables.add(new Table(path, place));
    }
    for (SourceFiles.Entry entry : entries) {
      entry(entry, place, depth, owner);
    }
  }

  private void entry(SourceFiles.Entry entry, Place place, int depth, String table) {
    String path = entry.path();
    if (HarmlessNames.never(entry) || table != null && TableFormats.isOfLog(entry)) {
      if (!entry.name().equals(TableFormats.DELTA_LOG)) {
        harmless.add(path);
      }
    } else if (files.link(path)) {
      links.add(new Link(path, place, depth, table));
    } else if (!seen.add(files.identity(path))) {
      repeated.add(path);
    } else {
      take(entry, place, depth, table);
    }
  }

  private void take(SourceFiles.Entry entry, Place place, int depth, String table) {
    if (entry.folder()) {
      // Where a log says what counts, it also says what the columns of a file are.
      Place inside = table == null ? place.inside(entry.name(), fields) : place;
      folder(entry.path(), inside, depth + 1, table);
    } else if (entry.bytes() < 0) {
      String described = files.describe(entry.path());
      unread.add(new Unread(described, described + " is no ordinary file", null));
    } else {
      located.add(new Located(entry, place, table));
    }
  }

  private void follow(Link link) {
    String real = files.identity(link.path());
    String described = files.describe(link.path());
    if (real == null) {
      unread.add(
          new Unread(
              described,
              described + " is a link to something that is not there",
              "copy what it should lead to, or remove the link"));
    } else if (contains(real) || !seen.add(real)) {
      repeated.add(link.path());
    } else {
      take(files.entry(link.path()), link.place(), link.depth(), link.table());
    }
  }

  /** True for a folder in which the location lies: what is in it is not all meant. */
  private boolean contains(String folder) {
    return root.equals(folder)
        || root.startsWith(folder.endsWith("/") ? folder : folder + "/")
        || root.startsWith(folder + "\\");
  }

  /** All files that are to be looked at, in natural order. */
  List<Located> located() {
    return located;
  }

  List<Table> tables() {
    return tables;
  }

  /** What may hold records and cannot be looked at. */
  List<Unread> unread() {
    return unread;
  }

  /** Paths of what holds no records by its name. */
  List<String> harmless() {
    return harmless;
  }

  /** Links to what is found anyway. */
  List<String> repeated() {
    return repeated;
  }
}
