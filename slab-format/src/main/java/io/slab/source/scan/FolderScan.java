package io.slab.source.scan;

import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import java.io.IOException;

/** Recognises a folder: by its manifest where it has one, else by its files. */
final class FolderScan {
  private final SourceFiles files;
  private final ScanOptions options;

  FolderScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  Source scan() throws IOException {
    return new TreeScan(files, options).scan(io.slab.source.Declared.NOTHING);
  }
}
