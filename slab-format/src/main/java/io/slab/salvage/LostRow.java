package io.slab.salvage;

/**
 * A record that cannot be read whole.
 *
 * @param row its row in the slab, or -1 where the damage hides which one it is
 * @param id UTF-8 bytes of its id, or null where they cannot be read
 * @param lsn of the write that made it, or -1 where that cannot be read
 */
public record LostRow(int row, byte[] id, long lsn) {}
