/**
 * What happens before {@link io.slab.cli.Main} starts: the flags of Java, what a first start on a
 * machine prepares, and the distribution that a build makes. The scripts are in {@code
 * src/launcher}.
 */
package io.slab.cli.launch;
