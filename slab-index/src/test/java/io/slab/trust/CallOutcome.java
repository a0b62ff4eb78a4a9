package io.slab.trust;

/** What becomes of one call to the store. */
enum CallOutcome {
  PASS,
  /** Fails without effect, and may succeed when it is repeated. */
  FAIL_BEFORE,
  /** Takes effect and fails all the same. */
  FAIL_AFTER,
  /** A create that fails, and takes effect later. */
  FAIL_LATE,
  /** The process dies; the call has no effect. */
  CRASH_BEFORE,
  /** The process dies; the call took effect. */
  CRASH_AFTER,
  /** The machine dies in the middle of a create: a part of the object is there. */
  CRASH_TORN;

  boolean crashes() {
    return this == CRASH_BEFORE || this == CRASH_AFTER || this == CRASH_TORN;
  }
}
