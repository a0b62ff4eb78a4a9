/** Backups and collections, which are copies of indexes, and the jobs that make indexes of them. */
package io.slab.serve.backup;
