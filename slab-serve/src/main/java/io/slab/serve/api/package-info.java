/** What both protocols share: versions, errors and their numbers. Nothing here reads or writes. */
package io.slab.serve.api;
