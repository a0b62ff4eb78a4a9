/**
 * Measuring of queries in one process: what {@code slab bench} runs, and what it says about the
 * machine. Harnesses for developers are in the module bench.
 */
package io.slab.measure;
