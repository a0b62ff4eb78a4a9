#!/usr/bin/env python3
"""Writes pod-export/ from facts.jsonl: what a user has who left a pod-based index with a script of 2023. Standard library only.

describe_index.json and describe_index_stats.json are the answers of these two calls; the records of each namespace stand in
the responses of fetch calls. Some records came twice, as they do from such scripts, and the metadata has nulls.
"""
import json
import os

here = os.path.dirname(os.path.abspath(__file__))
out = os.path.join(here, "pod-export")


def write(name, text):
    path = os.path.join(out, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


facts = [json.loads(text) for text in open(os.path.join(here, "facts.jsonl"), encoding="utf-8")]
books = [fact for fact in facts if fact["metadata"]["kind"] == "book"][:60]
animals = [fact for fact in facts if fact["metadata"]["kind"] == "animal"][:40]
for number, book in enumerate(books):
    book["metadata"].setdefault("year", None)
    book["metadata"]["translated_by"] = None if number % 3 else "a friend"

write("describe_index.json", json.dumps({
    "name": "facts-pods", "dimension": 32, "metric": "cosine",
    "spec": {"pod": {"environment": "us-east1-gcp", "pod_type": "p1.x1", "pods": 2, "replicas": 2, "shards": 1,
                     "metadata_config": {"indexed": ["kind", "year", "tags", "checked"]}}},
    "status": {"ready": True, "state": "Ready"}}, indent=1) + "\n")
write("describe_index_stats.json", json.dumps({
    "dimension": 32, "indexFullness": 0.0, "totalVectorCount": len(books) + len(animals),
    "namespaces": {"": {"vectorCount": len(books)}, "animals": {"vectorCount": len(animals)}}}, indent=1) + "\n")
for namespace, records in ("", books), ("animals", animals):
    for start in range(0, len(records), 20):
        page = {record["id"]: record for record in records[start:start + 20]}
        if start:  # the page before ended with this record: scripts that page by themselves do that
            page[records[start - 1]["id"]] = records[start - 1]
        write(f"{namespace or '__default__'}/fetch-{start:03d}.json",
              line({"vectors": page, "namespace": namespace, "usage": {"readUnits": 2}}) + "\n")
