package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.source.ScanOptions;
import io.slab.source.SourceFiles;
import io.slab.source.Unread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts the files of a folder into those whose records are read, those that hold none, and those
 * that may hold some and are not read. No file is left out of all three.
 */
final class FileSort {
  private final SourceFiles files;
  private final FileScan scan;
  private final RecordSigns signs;
  private final List<Unread> unread = new ArrayList<>();
  private final List<String> harmless = new ArrayList<>();

  /** Files without vectors that their names alone do not say to be so, with what they are. */
  private final Map<String, FileKind> plain = new LinkedHashMap<>();

  FileSort(SourceFiles files, ScanOptions options) {
    this.files = files;
    scan = new FileScan(files, options);
    signs = new RecordSigns(files, options.fields());
  }

  /** What is known about a folder before its files are looked at. */
  void take(FolderWalk walk) {
    unread.addAll(walk.unread());
    harmless.addAll(walk.harmless());
  }

  /**
   * Looks at a file.
   *
   * @param described true when something else than its records is known to be in it
   * @return null when no records are read from it
   */
  Found take(FolderWalk.Located file, boolean described) throws IOException {
    FileKind kind = null;
    SlabException trouble = null;
    try {
      kind = FileKind.of(files, file.entry().path());
      Found found = scan.look(file.entry(), kind, file.place());
      if (found != null) {
        return found;
      }
    } catch (InvalidInputException | DataException e) {
      trouble = e;
    }
    judge(file.entry(), kind, trouble, described);
    return null;
  }

  private void judge(
      SourceFiles.Entry file, FileKind kind, SlabException trouble, boolean described)
      throws IOException {
    boolean named = kind == FileKind.EMPTY || HarmlessNames.unlikely(file.path(), kind);
    boolean about = described || kind == FileKind.JSON && isDescription(file);
    boolean sure = trouble != null && !about;
    if (named || kind != null && !sure && !signs.in(file, kind)) {
      if (!described) {
        harmless.add(file.path());
      }
      if (!named && !about) {
        plain.put(file.path(), kind);
      }
    } else {
      refuse(file, trouble);
    }
  }

  private boolean isDescription(SourceFiles.Entry file) throws IOException {
    try {
      return file.bytes() <= FolderScan.MAX_DESCRIPTION
          && new Description().add("", JsonFile.read(files, file.path()));
    } catch (CorruptException e) {
      return false;
    }
  }

  private void refuse(SourceFiles.Entry file, SlabException trouble) {
    String name = files.describe(file.path());
    unread.add(
        trouble != null
            ? Unread.because(name, trouble)
            : new Unread(
                name,
                name + " is not recognised as an export of records, but may hold some",
                "--shape and --map say what a file is"));
  }

  /** Looks once more at files without vectors, when all files that are read are known. */
  void judge(StrayIds ids) throws IOException {
    for (Map.Entry<String, FileKind> file : plain.entrySet()) {
      Unread found = ids.judge(file.getKey(), file.getValue());
      if (found != null) {
        harmless.remove(file.getKey());
        unread.add(found);
      }
    }
  }

  /** Counts a file that holds records and is not read. */
  void isUnread(Unread file) {
    unread.add(file);
  }

  List<Unread> unread() {
    return unread;
  }

  /** One sentence about the files without records, if there are any. */
  List<String> notices() {
    return harmless.isEmpty()
        ? List.of()
        : List.of("files that hold no records: " + TreeScan.some(harmless));
  }
}
