/**
 * Wrong words on a command line: the error, the nearest right word, and the exit codes. Knows no
 * verb and no option.
 */
package io.slab.cli.usage;
