package io.slab.objects;

import io.slab.model.Ulid;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One deletion vector file.
 *
 * @param name the object
 * @param bytes its length
 * @param slab the slab whose rows it names
 * @param manifest number of the manifest that first named it
 * @param cardinality dead rows
 * @param dead their ordinals; never changed
 */
public record DeletionVectorInfo(
    String name,
    long bytes,
    Ulid slab,
    long manifest,
    long cardinality,
    ImmutableRoaringBitmap dead) {}
