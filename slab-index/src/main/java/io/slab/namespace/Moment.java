package io.slab.namespace;

import io.slab.manifest.NamespaceManifest;
import io.slab.wal.WalLayout;

/**
 * A state of a namespace: a manifest, and the log after it up to one object. Immutable.
 *
 * @param manifest the newest one at that moment
 * @param walThrough number of the last log object that counts, that of {@code walFlushedThrough}
 *     where the manifest is all of it
 */
public record Moment(NamespaceManifest manifest, long walThrough) {
  /** The state that a manifest describes, without the log after it. */
  static Moment of(NamespaceManifest manifest) {
    return new Moment(manifest, manifest.walFlushedThrough());
  }

  /** True when the manifest is all of it. */
  public boolean isManifest() {
    return walThrough == manifest.walFlushedThrough();
  }

  /** Every write with an LSN up to this one is in the state, and no other. */
  public long lsn() {
    return WalLayout.firstLsn(walThrough + 1) - 1;
  }
}
