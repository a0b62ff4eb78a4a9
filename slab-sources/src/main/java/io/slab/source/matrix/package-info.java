/**
 * Matrices of other programs (NumPy, fvecs, bvecs, ivecs) as records, one a row, with ids from a
 * file beside them.
 */
package io.slab.source.matrix;
