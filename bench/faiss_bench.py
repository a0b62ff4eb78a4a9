#!/usr/bin/env python3
"""Faiss on the benchmark's data, one thread, one query a call: an engine of bench/compare. Argument: data folder."""
import json, sys, time
import numpy as np
import faiss

data = sys.argv[1]
base, queries, gt = (np.load(f"{data}/{n}.npy") for n in ("base", "queries", "gt"))
attrs = np.load(f"{data}/attrs.npy")
faiss.omp_set_num_threads(1)
n, d = base.shape
nlist = 128 if n < 200_000 else 1024
train = base[np.random.default_rng(1).choice(n, min(n, nlist * 100), replace=False)]


settings = []


def add(engine, params, build, prepare, search, truth, filter_name=""):
    settings.append((engine, params, build, prepare, search, truth, filter_name))


def measure(setting, seconds):
    engine, params, build, prepare, search, truth, filter_name = setting
    prepare()
    found = []
    c, w = time.process_time(), time.perf_counter()
    while len(found) < len(truth) and (len(found) < 20 or time.perf_counter() - w < seconds):
        found.append(search(queries[len(found)][None, :]))
    cpu, wall = ((t1 - t0) / len(found) * 1e6 for t0, t1 in ((c, time.process_time()), (w, time.perf_counter())))
    want = [set(t[:10][t[:10] >= 0]) for t in truth[:len(found)]]
    recall = float(np.mean([len(w & set(f)) / max(1, len(w)) for w, f in zip(want, found)]))
    print(json.dumps({"engine": engine, "params": params, "filter": filter_name, "recall": round(recall, 4), "cpu_us": round(cpu, 1),
                      "wall_us": round(wall, 1), "build_s": round(build, 1), "queries": len(found)}), flush=True)


def built(index):
    t = time.perf_counter()
    index.train(train)
    index.add(base)
    return time.perf_counter() - t


def probe(index, name, nprobes, inner=None):
    b = built(index)
    for p in nprobes:
        add(name, f"nprobe={p}", b, lambda p=p: setattr(inner or index, "nprobe", p), lambda q: index.search(q, 10)[1][0], gt)
    return b


flat = faiss.index_factory(d, f"IVF{nlist},Flat")
b = probe(flat, "faiss-ivfflat", (4, 8, 16) if nlist == 128 else (32, 64, 128))
for column, name in enumerate(("label3", "r50", "r10", "r1", "r01")):
    allowed = attrs[:, column] == (3 if column == 0 else 1)
    selector = faiss.IDSelectorBatch(np.flatnonzero(allowed).astype(np.int64))
    params = faiss.SearchParametersIVF(sel=selector, nprobe=8 if nlist == 128 else 64)
    add("faiss-ivfflat", f"nprobe={params.nprobe}", b, lambda: None, lambda q, params=params: flat.search(q, 10, params=params)[1][0],
        np.load(f"{data}/gt_{name}.npy"), name)
pq = faiss.index_factory(d, f"IVF{nlist},PQ{d // 2 if d % 4 == 0 else d}x4fs,RFlat")
pq.k_factor = 8
probe(pq, "faiss-ivfpqfs-refine", (4, 8, 16) if nlist == 128 else (32, 64, 128), faiss.downcast_index(pq.base_index))
if n < 200_000 or "--hnsw" in sys.argv:
    hnsw = faiss.IndexHNSWFlat(d, 16)
    hnsw.hnsw.efConstruction = 100
    t = time.perf_counter()
    hnsw.add(base)
    b = time.perf_counter() - t
    for ef in (16, 32, 64, 128):
        add("faiss-hnsw", f"ef={ef}", b, lambda ef=ef: setattr(hnsw.hnsw, "efSearch", ef), lambda q: hnsw.search(q, 10)[1][0], gt)

print(json.dumps({"ready": True, "build_s": round(max(x[2] for x in settings), 1)}), flush=True)
for line in sys.stdin:
    for setting in settings:
        measure(setting, float(line.split()[1]))
    print(json.dumps({"done": True}), flush=True)
