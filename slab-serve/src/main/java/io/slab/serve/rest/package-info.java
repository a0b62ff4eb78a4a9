/** REST: which request means what, and how answers look in each version. */
package io.slab.serve.rest;
