/**
 * The parts of the campaign that need whole processes, real disks and time (docs/trust.md): kills,
 * local trouble, mixed load. The parts that run the code inside of a simulation are tests of
 * slab-index, in the package io.slab.trust there.
 */
package io.slab.bench.trust;
