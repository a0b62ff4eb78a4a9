/**
 * The interactive shell: lines, dot commands, terminal and completion. Its commands are the verbs.
 */
package io.slab.cli.shell;
