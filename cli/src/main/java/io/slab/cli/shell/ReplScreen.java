package io.slab.cli.shell;

/**
 * How large a terminal is.
 *
 * @param width characters of a line; 0 where the terminal does not say
 * @param height lines; 0 where the terminal does not say
 */
record ReplScreen(int width, int height) {}
