/**
 * Verification of one slab: structure, checksums, agreement of its parts, and sections built anew
 * and compared. Checks report damage and never repair it. Objects of an index other than slabs are
 * verified in the module slab-index.
 */
package io.slab.check;
