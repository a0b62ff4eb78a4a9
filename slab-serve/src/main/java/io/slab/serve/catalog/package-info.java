/** The indexes below ROOT: found, made, described and ended, and what of each is held open. */
package io.slab.serve.catalog;
