package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.JsonNode;
import io.slab.source.Declared;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.util.List;

/** Recognises a folder: by its manifest where it has one, else by its files. */
final class FolderScan {
  /** Largest JSON file that may be a description of an index. */
  static final long MAX_DESCRIPTION = 1 << 20;

  private final SourceFiles files;
  private final ScanOptions options;

  FolderScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  Source scan() throws IOException {
    if (isIndex(files.list(""))) {
      throw new InvalidInputException(
          files.location() + " is an index, not an export of one",
          "slab export writes its records to files that can be read");
    }
    if (may(Shape.VDF) && files.entry(VdfScan.MANIFEST) != null) {
      return new VdfScan(files, options).scan();
    }
    if (may(Shape.JSONL_FOLDER) && files.entry(ManifestScan.MANIFEST) != null) {
      JsonNode manifest = JsonFile.read(files, ManifestScan.MANIFEST);
      if (ManifestScan.is(manifest)) {
        return new ManifestScan(files, options).scan(manifest);
      }
    }
    SourceFiles.Entry documents = files.entry(DatasetScan.DOCUMENTS);
    if (may(Shape.PINECONE_DATASET)
        && files.entry(DatasetScan.MANIFEST) != null
        && documents != null
        && documents.folder()) {
      return new DatasetScan(files, options).scan();
    }
    return new TreeScan(files, options).scan(declared(files));
  }

  /** True for the folder of an index of ours. */
  static boolean isIndex(List<SourceFiles.Entry> entries) {
    boolean described = false;
    boolean namespaces = false;
    for (SourceFiles.Entry entry : entries) {
      described |= !entry.folder() && entry.name().equals("index.json");
      namespaces |= entry.folder() && entry.name().equals("ns");
    }
    return described && namespaces;
  }

  private boolean may(Shape shape) {
    return options.shape() == null || options.shape() == shape;
  }

  /** What small JSON files in the folder say about the index. */
  static Declared declared(SourceFiles files) throws IOException {
    Description description = new Description();
    for (SourceFiles.Entry entry : files.list("")) {
      if (!entry.folder()
          && !entry.hidden()
          && entry.name().endsWith(".json")
          && entry.bytes() >= 0
          && entry.bytes() <= MAX_DESCRIPTION) {
        try {
          description.add(files.describe(entry.path()), JsonFile.read(files, entry.path()));
        } catch (CorruptException e) {
          // An export may lie here too, in lines or cut short: its reader will say so.
        }
      }
    }
    return description.declared();
  }
}
