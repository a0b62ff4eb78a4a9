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
import java.util.List;

/** Recognises a folder. */
final class FolderScan {
  private static final int MAX_DEPTH = 8;

  private final SourceFiles files;
  private final ScanOptions options;
  private final FileScan fileScan;
  private final List<SourcePart> parts = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private Shape shape;

  FolderScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
    fileScan = new FileScan(files, options);
  }

  Source scan() throws IOException {
    walk("", null, 0);
    if (parts.isEmpty()) {
      throw new InvalidInputException(
          "no export was found in " + files.location(), "name a file, or a folder of files");
    }
    return new Source(files.location(), shape, parts, Declared.NOTHING, notices, false);
  }

  private void walk(String folder, String namespace, int depth) throws IOException {
    for (SourceFiles.Entry entry : files.list(folder)) {
      if (entry.folder()) {
        if (depth < MAX_DEPTH) {
          walk(entry.path(), entry.name(), depth + 1);
        }
        continue;
      }
      Found found = fileScan.look(entry, namespace);
      if (found != null) {
        shape = shape == null ? found.shape() : shape;
        parts.add(found.part());
        notices.addAll(found.notices());
      }
    }
  }
}
