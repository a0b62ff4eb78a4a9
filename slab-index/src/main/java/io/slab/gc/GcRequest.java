package io.slab.gc;

/**
 * What garbage collection may take.
 *
 * @param minAgeMillis objects of any kind that are younger than this stay: a writer may be about to
 *     name them, a reader may have begun before they were replaced. Of manifests and the log those
 *     that are younger than an hour stay in any case
 * @param keepManifests so many of the newest manifests stay readable with all they name
 * @param maxDeletes stop after so many objects
 * @param dryRun only say what would go
 */
public record GcRequest(long minAgeMillis, int keepManifests, int maxDeletes, boolean dryRun) {
  /** A day: longer than any reader or writer is expected to hold on to a manifest. */
  public static final long DEFAULT_MIN_AGE_MILLIS = 24L * 60 * 60 * 1000;

  public GcRequest {
    if (minAgeMillis < 0 || keepManifests < 1 || maxDeletes < 0) {
      throw new IllegalArgumentException("negative limits, or no manifest kept");
    }
  }

  public static GcRequest standard() {
    return new GcRequest(DEFAULT_MIN_AGE_MILLIS, 1, Integer.MAX_VALUE, false);
  }
}
