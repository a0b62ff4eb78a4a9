#!/usr/bin/env python3
"""Turns JSON lines of the benchmark into a Markdown table: for each engine the cheapest setting that reaches a recall.

  table.py RESULTS.jsonl
"""
import json, sys

rows = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
engines = list(dict.fromkeys(r["engine"] for r in rows))
slab = {}


def best(engine, filter_name, recall):
    fit = [r for r in rows if r["engine"] == engine and r["filter"] == filter_name and r["recall"] >= recall]
    return min(fit, key=lambda r: r["cpu_us"], default=None)


def cell(row, base):
    if row is None:
        return "not reached"
    ratio = f", {row['cpu_us'] / base:.2f} x" if base else ""
    return f"{row['cpu_us']:.0f} us at {row['recall']:.4f} ({row['params']}{ratio})"


for recall in (0.95, 0.99):
    row = best("slab", "", recall)
    slab[recall] = row["cpu_us"] if row else None
print("CPU time of one query, one thread, top 10; the factor is to slab's at the same recall.\n")
print("| engine | build, s | recall >= 0.95 | recall >= 0.99 |")
print("|---|---|---|---|")
for engine in engines:
    build = max((r["build_s"] for r in rows if r["engine"] == engine), default=0)
    print(f"| {engine} | {build:.1f} | {cell(best(engine, '', 0.95), slab[0.95])} | {cell(best(engine, '', 0.99), slab[0.99])} |")
filters = [f for f in dict.fromkeys(r["filter"] for r in rows) if f]
if filters:
    print("\nWith a filter: label3 (10 %, goes with the vectors), r50, r10, r1, r01 (50, 10, 1, 0.1 %, random).\n")
    print("| engine | " + " | ".join(filters) + " |")
    print("|---" * (len(filters) + 1) + "|")
    for engine in engines:
        cells = []
        for name in filters:
            fit = [r for r in rows if r["engine"] == engine and r["filter"] == name]
            good = [r for r in fit if r["recall"] >= 0.95]
            row = min(good, key=lambda r: r["cpu_us"]) if good else max(fit, key=lambda r: r["recall"], default=None)
            cells.append("" if row is None else f"{row['cpu_us']:.0f} us at {row['recall']:.3f}")
        if any(cells):
            print(f"| {engine} | " + " | ".join(cells) + " |")
