package io.slab;

/**
 * An acknowledged write: it is on storage, and every snapshot taken from now on, by any process,
 * has it. Immutable and thread-safe.
 *
 * @param firstLsn log sequence number of its first operation
 * @param lastLsn of its last one; {@link Snapshot#lsn} of a snapshot that has it is not smaller
 * @param operations how many
 */
public record Commit(long firstLsn, long lastLsn, int operations) {}
