/** What stands before every request: keys, places to work at, counts and the log. */
package io.slab.serve.gateway;
