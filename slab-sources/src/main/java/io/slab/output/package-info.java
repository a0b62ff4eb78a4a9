/**
 * Files that a user named for output: replaced as a whole or growing in place, and what is no file
 * written into. What is written is not known here.
 */
package io.slab.output;
