/**
 * Removal of files that no state in use needs, by a list of condemned files in the manifest. It
 * removes files of one namespace; the removal of a whole index is in {@link io.slab.index}.
 */
package io.slab.gc;
