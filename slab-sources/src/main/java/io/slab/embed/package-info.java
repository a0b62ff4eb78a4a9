/**
 * Vectors of texts, by a model that is not ours: an interface, a client of servers that speak
 * OpenAI's API, a program that runs beside, and a reader that fills in the vectors of records.
 * Which of them is used, and where, is never read from an index.
 */
package io.slab.embed;
