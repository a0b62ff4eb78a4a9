package io.slab.copy;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.WalLog;
import io.slab.model.Ulid;

/**
 * Makes sure that what a destination holds of a namespace is an earlier state of the source, so
 * that copying goes on from there and overwrites nothing.
 */
final class Ancestry {
  private final String place;
  private final ManifestLog source;
  private final WalLog sourceWal;

  Ancestry(String place, ManifestLog source, WalLog sourceWal) {
    this.place = place;
    this.source = source;
    this.sourceWal = sourceWal;
  }

  /**
   * @param newest at the source
   * @param there newest at the destination
   * @param wal of the destination
   * @throws ConflictException unless the destination has nothing that the source has not
   */
  void require(NamespaceManifest newest, NamespaceManifest there, WalLog wal) {
    if (there.id() > newest.id() || !there.commit().equals(commit(newest, there.id()))) {
      throw apart("its manifest " + there.id() + " is not one of the source's");
    }
    for (long number : wal.listAfter(there.walFlushedThrough())) {
      if (!wal.read(number).commit().equals(walCommit(newest, number))) {
        throw apart("its log object " + number + " is not one of the source's");
      }
    }
  }

  /** The commit of a manifest of the source, or null when it is not known any more. */
  private Ulid commit(NamespaceManifest newest, long id) {
    for (Change change : newest.history()) {
      if (change.id() == id) {
        return change.commit();
      }
    }
    try {
      return source.read(id).commit();
    } catch (MissingException e) {
      return null;
    }
  }

  private Ulid walCommit(NamespaceManifest newest, long number) {
    for (WalCommit flushed : newest.walHistory()) {
      if (flushed.sequence() == number) {
        return flushed.commit();
      }
    }
    try {
      return sourceWal.read(number).commit();
    } catch (MissingException e) {
      return null;
    }
  }

  private ConflictException apart(String why) {
    return new ConflictException(
        "what is at " + place + " is no earlier state of the source: " + why,
        "it was written to since it was copied, or too long ago: copy to another place");
  }
}
