/** The server: its options, and its start and end. Everything else is below this package. */
package io.slab.serve;
