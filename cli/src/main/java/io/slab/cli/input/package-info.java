/**
 * What users give to verbs besides options: texts of {@code @file} and stdin, numbers, vectors,
 * ids, names of files and addresses. It is read and checked here, and means nothing here. Files of
 * records are read by {@code slab-sources}.
 */
package io.slab.cli.input;
