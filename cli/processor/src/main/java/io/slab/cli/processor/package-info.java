/**
 * The annotation processor that runs inside the compiler of the command line and writes the binding
 * of options to fields. Nothing of it is in the distribution; what the bindings call is in {@code
 * io.slab.cli.verb}.
 */
package io.slab.cli.processor;
