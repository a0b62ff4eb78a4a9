package io.slab.search;

import io.slab.format.section.SparseIndex;
import io.slab.format.section.SparsePostings;
import io.slab.model.SparseVector;
import java.util.Arrays;

/**
 * The dimensions of one query as one slab's inverted index has them, in ascending order, and what
 * the rows of each window can score at most. Immutable, shared by all threads.
 *
 * <p>Why bounds prune nothing that belongs to the answer. Products of two floats are exact in
 * double. Let T be the number of dimensions found, S the sum over them of |query weight| times the
 * largest |weight| in the slab, and u = 2^-53. Any sum of a row's products, in any order, differs
 * from the true one by at most g S with g = (T - 1) u / (1 - (T - 1) u) (Higham, Accuracy and
 * Stability, 4.2); so does the canonical score, so does a sum of bounds, and adding the two or
 * subtracting either from a floor that is not itself beyond 4 S costs at most 12 u S more. {@link
 * #margin} is (T + 4) 4 u S, which is more than all of it. A floor beyond 4 S is out of reach of
 * every row of the slab with or without rounding, and one below -4 S excludes none.
 */
final class SparseLookup {
  private final SparseIndex index;
  private final SparsePostings[] terms;
  private final double[] weights;
  private final long postings;
  private final double margin;

  private SparseLookup(SparseIndex index, SparsePostings[] terms, double[] weights) {
    this.index = index;
    this.terms = terms;
    this.weights = weights;
    long sum = 0;
    double reach = 0;
    for (int t = 0; t < terms.length; t++) {
      sum += terms[t].size();
      reach += Math.abs(weights[t]) * terms[t].largest();
    }
    postings = sum;
    margin = (terms.length + 4) * 0x1p-51 * reach;
  }

  static SparseLookup of(SparseIndex index, SparseVector query) {
    SparsePostings[] terms = new SparsePostings[query.size()];
    double[] weights = new double[query.size()];
    int found = 0;
    index.announce(query.indices());
    for (int i = 0; i < query.size(); i++) {
      SparsePostings postings = index.find(query.indices()[i]);
      if (postings != null) {
        terms[found] = postings;
        weights[found++] = query.weights()[i];
      }
    }
    return new SparseLookup(index, Arrays.copyOf(terms, found), Arrays.copyOf(weights, found));
  }

  int terms() {
    return terms.length;
  }

  SparsePostings term(int t) {
    return terms[t];
  }

  /** The query's weight of a dimension. */
  double weight(int t) {
    return weights[t];
  }

  /** Postings of all dimensions. */
  long postings() {
    return postings;
  }

  int rows() {
    return index.rows();
  }

  int windowRows() {
    return index.windowRows();
  }

  int windows() {
    return index.windows();
  }

  /** How far sums in any order can be from canonical scores, with what comparing them costs. */
  double margin() {
    return margin;
  }

  /** What a row of the listed window {@code i} can gain by a dimension; 0 is without it. */
  double gain(int t, int i) {
    return Math.max(0, Math.max(weights[t] * terms[t].max(i), weights[t] * terms[t].min(i)));
  }
}
