/**
 * Requests to servers of other people: at most so many a second, each with a limit for its whole
 * answer, repeated when the server says. What an answer means is for the packages above.
 */
package io.slab.http;
