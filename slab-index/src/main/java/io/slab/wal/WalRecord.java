package io.slab.wal;

/**
 * One operation as it lies in a WAL object.
 *
 * @param op one of the {@code OP_} numbers of {@link WalLayout}, or an unknown one
 * @param flags the {@code FLAG_} bits
 * @param payload what the operation needs; must not be changed
 */
public record WalRecord(int op, int flags, byte[] payload) {}
