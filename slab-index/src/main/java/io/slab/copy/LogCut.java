package io.slab.copy;

import io.slab.error.MissingException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.WalLog;
import java.util.List;
import java.util.stream.Stream;

/**
 * The log objects to copy before and after the manifests.
 *
 * <p>Up to the newest manifest they come before it, so that they continue what is there; the last
 * of them is the anchor of the numbers. Where the source has not all of them any more there would
 * be a hole for readers of the older manifest, and the anchor comes afterwards.
 */
record LogCut(List<Long> before, List<Long> after) {
  /**
   * @param newest the manifest that is copied
   * @param there the newest one at the destination, or null
   */
  static LogCut of(NamespaceManifest newest, NamespaceManifest there, WalLog wal, WalLog walThere) {
    long flushed = newest.walFlushedThrough();
    long known = flushed - 1;
    if (there != null) {
      List<Long> numbers = walThere.listAfter(there.walFlushedThrough());
      long lastThere = numbers.isEmpty() ? there.walFlushedThrough() : numbers.getLast();
      known = Math.min(known, lastThere);
    }
    List<Long> all = wal.listAfter(known);
    if (all.isEmpty()) {
      throw new MissingException(
          wal.name(flushed), -1, "neither it nor a higher one", "the end of the log");
    }
    List<Long> early = all.stream().filter(number -> number <= flushed).toList();
    List<Long> late = all.stream().filter(number -> number > flushed).toList();
    if (there == null || early.size() == flushed - known) {
      return new LogCut(early, late);
    }
    return new LogCut(List.of(), all.stream().filter(number -> number >= flushed).toList());
  }

  /** The same without what came after a state that is all in slabs. */
  LogCut through(long last) {
    return new LogCut(
        before.stream().filter(number -> number <= last).toList(),
        after.stream().filter(number -> number <= last).toList());
  }

  List<Long> all() {
    return Stream.concat(before.stream(), after.stream()).toList();
  }
}
