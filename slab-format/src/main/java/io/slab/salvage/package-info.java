/**
 * What can be read of a damaged slab: which rows are whole, which are lost and by what name, which
 * deletes it still tells. Nothing is mended or written here; that is the work of repair in the
 * module slab-index, of exports and of queries, which all ask this one place.
 */
package io.slab.salvage;
