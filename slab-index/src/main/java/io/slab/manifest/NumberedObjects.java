package io.slab.manifest;

import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import java.util.List;

/**
 * How long numbered objects stay, and what readers conclude from that (spec/index.md, R-12 and
 * who listed a folder a short while ago, and is told that the next number is not there,
 * knows that it never was, since gc may not have deleted it yet.
 */
public final class NumberedObjects {
  /** Gc deletes none that is younger than this, or whose successor is; milliseconds. */
  public static final long KEPT_MILLIS = 3_600_000;

  /** For so long after a listing the absence of the next number is a proof; milliseconds. */
  public static final long PROOF_MILLIS = 1_800_000;

  private NumberedObjects() {}

  /**
   * Whether one of several objects of a sequence may be deleted as far as its age matters.
   *
   * @param objects all of the sequence that are there, ascending; the last one never may
   * @param now by the clock that stamped them
   */
  public static boolean oldEnough(List<ObjectInfo> objects, int index, long now) {
    return index + 1 < objects.size()
        && old(objects.get(index), now)
        && old(objects.get(index + 1), now);
  }

  private static boolean old(ObjectInfo object, long now) {
    // The time may be that of a store that knows none: the largest number there is.
    return object.modifiedMillis() <= now - KEPT_MILLIS;
  }

  /**
   * Whether the absence of the next number proves that a listing still shows the newest object.
   *
   * @param listedMillis when the listing was answered
   * @param absentMillis when the store said that the next number is not there; both by its clock
   */
  public static boolean proves(long listedMillis, long absentMillis) {
    return listedMillis != Listing.UNDATED
        && absentMillis >= listedMillis
        && absentMillis - listedMillis < PROOF_MILLIS;
  }

  /**
   * Name of the object whose absence is asked for.
   *
   * @param folder of the sequence, with a slash at its end
   * @param objects what a listing showed of it
   * @return null when there is none: of the log and of manifests the first one is always listed
   */
  public static String next(String folder, List<ObjectInfo> objects) {
    String suffix = folder.endsWith("/wal/") ? ".wal" : ".json";
    ObjectSequence sequence = new ObjectSequence(null, folder, suffix);
    long highest = -1;
    for (ObjectInfo object : objects) {
      highest = Math.max(highest, sequence.number(object.fileName()));
    }
    if (highest < 0 && folder.equals(SettingsLog.FOLDER)) {
      highest = 0; // An index begins without settings; their first number is 1.
    }
    return highest < 0 || highest == Long.MAX_VALUE ? null : sequence.name(highest + 1);
  }

  /** Whether a folder holds numbered objects and nothing else. */
  public static boolean areIn(String folder) {
    return folder.equals(SettingsLog.FOLDER)
        || (folder.startsWith(NamespaceNames.ROOT)
            && (folder.endsWith("/wal/") || folder.endsWith("/manifest/")));
  }
}
