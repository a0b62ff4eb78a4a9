/**
 * A whole slab: {@link io.slab.format.SlabBuilder} writes one from rows in id order, and {@link
 * io.slab.format.SlabReader} opens one as a {@link io.slab.format.SlabView}. Searching is not here
 * ({@link io.slab.search}), nor is what stands around a slab in an index (the module slab-index).
 */
package io.slab.format;
