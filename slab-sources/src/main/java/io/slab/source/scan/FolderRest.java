package io.slab.source.scan;

import io.slab.source.ScanOptions;
import io.slab.source.SourceFiles;
import io.slab.source.Unread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What lies in a folder beside the files that its manifest names. */
final class FolderRest {
  private final FileSort sort;
  private final List<String> others = new ArrayList<>();

  private FolderRest(FileSort sort) {
    this.sort = sort;
  }

  /**
   * Looks at every file that is not named.
   *
   * @param manifest what names the others
   * @param named paths of the files that are read, and of folders that hold no records
   */
  static FolderRest of(SourceFiles files, ScanOptions options, String manifest, Set<String> named)
      throws IOException {
    // Nothing here becomes a part: no record has the number of a row as its id.
    FileSort sort = new FileSort(files, options.withShape(null).apart());
    FolderRest rest = new FolderRest(sort);
    FolderWalk walk = FolderWalk.once(files, options.fields());
    sort.take(walk);
    Set<String> known = new TreeSet<>(named);
    known.add(manifest);
    for (FolderWalk.Located file : walk.located()) {
      String path = file.entry().path();
      if (known.contains(path)) {
        continue;
      }
      if (isInside(path, named)) {
        rest.others.add(path);
      } else if (sort.take(file, false) != null) {
        String name = files.describe(path);
        sort.isUnread(
            new Unread(
                name,
                name + " holds records and is not named by " + files.describe(manifest),
                "correct the manifest, or name that file by itself"));
      }
    }
    return rest;
  }

  private static boolean isInside(String path, Set<String> folders) {
    return folders.stream().anyMatch(folder -> folder.endsWith("/") && path.startsWith(folder));
  }

  List<Unread> unread() {
    return sort.unread();
  }

  List<String> notices() {
    List<String> all = new ArrayList<>(sort.notices());
    if (!others.isEmpty()) {
      all.add("files that are no records of this export: " + TreeScan.some(others));
    }
    return all;
  }
}
