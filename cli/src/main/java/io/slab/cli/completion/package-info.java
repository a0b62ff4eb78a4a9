/** Completions for bash, fish and zsh, and the words of an index that they ask for. */
package io.slab.cli.completion;
