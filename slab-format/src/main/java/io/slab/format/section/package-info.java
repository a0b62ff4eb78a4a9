/**
 * The contents of single sections of a slab: one layout, one reader and one writer for each kind.
 * Each layout class has the byte table. How sections find their place in a file is the business of
 * {@link io.slab.format.file}; how they work together as a slab that of {@link io.slab.format}. The
 * sections of an approximate index are in {@link io.slab.ann}.
 */
package io.slab.format.section;
