package io.slab.source.scan;

import io.slab.error.MissingException;
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
import java.util.TreeSet;

/** Reads a folder of JSON lines, packed or not, with a manifest that names a file per namespace. */
final class ManifestScan {
  static final String MANIFEST = "manifest.json";

  private final SourceFiles files;
  private final ScanOptions options;
  private final Description description = new Description();
  private final List<SourcePart> parts = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();
  private final Set<String> named = new TreeSet<>();

  ManifestScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    this.options = options;
  }

  /** True for a manifest of this kind. */
  static boolean is(JsonNode manifest) {
    boolean[] named = {false};
    JsonNode namespaces = JsonFile.member(manifest, "namespaces");
    if (namespaces != null && namespaces.isObject()) {
      namespaces.forEachEntry((name, entry) -> named[0] |= JsonFile.text(entry, "file") != null);
    }
    return named[0];
  }

  Source scan(JsonNode manifest) throws IOException {
    description.from(files.describe(MANIFEST));
    description.facts(manifest);
    JsonNode index = JsonFile.member(manifest, "index");
    if (index != null) {
      description.index(index);
    }
    description.count(JsonFile.number(manifest, "total_vectors"));
    List<String> names = new ArrayList<>();
    JsonNode namespaces = manifest.get("namespaces");
    namespaces.forEachEntry((name, entry) -> names.add(name));
    for (String name : names) {
      add(name, namespaces.get(name));
    }
    FolderRest rest = FolderRest.of(files, options, MANIFEST, named);
    notices.addAll(rest.notices());
    return new Source(
        files.location(),
        Shape.JSONL_FOLDER,
        parts,
        description.declared(),
        List.copyOf(notices),
        false,
        rest.unread());
  }

  private void add(String namespace, JsonNode entry) throws IOException {
    String path = JsonFile.text(entry, "file");
    long count = JsonFile.number(entry, "count");
    boolean outside =
        path == null || path.startsWith("/") || List.of(path.split("/")).contains("..");
    SourceFiles.Entry file = outside ? null : files.entry(path);
    if (file == null || file.folder()) {
      throw new MissingException(
          files.describe(MANIFEST), -1, "the file " + path + ", which is not there", "a file");
    }
    if (count >= 0) {
      description.namespace(namespace, count);
    }
    named.add(path);
    FileScan scan = new FileScan(files, options.withShape(null));
    FileKind kind = FileKind.of(files, path);
    // A file that is said to be empty is believed only when it is.
    if (count == 0 && kind == FileKind.EMPTY) {
      return;
    }
    Place place = Place.of(namespace);
    Found found = count == 0 ? scan.look(file, kind, place) : scan.scan(file, place);
    if (found == null) {
      return;
    }
    SourcePart part = found.part();
    String sha256 = JsonFile.text(entry, "sha256");
    SourcePart.Opener opener =
        sha256 == null
            ? part.opener()
            : read -> {
              CheckedFile.check(files, path, sha256);
              return part.open(read);
            };
    parts.add(new SourcePart(part.name(), namespace, part.bytes(), count, opener, part.numbers()));
    notices.addAll(found.notices());
  }
}
