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
import java.util.regex.Pattern;

/**
 * Finds every file under a location, once for each {@link Place} in which it stands: a file that
 * links put into the folders of two namespaces belongs to both, and one that stands twice in the
 * folder of a namespace is found where it really lies. A link to a folder around itself is passed
 * over, so that loops end.
 */
final class FolderWalk {
  /** Folders in folders beyond this are refused. */
  private static final int MAX_DEPTH = 64;

  /** So many links to folders are followed: folders full of links to each other have no end. */
  private static final int MAX_LINKED = 1_000;

  private static final String DATASET = "data";

  /** A file of such a folder: the name of a split, its number, perhaps how many there are. */
  private static final Pattern SPLIT =
      Pattern.compile(
          "[A-Za-z][A-Za-z0-9_.]*-\\d{4,6}(-of-\\d{4,6})?(-[0-9a-f]{8,32})?"
              + "\\.(parquet|jsonl|json|csv)(\\.(gz|zst))?");

  /**
   * A file.
   *
   * @param place what the folders say in which it lies
   * @param table path of the table whose log names its files, or null
   */
  record Located(SourceFiles.Entry entry, Place place, String table) {}

  /** A folder whose log names the files that count. */
  record Table(String folder, Place place) {}

  /**
   * A folder that is being walked.
   *
   * @param depth folders above it
   * @param table path of the table to which it belongs, or null
   * @param above null for the location
   */
  private record Inside(
      String path, String identity, Place place, int depth, String table, Inside above) {
    /** The same as the folder of a table. */
    Inside asTable() {
      return new Inside(path, identity, place, depth, path, above);
    }

    /** True for this folder and those that were walked through to it. */
    boolean isIn(String folder) {
      return identity.equals(folder) || above != null && above.isIn(folder);
    }
  }

  private record Link(String path, Inside folder) {}

  /**
   * What was found already.
   *
   * @param place where it stands, or null when that does not matter
   */
  private record Standing(String identity, Place place) {}

  private final SourceFiles files;
  private final FieldMap fields;
  private final boolean once;
  private final Set<Standing> seen = new HashSet<>();
  private final Deque<Link> links = new ArrayDeque<>();
  private final List<Located> located = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Unread> unread = new ArrayList<>();
  private final List<String> harmless = new ArrayList<>();
  private final List<String> repeated = new ArrayList<>();
  private final List<String> datasets = new ArrayList<>();
  private final String root;
  private int linked;

  private FolderWalk(SourceFiles files, FieldMap fields, boolean once) {
    this.files = files;
    this.fields = fields;
    this.once = once;
    root = files.identity("");
  }

  /** A walk that finds a file for each place in which it stands. */
  static FolderWalk eachPlace(SourceFiles files, FieldMap fields) {
    return new FolderWalk(files, fields, false).walk();
  }

  /** A walk that finds a file once wherever it stands: where a manifest says whose it is. */
  static FolderWalk once(SourceFiles files, FieldMap fields) {
    return new FolderWalk(files, fields, true).walk();
  }

  /** Walks from the location on. */
  private FolderWalk walk() {
    Place place = Place.ofLocation(files.location(), true, fields);
    isNew(root, place);
    folder(new Inside("", root, place, 0, null, null));
    while (!links.isEmpty()) {
      follow(links.poll());
    }
    Comparator<String> names = NaturalOrder.NAMES;
    located.sort(Comparator.comparing(file -> file.entry().path(), names));
    tables.sort(Comparator.comparing(Table::folder, names));
    return this;
  }

  private boolean isNew(String identity, Place place) {
    return seen.add(new Standing(identity, once ? null : place));
  }

  private void folder(Inside folder) {
    List<SourceFiles.Entry> entries = files.list(folder.path());
    String described = files.describe(folder.path());
    if (FolderScan.isIndex(entries)) {
      unread.add(
          new Unread(
              described,
              described + " is an index of slab",
              "slab export writes its records to files that can be read"));
      return;
    }
    if (folder.depth() > MAX_DEPTH) {
      String reason = described + " lies in more than " + MAX_DEPTH + " folders";
      unread.add(new Unread(described, reason, null));
      return;
    }
    InvalidInputException foreign = TableFormats.refusal(files, folder.path(), entries);
    if (foreign != null) {
      unread.add(Unread.because(described, foreign));
      return;
    }
    Inside inside = folder;
    if (folder.table() == null && TableFormats.isDelta(entries)) {
      inside = folder.asTable();
      tables.add(new Table(folder.path(), folder.place()));
    }
    for (SourceFiles.Entry entry : entries) {
      entry(entry, inside);
    }
  }

  private void entry(SourceFiles.Entry entry, Inside folder) {
    String path = entry.path();
    if (HarmlessNames.never(entry) || folder.table() != null && TableFormats.isOfLog(entry)) {
      if (!entry.name().equals(TableFormats.DELTA_LOG)) {
        harmless.add(path);
      }
    } else if (files.link(path)) {
      links.add(new Link(path, folder));
    } else {
      take(entry, files.identity(path), folder);
    }
  }

  private void take(SourceFiles.Entry entry, String identity, Inside folder) {
    String path = entry.path();
    // Where a log says what counts, it also says what the columns of a file are.
    boolean names = entry.folder() && folder.table() == null;
    boolean inside = names && !isOfDataset(entry);
    Place place = inside ? folder.place().inside(entry.name(), fields) : folder.place();
    if (entry.folder() && folder.isIn(identity) || !isNew(identity, place)) {
      repeated.add(path);
    } else if (entry.folder()) {
      folder(new Inside(path, identity, place, folder.depth() + 1, folder.table(), folder));
    } else if (entry.bytes() < 0) {
      String described = files.describe(path);
      unread.add(new Unread(described, described + " is no ordinary file", null));
    } else {
      located.add(new Located(entry, place, folder.table()));
    }
  }

  /**
   * True for the folder of a dataset of a hub, which has its rows in {@code
   * data/train-00000.parquet} and so on: its name says nothing about them.
   */
  private boolean isOfDataset(SourceFiles.Entry folder) {
    if (!folder.folder() || !folder.name().equals(DATASET)) {
      return false;
    }
    List<SourceFiles.Entry> entries = files.list(folder.path());
    boolean all = false;
    for (SourceFiles.Entry entry : entries) {
      if (!HarmlessNames.never(entry)) {
        if (entry.folder() || !SPLIT.matcher(entry.name()).matches()) {
          return false;
        }
        all = true;
      }
    }
    if (all) {
      datasets.add(folder.path());
    }
    return all;
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
      return;
    }
    SourceFiles.Entry entry = files.entry(link.path());
    if (contains(real)) {
      repeated.add(link.path());
    } else if (entry.folder() && ++linked > MAX_LINKED) {
      String reason = described + " comes after " + MAX_LINKED + " other links to folders";
      unread.add(new Unread(described, reason, "replace links by what they lead to"));
      // There may be no end of them.
      links.clear();
    } else {
      take(entry, real, link.folder());
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

  /** Folders of datasets, whose names are no namespaces. */
  List<String> datasets() {
    return datasets;
  }

  /** Links to what is found anyway. */
  List<String> repeated() {
    return repeated;
  }
}
