package io.slab.erase;

import io.slab.erase.EraseResult.Left;
import io.slab.erase.EraseResult.Until;
import io.slab.error.SlabException;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.ObjectInfo;
import io.slab.store.OldVersion;
import java.util.ArrayList;
import java.util.List;

/** What a store keeps of a namespace besides its objects. One thread only. */
final class OldVersions {
  private final NamespaceHandle namespace;
  private int removed;

  OldVersions(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** Folders in which objects may say something of records. */
  private List<String> folders() {
    return List.of(
        namespace.names().slabFolder(),
        namespace.names().walFolder(),
        namespace.names().manifestFolder(),
        namespace.names().deletesFolder(),
        namespace.names().quarantineFolder());
  }

  /** Deletes what repairs set aside; returns how many objects. */
  int dropQuarantine() {
    int dropped = 0;
    String folder = namespace.names().quarantineFolder();
    for (ObjectInfo object : Waits.objects(namespace, folder)) {
      namespace.store().delete(object.name());
      dropped++;
    }
    return dropped;
  }

  /** Deletes the versions of deleted objects; what cannot be is returned. */
  List<Left> remove() {
    List<Left> left = new ArrayList<>();
    for (String folder : folders()) {
      try {
        for (OldVersion version : namespace.store().oldVersions(folder)) {
          namespace.store().deleteVersion(version);
          removed++;
        }
      } catch (SlabException e) {
        left.add(
            new Left(
                folder, "old versions of deleted objects: " + e.getMessage(), Until.CAUSE, -1));
      }
    }
    return left;
  }

  int removed() {
    return removed;
  }
}
