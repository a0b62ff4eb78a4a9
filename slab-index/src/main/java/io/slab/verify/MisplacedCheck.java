package io.slab.verify;

import io.slab.check.Findings;
import io.slab.error.CorruptException;
import io.slab.manifest.IndexListing;
import io.slab.manifest.NamespaceNames;
import io.slab.objects.ObjectName;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.List;

/**
 * Reports what stands where an object or a folder of an index belongs and is none, as a folder
 * under the name of a log object, or a file in place of the log's folder: no process can read or
 * write such an index until it is moved away.
 */
final class MisplacedCheck {
  private final boolean readable;
  private final boolean none;
  private final long highestManifest;

  private MisplacedCheck(boolean readable, boolean none, long highestManifest) {
    this.readable = readable;
    this.none = none;
    this.highestManifest = highestManifest;
  }

  /** Looks at all folders of a namespace. */
  static MisplacedCheck namespace(ObjectStore store, NamespaceNames names, Findings findings) {
    long before = findings.errors();
    boolean readable = true;
    for (String folder :
        List.of(
            names.manifestFolder(), names.slabFolder(), names.deletesFolder(), names.walFolder())) {
      readable &= folder(store, folder, findings);
    }
    long highest = -1;
    if (readable) {
      for (CorruptException e : store.misplaced(names.manifestFolder())) {
        highest = Math.max(highest, ObjectName.number(e.resource()));
      }
    }
    return new MisplacedCheck(readable, findings.errors() == before, highest);
  }

  /**
   * Looks at one folder.
   *
   * @return false when it cannot be listed, being no folder
   */
  static boolean folder(ObjectStore store, String folder, Findings findings) {
    try {
      store.misplaced(folder).forEach(findings::misplaced);
      return true;
    } catch (CorruptException e) {
      findings.misplaced(e);
      return false;
    }
  }

  /** The folders of the namespaces; none where they cannot be listed. */
  static List<String> namespaces(ObjectStore store, Findings findings) {
    try {
      if (!store.isRemote()) {
        store.list(NamespaceNames.ROOT, null).forEach(file -> namespace(file, findings));
      }
      return IndexListing.remains(store.passingMisplaced(), store.retry());
    } catch (CorruptException e) {
      findings.misplaced(e);
      return List.of();
    }
  }

  private static void namespace(ObjectInfo file, Findings findings) {
    if (NamespaceNames.decode(file.fileName()) != null) {
      findings.warning(file.name(), null, -1, "a file where the folder of a namespace would be");
    }
  }

  /** False when a folder of the namespace is none, so that nothing can be checked. */
  boolean readable() {
    return readable;
  }

  /** True when nothing was reported. */
  boolean none() {
    return none;
  }

  /** True when what has the name of a manifest, and is none, has a higher number than this one. */
  boolean hidesManifestAfter(long manifest) {
    return highestManifest > manifest;
  }
}
