package io.slab.salvage;

import io.slab.format.SlabTombstones;

/**
 * The deletes of a slab that can be read.
 *
 * @param tombstones those that are whole
 * @param complete false when the slab carried others, or may have, that cannot be read
 */
public record ReadableDeletes(SlabTombstones tombstones, boolean complete) {}
