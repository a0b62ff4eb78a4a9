package io.slab.namespace;

import io.slab.manifest.DeletionVector;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.store.ObjectStore;
import java.util.List;
import java.util.Objects;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Reads the rows that manifests call dead. Thread-safe. */
final class DeadRows {
  private final ObjectStore store;
  private final NamespaceNames names;

  DeadRows(ObjectStore store, NamespaceNames names) {
    this.store = store;
    this.names = names;
  }

  /** Fetches at once, where the store is remote, what {@link #of} reads of all slabs. */
  void announce(NamespaceManifest manifest) {
    if (store.isRemote()) {
      store.announce(
          List.of(),
          manifest.slabs().stream()
              .map(slab -> slab.deletes().file())
              .filter(Objects::nonNull)
              .map(file -> names.deletesFolder() + file)
              .toList());
    }
  }

  /** The rows of a slab that a manifest calls dead; the caller's to change. */
  MutableRoaringBitmap of(NamespaceManifest manifest, SlabEntry entry) {
    SlabDeletes deletes = entry.deletes();
    if (deletes.cardinality() == 0) {
      return new MutableRoaringBitmap();
    }
    if (deletes.inline() != null) {
      String resource = "manifest " + manifest.id() + ", deletes of slab " + entry.id();
      return DeletionVector.decode(resource, deletes.inline(), entry.rows(), deletes.cardinality());
    }
    String name = names.deletesFolder() + deletes.file();
    byte[] bytes = store.read(name, DeletionVector.maxFileBytes());
    long writtenFor = NamespaceNames.deletesManifest(deletes.file());
    return DeletionVector.decodeFile(
        name, entry.id(), writtenFor, entry.rows(), deletes.cardinality(), bytes);
  }
}
