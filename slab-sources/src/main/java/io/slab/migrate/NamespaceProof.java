package io.slab.migrate;

import java.util.List;

/**
 * What a verification found in one namespace.
 *
 * @param namespace its name
 * @param compared records of the source that were compared, duplicates included
 * @param equal ids whose last record in the source is in the target bit for bit
 * @param different ids whose record in the target is another
 * @param missing records of the source whose id is not in the target
 * @param others records of the target that the source does not have
 * @param examples ids that differ or are missing, some
 * @param queries sampled queries that were asked of both
 * @param agreed those to which both gave the same ids and scores in the same order
 * @param disagreement what was different in the first that did not agree, or null
 */
public record NamespaceProof(
    String namespace,
    long compared,
    long equal,
    long different,
    long missing,
    long others,
    List<String> examples,
    int queries,
    int agreed,
    String disagreement) {
  public NamespaceProof {
    examples = List.copyOf(examples);
  }

  /** True when the target holds what the source holds. */
  public boolean holds() {
    return different == 0 && missing == 0 && agreed == queries;
  }
}
