package io.slab.source.scan;

import io.slab.json.JsonNode;
import io.slab.source.RowNumbers;
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
import java.util.TreeSet;

/** Reads a pinecone-datasets folder: {@code metadata.json}, documents and queries. */
final class DatasetScan {
  static final String MANIFEST = "metadata.json";
  static final String DOCUMENTS = "documents";

  /** Questions that go with the documents. */
  private static final String QUERIES = "queries/";

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
    Set<String> named = new TreeSet<>(Set.of(QUERIES));
    for (SourceFiles.Entry file : files.list(DOCUMENTS)) {
      if (!file.folder() && !file.hidden() && file.name().endsWith(".parquet")) {
        Found found = new ParquetScan(files, options.fields(), RowNumbers.usual()).scan(file, null);
        parts.add(found.part());
        named.add(file.path());
        notices.addAll(found.notices());
      }
    }
    FolderRest rest = FolderRest.of(files, options, MANIFEST, named);
    notices.addAll(rest.notices());
    return new Source(
        files.location(),
        Shape.PINECONE_DATASET,
        parts,
        description.declared(),
        List.copyOf(notices),
        false,
        rest.unread());
  }
}
