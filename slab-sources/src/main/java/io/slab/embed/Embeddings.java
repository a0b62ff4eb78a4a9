package io.slab.embed;

import java.util.List;

/**
 * What a model answered.
 *
 * @param vectors one for each text, in the order of the texts
 * @param tokens how many tokens the texts had by the model's own count, or -1 where it does not say
 */
public record Embeddings(List<float[]> vectors, long tokens) {}
