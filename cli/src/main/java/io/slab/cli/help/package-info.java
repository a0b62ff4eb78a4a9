/**
 * What explains the verbs: help, topics, manual pages, and the model of their options. Runs no
 * verb.
 */
package io.slab.cli.help;
