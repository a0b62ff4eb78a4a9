/**
 * The entry of the program: it finds the verb of a command line, runs it and turns its outcome into
 * an exit code. Here lives the list of verbs and nothing that a verb does.
 */
package io.slab.cli;
