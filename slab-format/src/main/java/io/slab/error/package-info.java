/**
 * The failures that the library reports, one class for each kind of trouble and each with an exit
 * code of its own in the command line. Messages say what is wrong, where, and what to do next.
 * Errors of a caller's program (a bad argument) are Java's own exceptions and are not here. This
 * package knows no other.
 */
package io.slab.error;
