/** JSON of requests and answers: vectors as a stream, all the rest as trees. */
package io.slab.serve.json;
