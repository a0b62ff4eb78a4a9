package io.slab.objects;

import io.slab.bytes.ByteCursor;
import io.slab.error.CorruptException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexListing;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalReader;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks into single objects other than slabs, offline, and over the folders of an index. Objects
 * are checked as they are read: what is shown is what was written. Stateless.
 */
public final class ObjectInspector {
  private ObjectInspector() {}

  /** A WAL object; its number comes from its content, so that a renamed copy can be read too. */
  public static WalInfo wal(ByteSource source) {
    byte[] content = content(source, WalLayout.MAX_BYTES);
    ByteCursor in = new ByteCursor(source.name(), content);
    in.seek(Math.min(48, content.length));
    long number = in.u64("first LSN") >>> WalLayout.LSN_SHIFT;
    return WalInfo.of(
        source.name(), content.length, WalReader.decode(source.name(), number, content));
  }

  /** A namespace manifest; its number comes from its content. */
  public static NamespaceManifest manifest(ByteSource source) {
    byte[] content = content(source, ManifestJson.MAX_BYTES);
    JsonNode id = Json.parseStored(source.name(), content).get("id");
    long number = ObjectName.number(id != null && id.isString() ? id.stringValue() : "");
    return ManifestJson.decode(source.name(), number, content);
  }

  /** A deletion vector; the manifest number, which its checksum needs, comes from its name. */
  public static DeletionVectorInfo deletionVector(ByteSource source) {
    byte[] content = content(source, DeletionVector.maxFileBytes());
    ByteCursor in = new ByteCursor(source.name(), content);
    in.seek(Math.min(16, content.length));
    Ulid slab = in.ulid("slab id");
    long cardinality = in.u64("cardinality");
    long manifest = ObjectName.manifestOf(source.name());
    return new DeletionVectorInfo(
        source.name(),
        content.length,
        slab,
        manifest,
        cardinality,
        DeletionVector.decodeFile(
            source.name(), slab, manifest, Integer.MAX_VALUE, cardinality, content));
  }

  /** A JSON object of any kind, {@code index.json} for one. */
  public static JsonNode json(ByteSource source) {
    return Json.parseStored(source.name(), content(source, ManifestJson.MAX_BYTES));
  }

  private static byte[] content(ByteSource source, long limit) {
    if (source.length() > limit) {
      throw new CorruptException(
          source.name(), -1, source.length() + " bytes", "at most " + limit + " bytes");
    }
    return source.read(0, source.length()).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * All namespaces of an index, in the order of their folders; reads the newest manifest of each.
   */
  public static List<NamespaceInfo> namespaces(ObjectStore store) {
    List<NamespaceInfo> namespaces = new ArrayList<>();
    for (String folder : IndexListing.namespaces(store, store.retry())) {
      String name = NamespaceNames.decode(folder);
      namespaces.add(
          name == null
              ? new NamespaceInfo(null, folder, null, 0, 0, 0, 0, 0, 0)
              : namespace(store, folder, new NamespaceNames(name)));
    }
    return namespaces;
  }

  private static NamespaceInfo namespace(ObjectStore store, String folder, NamespaceNames names) {
    ObjectSequence sequence = new ObjectSequence(store, names.manifestFolder(), ".json");
    List<Long> manifests = sequence.listAfter(-1);
    NamespaceManifest newest = null;
    if (!manifests.isEmpty()) {
      long id = manifests.getLast();
      newest =
          ManifestJson.decode(sequence.name(id), id, sequence.read(id, ManifestJson.MAX_BYTES));
    }
    List<Long> wal = new ObjectSequence(store, names.walFolder(), ".wal").listAfter(-1);
    long flushed = newest == null ? -1 : newest.walFlushedThrough();
    List<ObjectInfo> slabs = store.list(names.slabFolder(), null);
    return new NamespaceInfo(
        names.namespace(),
        folder,
        newest,
        manifests.size(),
        wal.size(),
        wal.stream().filter(number -> number > flushed).count(),
        slabs.size(),
        slabs.stream().mapToLong(ObjectInfo::size).sum(),
        store.list(names.deletesFolder(), null).size());
  }
}
