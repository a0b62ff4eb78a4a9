"""Canonical scores and the order of answers (spec/semantics.md, section 3)."""

import math

from slab_bytes import f32
from slab_file import LENGTH


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


def best_by_words(question, records, top_k):
    """
    The answer to a question for words as (score, record) pairs (spec/text.md, section 3); `question` has (term, frequency)
    pairs. For fewer matches than are looked at there: all records are scored.
    """
    stored = [(record, dict(zip(*record.sparse))) for record in records if record.sparse]
    lengths = [terms.get(LENGTH, 0) for _, terms in stored]
    count, total = sum(length > 0 for length in lengths), sum(lengths)
    asked = []
    for term, frequency in sorted(question):
        having = sum(term in terms for _, terms in stored)
        asked.append((term, f32(frequency * math.log(1 + (count - having + 0.5) / (having + 0.5)))))
    scored = []
    for record, terms in stored:
        length = terms.pop(LENGTH, 0)
        if length and any(term in terms for term, _ in asked):
            odds = {term: _odds(weight) for term, weight in terms.items()}
            scale, norm = length / sum(odds.values()), 1.2 * (0.25 + 0.75 * length * count / total)
            found = [(weight, max(1, round(odds[term] * scale))) for term, weight in asked if term in odds]
            scored.append((f32(sum(weight * f / (f + norm) for weight, f in found)), record))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id.encode()))
    return scored[:top_k]


def _odds(weight):
    inside = min(max(weight, 2.0**-126), 1 - 2.0**-24)
    return inside / (1 - inside)
