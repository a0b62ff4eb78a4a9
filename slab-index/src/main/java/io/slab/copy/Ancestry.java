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
 * that copying goes on from there and overwrites nothing. What gc committed at the destination
 * changes nothing of the state.
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
   * @return the last commit at the destination that is one of the source's
   * @throws ConflictException unless the destination has nothing that the source has not
   */
  Ulid require(NamespaceManifest newest, NamespaceManifest there, WalLog wal) {
    Change last = lastCommon(newest, there);
    if (last == null) {
      throw apart("its manifest " + there.id() + " is not one of the source's");
    }
    for (long number : wal.listAfter(there.walFlushedThrough())) {
      if (!wal.read(number).commit().equals(walCommit(newest, number))) {
        throw apart("its log object " + number + " is not one of the source's");
      }
    }
    return last.commit();
  }

  /** The last change at the destination that the source knows, if only gc made others since. */
  private Change lastCommon(NamespaceManifest newest, NamespaceManifest there) {
    for (Change change : there.history().reversed()) {
      if (isSources(newest, change)) {
        return change;
      }
      if (!change.operation().equals(NamespaceManifest.GC)) {
        return null;
      }
    }
    return null;
  }

  private boolean isSources(NamespaceManifest newest, Change change) {
    if (newest.history().stream().anyMatch(c -> c.commit().equals(change.commit()))) {
      return true;
    }
    if (change.id() >= newest.history().getFirst().id()) {
      return false;
    }
    try {
      return source.read(change.id()).commit().equals(change.commit());
    } catch (MissingException e) {
      return false;
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
