/**
 * Copies an index or a namespace between two stores, object by object and in an order that leaves
 * an earlier state of the source at the destination at every moment. The bytes stay as they are:
 * exports to other formats are in the module slab-sources.
 */
package io.slab.copy;
