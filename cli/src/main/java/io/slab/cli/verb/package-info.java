/**
 * What a verb is, and what surrounds one run of it: names, options of every verb, session, console,
 * failures. The verbs themselves are in {@code command}, {@code completion} and {@code shell}.
 */
package io.slab.cli.verb;
