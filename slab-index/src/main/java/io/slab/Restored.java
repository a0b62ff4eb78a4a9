package io.slab;

/**
 * What a restore did. Immutable and thread-safe.
 *
 * @param manifest number of the manifest that has the earlier state
 * @param undo names the state before, for {@link History#restore}: it can be had as long as gc
 *     keeps it
 */
public record Restored(long manifest, String undo) {}
