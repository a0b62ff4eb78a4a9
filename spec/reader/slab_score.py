"""Canonical scores and the order of answers (spec/semantics.md, section 3)."""

import math

from slab_bytes import f32


def _sum(terms):
    sums = [0.0, 0.0, 0.0, 0.0]
    for i, term in enumerate(terms):
        sums[i & 3] += term
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


def dot(a, b):
    return _sum(x * y for x, y in zip(a, b))


def norm_squared(a):
    return dot(a, a)


def _square_of_difference(x, y):
    difference = x - y
    return difference * difference


def distance(a, b):
    return _sum(map(_square_of_difference, a, b))


def cosine(a, b):
    aa, bb = dot(a, a), dot(b, b)
    if aa == 0 or bb == 0:
        return 0.0
    cosine_of = dot(a, b) / (math.sqrt(aa) * math.sqrt(bb))
    return cosine_of if math.isnan(cosine_of) else max(-1.0, min(1.0, cosine_of))


def sparse_dot(a, b):
    """Inner product of two (indices, weights) pairs with ascending indices."""
    other = dict(zip(*b))
    total = 0.0
    for index, weight in zip(*a):
        if index in other:
            total += weight * other[index]
    return total


def exact(metric, values, sparse, record):
    """The score of a record as a double; `values` or `sparse` of the query may be None."""
    both = sparse_dot(sparse, record.sparse) if sparse and record.sparse else 0.0
    if values is None:
        return both
    if metric == "cosine":
        return cosine(values, record.values)
    if metric == "euclidean":
        return distance(values, record.values)
    dense = dot(values, record.values)
    return dense if sparse is None else dense + both


def score(metric, values, sparse, record):
    """The same as a 32-bit float."""
    return f32(exact(metric, values, sparse, record))


def best(metric, values, sparse, records, top_k):
    """The answer of an exact query as (score, record) pairs, nearest first."""
    sign = 1.0 if metric == "euclidean" else -1.0
    doubles = [(exact(metric, values, sparse, record), record) for record in records]
    # A score that is no finite number comes of a vector that no writer lets in any more.
    scored = [(f32(double), record) for double, record in doubles if math.isfinite(double)]
    if values is None:
        scored = [pair for pair in scored if pair[0] != 0]
    scored.sort(key=lambda pair: (sign * pair[0], pair[1].id.encode()))
    return scored[:top_k]
