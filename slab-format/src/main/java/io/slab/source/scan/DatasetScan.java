package io.slab.source.scan;

import io.slab.json.JsonNode;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a pinecone-datasets folder: {@code metadata.json}, documents and queries. */
final class DatasetScan {
  static final String MANIFEST = "metadata.json";
  static final String DOCUMENTS = "documents";

  private final SourceFiles files;
  private final ScanOptions options;

  DatasetScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  Source scan() throws IOException {
    Description description = new Description();
    JsonNode manifest = JsonFile.read(files, MANIFEST);
    description.from(files.describe(MANIFEST));
    description.facts(manifest);
    String name = JsonFile.text(manifest, "name");
    if (name != null) {
      description.fact("dataset", name);
    }
    description.dimension(JsonFile.number(JsonFile.member(manifest, "dense_model"), "dimension"));
    description.count(JsonFile.number(manifest, "documents"));
    List<SourcePart> parts = new ArrayList<>();
    Set<String> notices = new LinkedHashSet<>();
    for (SourceFiles.Entry file : files.list(DOCUMENTS)) {
      if (!file.folder() && file.name().endsWith(".parquet")) {
        Found found = new ParquetScan(files, options.fields()).scan(file, null);
        parts.add(found.part());
        notices.addAll(found.notices());
      }
    }
    return new Source(
        files.location(),
        Shape.PINECONE_DATASET,
        parts,
        description.declared(),
        List.copyOf(notices),
        false);
  }
}
