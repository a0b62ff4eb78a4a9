/**
 * Harnesses for developers, each with a {@code main}: single stages of the program beside what the
 * machine can do at most (bench/README.md has the figures). None of it is in the distribution; what
 * {@code slab bench} runs is in {@link io.slab.measure}.
 */
package io.slab.bench;
