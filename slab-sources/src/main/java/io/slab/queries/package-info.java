/**
 * Files of queries and of right answers, for batches of queries and for measuring. Files of records
 * are not read here.
 */
package io.slab.queries;
