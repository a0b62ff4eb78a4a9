/**
 * The verbs, one class for each, and the options that several of them share. A verb reads its
 * options, calls the modules below and hands documents to {@code output}. How a document is printed
 * or a report is worded is not decided here.
 */
package io.slab.cli.command;
