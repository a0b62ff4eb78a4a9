package io.slab.writer;

/**
 * An acknowledged batch: it is on storage, and every snapshot taken from now on contains it.
 *
 * @param walSeq number of its WAL object
 * @param firstLsn LSN of its first operation
 * @param lastLsn LSN of its last operation
 * @param operations how many
 */
public record Commit(long walSeq, long firstLsn, long lastLsn, int operations) {}
