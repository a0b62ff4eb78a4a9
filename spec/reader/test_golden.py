"""The golden slabs and the facts beside them, and the worked example."""

import glob
import json
import os
import struct
import unittest

import annotate
import slab_filter
from slab_bytes import ulid_text, zstd_available
from slab_file import open_slab
from slab_reader import bits
from slab_score import best
from slab_verify import verify

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")


def floats(texts):
    return None if texts is None else [struct.unpack(">f", bytes.fromhex(text))[0] for text in texts]


def by_id(slab):
    return sorted(slab.records(), key=lambda record: record.id.encode())


def sparse(facts):
    return (facts["indices"], floats(facts["weights"])) if facts.get("indices") else None


@unittest.skipUnless(zstd_available(), "neither the zstd command nor compression.zstd is here")
class Golden(unittest.TestCase):
    def setUp(self):
        self.names = sorted(glob.glob(os.path.join(GOLDEN, "*.slab")))
        self.assertTrue(self.names, "no golden slab")

    def each(self):
        for name in self.names:
            with open(name[:-5] + ".json", encoding="utf-8") as file:
                facts = json.load(file)
            with self.subTest(os.path.basename(name)):
                yield open_slab(name), facts

    def test_verified(self):
        for slab, facts in self.each():
            self.assertEqual(verify(slab)["rows"], facts["rows"])

    def test_manifest(self):
        for slab, facts in self.each():
            self.assertEqual(ulid_text(slab.id), facts["id"])
            self.assertEqual(slab.created, facts["createdMs"])
            for member in ("namespace", "level", "dimension", "metric", "vectorType", "sources"):
                self.assertEqual(slab.manifest[member], facts[member])
            gone = [{"id": ident.decode(), "lsn": str(lsn)} for ident, lsn in slab.tombstones()]
            self.assertEqual(gone, facts["tombstones"])
            ranges = [{"lsn": str(lsn), "kind": kind, "argument": a.hex()} for lsn, kind, a in slab.range_tombstones()]
            self.assertEqual(ranges, facts["rangeTombstones"])
            self.assertEqual(slab.manifest.get("lsnAsOf"), facts.get("lsnAsOf"))

    def test_records(self):
        for slab, facts in self.each():
            records = by_id(slab)
            for fact in facts["records"]:
                record = records[fact["rank"]]
                self.assertEqual((record.id, str(record.lsn)), (fact["id"], fact["lsn"]))
                self.assertEqual(record.values and [bits(v) for v in record.values], fact.get("values"))
                found = record.sparse and ([*record.sparse[0]], [bits(w) for w in record.sparse[1]])
                expected = (fact["indices"], fact["weights"]) if fact.get("indices") else None
                self.assertEqual(found, expected)
                self.assertEqual(record.metadata, fact["metadata"])

    def test_queries(self):
        for slab, facts in self.each():
            records = slab.records()
            for query in facts["queries"]:
                vector = floats(query.get("values"))
                found = best(slab.metric, vector, sparse(query), records, query["topK"])
                answer = [{"id": record.id, "score": bits(score)} for score, record in found]
                self.assertEqual(answer, query["matches"])

    def test_filters(self):
        for slab, facts in self.each():
            records = by_id(slab)
            for fact in facts["filters"]:
                slab_filter.check(fact["filter"])
                ids = [r.id for r in records if slab_filter.matches(fact["filter"], r.metadata)]
                self.assertEqual(len(ids), fact["count"], fact["filter"])
                self.assertEqual(ids[: len(fact["firstIds"])], fact["firstIds"])

    def test_example_is_current(self):
        with open(annotate.TARGET, encoding="utf-8") as file:
            message = "run: python3 spec/reader/annotate.py"
            self.assertEqual(file.read(), annotate.example(), message)


if __name__ == "__main__":
    unittest.main()
