#!/usr/bin/env python3
"""Makes the data sets of the benchmark: base.npy, queries.npy (float32), gt.npy (exact 100 nearest, squared L2),
attrs.npy (one row per base row: label, r50, r10, r1, r01 as uint8) and gt_<filter>.npy for each filter.

  make_data.py synth1m OUT [--rows 1000000] [--dim 128] [--seed 1] [--no-filters]
  make_data.py npy OUT --base base.npy --queries queries.npy        (uint8 or float32; for instance Fashion-MNIST)

The generated set has what real embeddings have and Gaussian noise lacks: clusters of very different sizes (a power law), a low
intrinsic dimension that differs by cluster, neighbouring clusters that overlap, and one row in a hundred that repeats
another. Queries are drawn from the same source and are not in the base. `label` (10 values, 10 % each) follows the clusters, so
that a filter on it is correlated with the vectors; r50, r10, r1 and r01 are random and match 50, 10, 1 and 0.1 % of the rows.
"""
import argparse, json, os, sys
import numpy as np


def synth(rows, queries, dim, seed):
    rng = np.random.default_rng(seed)
    clusters = 2000
    weight = 1.0 / np.arange(1, clusters + 1) ** 0.7
    weight /= weight.sum()
    # Cluster centres themselves lie near a low-dimensional surface, so that clusters have near neighbours.
    centre = rng.standard_normal((clusters, 24)).astype(np.float32) @ rng.standard_normal((24, dim)).astype(np.float32)
    centre *= 0.35
    total = rows + queries
    which = rng.choice(clusters, size=total, p=weight)
    out = np.empty((total, dim), dtype=np.float32)
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(clusters + 1))
    for c in range(clusters):
        members = order[bounds[c]:bounds[c + 1]]
        if len(members) == 0:
            continue
        intrinsic = int(rng.integers(6, 20))
        basis = rng.standard_normal((intrinsic, dim)).astype(np.float32) / np.sqrt(intrinsic)
        spread = np.float32(rng.uniform(0.5, 1.4))
        z = rng.standard_normal((len(members), intrinsic)).astype(np.float32)
        noise = rng.standard_normal((len(members), dim)).astype(np.float32) * np.float32(0.12)
        out[members] = centre[c] + spread * (z @ basis) + noise
    # Views: ten million rows are there once.
    base, query = out[:rows], out[rows:]
    copies = rng.choice(rows, size=rows // 100, replace=False)
    base[copies] = base[rng.integers(0, rows, size=len(copies))]
    # Ten labels of about a tenth of the rows each, made of whole clusters.
    share = np.bincount(which[:rows], minlength=clusters)
    label_of = np.zeros(clusters, dtype=np.uint8)
    load = np.zeros(10)
    for c in np.argsort(-share):
        label_of[c] = np.argmin(load)
        load[label_of[c]] += share[c]
    return base, query, label_of[which[:rows]]


def attributes(rows, label, seed):
    rng = np.random.default_rng(seed + 1)
    u = rng.random((rows, 4))
    return np.column_stack([label] + [(u[:, i] < p) for i, p in enumerate((0.5, 0.1, 0.01, 0.001))]).astype(np.uint8)


def exact(base, queries, k=100, allowed=None):
    """Exact k nearest rows by squared L2, ascending; -1 where fewer are allowed. Ties by row."""
    ids = np.arange(len(base)) if allowed is None else np.flatnonzero(allowed)
    result = np.full((len(queries), k), -1, dtype=np.int32)
    sub = base if allowed is None else base[ids]
    norms = np.concatenate([(part.astype(np.float64) ** 2).sum(1).astype(np.float32) for part in np.array_split(sub, 1 + len(sub) // 100_000)])
    step = max(1, 400_000_000 // max(1, len(sub)) // 4)
    for at in range(0, len(queries), step):
        q = queries[at:at + step]
        d = norms[None, :] - 2 * (q @ sub.T)
        m = min(k + 20, len(sub))
        near = np.argpartition(d, m - 1, axis=1)[:, :m] if m < len(sub) else np.tile(np.arange(len(sub)), (len(q), 1))
        for i in range(len(q)):
            exact_d = ((sub[near[i]].astype(np.float64) - q[i].astype(np.float64)) ** 2).sum(1)
            best = np.lexsort((near[i], exact_d))[:k]
            result[at + i, :len(best)] = ids[near[i][best]]
    return result


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=["synth1m", "npy"])
    p.add_argument("out")
    p.add_argument("--rows", type=int, default=1_000_000)
    p.add_argument("--queries-count", type=int, default=1000)
    p.add_argument("--dim", type=int, default=128)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--base")
    p.add_argument("--queries")
    p.add_argument("--no-filters", action="store_true", help="no exact answers under filters")
    p.add_argument("--labels", help="JSON lines with metadata.label for each row")
    a = p.parse_args()
    done = "done-without-filters" if a.no_filters else "done"
    if any(os.path.exists(os.path.join(a.out, name)) for name in ("done", done)):
        return
    os.makedirs(a.out, exist_ok=True)
    if a.kind == "synth1m":
        base, queries, label = synth(a.rows, a.queries_count, a.dim, a.seed)
    else:
        base = np.load(a.base).astype(np.float32)
        queries = np.load(a.queries).astype(np.float32)[:a.queries_count]
        label = np.arange(len(base)) % 10
        if a.labels:
            label = np.array([json.loads(line)["metadata"]["label"] for line in open(a.labels)])
    attrs = attributes(len(base), label, a.seed)
    save = lambda name, x: np.save(os.path.join(a.out, name), np.ascontiguousarray(x))
    save("base.npy", base)
    save("queries.npy", queries)
    save("attrs.npy", attrs)
    # The same for slab, which reads metadata as JSON lines beside the matrix.
    with open(os.path.join(a.out, "metadata.jsonl"), "w") as out:
        for row, (label, r50, r10, r1, r01) in enumerate(attrs.tolist()):
            out.write(f'{{"id":"{row:08d}","metadata":{{"label":{label},"r50":{r50},"r10":{r10},"r1":{r1},"r01":{r01}}}}}\n')
    print(f"{a.out}: {base.shape[0]} x {base.shape[1]}, {len(queries)} queries, seed {a.seed}; exact answers ...", file=sys.stderr)
    save("gt.npy", exact(base, queries))
    few = queries[:0 if a.no_filters else 200]
    save("gt_label3.npy", exact(base, few, allowed=attrs[:, 0] == 3))
    for column, name in enumerate(("r50", "r10", "r1", "r01"), start=1):
        save(f"gt_{name}.npy", exact(base, few, allowed=attrs[:, column] == 1))
    open(os.path.join(a.out, done), "w").close()


if __name__ == "__main__":
    main()
