"""The conformance kit, spec/kit, run by this reader; and that what is made in spec is what its makers make."""

import functools
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ProcessPoolExecutor

import annotate
import slab_ann
import slab_filter
import slab_json
import slab_kit
from slab_bytes import (
    Corrupt,
    Cursor,
    Usage,
    crc32c,
    roaring,
    ulid_bytes,
    ulid_text,
    unpack_bits,
    zstd_available,
)
from slab_file import Slab
from slab_index import Index, decode_operations, decode_wal, deletion_vector
from slab_reader import bits, guarded
from slab_score import best, best_by_words
from slab_verify import verify

OPERATIONS = ("open", "verify", "query")


def floats(facts):
    """A vector of facts: bits of floats, or what is repeated up to a length."""
    if facts is None:
        return None
    texts = facts
    if isinstance(facts, dict):
        texts = (facts["repeat"] * (facts["length"] // len(facts["repeat"]) + 1))[: facts["length"]]
    return [struct.unpack(">f", bytes.fromhex(text))[0] for text in texts]


def sparse(facts):
    return (facts["indices"], floats(facts["weights"])) if facts.get("indices") else None


@functools.lru_cache(maxsize=None)
def facts_of(name):
    return slab_json.parse(slab_kit.read(name).decode())


def found(expected, error):
    """Whether an operation ended as a case says: a word, or several with bars between them."""
    return (error[0] if error else "ok") in expected.split("|")


def complaint(case, operation, error):
    """What is wrong with how an operation ended; None for nothing."""
    if not found(case[operation], error):
        return f"{case['id']}: {operation}: {error or 'ok'}, not {case[operation]}"
    if not error or "rule" not in case:
        return None
    named = error[2]
    # Who cannot open a slab is told the rule; elsewhere not every error has one yet.
    due = named or case["kind"] == "slab" and operation == "open"
    if due and named != case["rule"]:
        return f"{case['id']}: {operation}: rule {named}, not {case['rule']}: {error[1]}"
    return None


class SlabCase:
    """The three operations on one slab."""

    def __init__(self, case):
        self.case = case
        self.data = slab_kit.slab_of(case)
        self.facts = facts_of(case["facts"])
        self.slab = None

    def run(self):
        """How each operation ends, and what is wrong about it."""
        if "crc32c" in self.case and f"{crc32c(self.data):08x}" != self.case["crc32c"]:
            return [f"{self.case['id']}: not the bytes of the case"]
        return outcomes(self)

    def open(self):
        self.slab = self.slab or Slab(self.data, "kit")
        return self.slab

    def verify(self):
        slab = self.open()
        verify(slab)
        if slab.find(slab_ann.ROTATION):
            slab_ann.Ann(slab).verify()
        if "file" in self.case:
            check_manifest(slab, self.facts)

    def query(self):
        slab = self.open()
        records = slab.records()
        if self.case["query"] != "ok":
            return
        records.sort(key=lambda record: record.id.encode())
        if "file" in self.case:
            check_records(records, self.facts)
        for query in self.facts["queries"]:
            answer = best(slab.metric, floats(query.get("values")), sparse(query), records, query["topK"])
            matches = [{"id": record.id, "score": bits(score)} for score, record in answer]
            assert matches == query["matches"], "other matches"
        for asked in self.facts.get("words", ()):
            answer = best_by_words(zip(asked["indices"], asked["frequencies"]), records, asked["topK"])
            matches = [{"id": record.id, "score": bits(score)} for score, record in answer]
            assert matches == asked["matches"], "other matches for words"
        for fact in self.facts["filters"]:
            slab_filter.check(fact["filter"])
            ids = [r.id for r in records if slab_filter.matches(fact["filter"], r.metadata)]
            assert len(ids) == fact["count"] and ids[: len(fact["firstIds"])] == fact["firstIds"], fact["filter"]


def check_manifest(slab, facts):
    assert ulid_text(slab.id) == facts["id"] and slab.created == facts["createdMs"], "id or time"
    for member in ("namespace", "level", "dimension", "metric", "vectorType", "sources", "rows"):
        assert slab.manifest[member] == facts[member], member
    gone = [{"id": ident.decode(), "lsn": str(lsn)} for ident, lsn in slab.tombstones()]
    assert gone == facts["tombstones"], "tombstones"
    ranges = [{"lsn": str(lsn), "kind": kind, "argument": a.hex()} for lsn, kind, a in slab.range_tombstones()]
    assert ranges == facts["rangeTombstones"], "range tombstones"
    assert slab.manifest.get("lsnAsOf") == facts.get("lsnAsOf"), "lsnAsOf"


def check_records(records, facts):
    for fact in facts["records"]:
        record = records[fact["rank"]]
        assert (record.id, str(record.lsn)) == (fact["id"], fact["lsn"]), record.id
        values = floats(fact.get("values"))
        assert (record.values and [*map(bits, record.values)]) == (values and [*map(bits, values)]), record.id
        pairs = record.sparse and ([*record.sparse[0]], [bits(w) for w in record.sparse[1]])
        assert pairs == ((fact["indices"], fact["weights"]) if fact.get("indices") else None), record.id
        assert record.metadata == fact["metadata"], record.id


class IndexCase:
    """The three operations on an index in a folder."""

    def __init__(self, case):
        self.case = case
        self.kit = kit()

    def run(self):
        with tempfile.TemporaryDirectory() as self.root:
            for name, content in slab_kit.objects_of(self.kit, self.case).items():
                path = os.path.join(self.root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content)
            return outcomes(self)

    def open(self):
        return Index(self.root)

    def verify(self):
        index = self.open()
        for name in self.kit["index"]["namespaces"]:
            state = index.namespace(name)
            for slab, _ in state.slabs:
                verify(slab)

    def query(self):
        index = self.open()
        for name, records in self.kit["index"]["namespaces"].items():
            state = index.namespace(name)
            assert (state.manifest is None) == (records is None), f"namespace {name!r}"
            if records is None or self.case["query"] != "ok":
                continue
            found = [
                {"id": r.id, "lsn": str(r.lsn), "values": [*map(bits, r.values)], "metadata": r.metadata}
                for r in state.records()
            ]
            assert found == records, f"records of {name!r}"


class LogCase:
    """An object of the log by itself."""

    def __init__(self, case):
        self.case = case

    def run(self):
        return outcomes(self)

    def open(self):
        wal = decode_wal(bytes.fromhex(self.case["bytes"]), self.case["number"], "log")
        decode_operations(wal, self.case["index"], "log")


class DeletesCase(LogCase):
    """A deletion vector by itself."""

    def open(self):
        case = self.case
        slab, raw = ulid_bytes(case["slab"], "case"), bytes.fromhex(case["bytes"])
        rows = deletion_vector(raw, slab, case["manifest"], case["rows"], case["cardinality"], "deletes")
        assert rows == case["deleted"], rows


KINDS = {"slab": SlabCase, "index": IndexCase, "log": LogCase, "deletes": DeletesCase}


@functools.lru_cache(maxsize=None)
def kit():
    return slab_kit.load("kit.json")


def outcomes(runner):
    """What is wrong with how the operations of a case end."""
    wrong = []
    for operation in [name for name in OPERATIONS if name in runner.case]:
        try:
            error = guarded(getattr(runner, operation))
        except AssertionError as problem:
            wrong.append(f"{runner.case['id']}: {operation}: {problem}")
            continue
        wrong.append(complaint(runner.case, operation, error))
    return [text for text in wrong if text]


def run(case):
    """What is wrong with a case."""
    return KINDS[case["kind"]](case).run()


@unittest.skipUnless(zstd_available(), "neither the zstd command nor compression.zstd is here")
class Kit(unittest.TestCase):
    def test_cases(self):
        cases = list(kit()["cases"])
        # The longest first.
        cases.sort(key=lambda case: case["id"] != "good-keys")
        with ProcessPoolExecutor() as pool:
            wrong = [text for found in pool.map(run, cases, chunksize=8) for text in found]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


class Vectors(unittest.TestCase):
    """vectors.json read back. What goes only one way is made by the reader's own functions (Made)."""

    def setUp(self):
        self.vectors = slab_kit.load("vectors.json")

    def test_read(self):
        for value in self.vectors["ulid"]:
            self.assertEqual(ulid_bytes(value["text"], "").hex(), value["bytes"])
        for value in self.vectors["uvarint"]:
            cursor = Cursor(bytes.fromhex(value["bytes"]), "")
            self.assertEqual((str(cursor.uvarint()), cursor.left()), (value["value"], 0))
        for value in self.vectors["packing"]:
            count, raw = len(value["numbers"]), bytes.fromhex(value["bytes"])
            self.assertEqual([*map(str, unpack_bits(raw, count, value["width"], ""))], value["numbers"])
        for value in self.vectors["roaring"]:
            members = [row for first, last in value["members"] for row in range(first, last + 1)]
            self.assertEqual(roaring(bytes.fromhex(value["bytes"]), "", value["rows"]), members)
        for text in self.vectors["filterTextRead"]:
            slab_filter.parse(text)
        for value in self.vectors["filterProblems"]:
            self.assertEqual(slab_filter.problems(value["filter"]), [(value["path"], value["message"])])

    def test_refused(self):
        for text in self.vectors["ulidRefused"]:
            self.assertRaises(Corrupt, ulid_bytes, text, "")
        for raw in self.vectors["uvarintRefused"]:
            self.assertRaises(Corrupt, Cursor(bytes.fromhex(raw), "").uvarint)
        for value in self.vectors["roaringRefused"]:
            with self.subTest(value["what"]):
                self.assertRaises(Corrupt, roaring, bytes.fromhex(value["bytes"]), "", value["rows"])
        for text in self.vectors["filterTextRefused"]:
            self.assertRaises(Usage, slab_filter.parse, text)


class Made(unittest.TestCase):
    """Files that a program here makes are what it makes."""

    def test_kit_is_current(self):
        maker = os.path.join(slab_kit.SPEC, "kit", "make_kit.py")
        subprocess.run([sys.executable, maker, "--check"], check=True)

    def test_example_is_current(self):
        with open(annotate.TARGET, encoding="utf-8") as file:
            message = "run: python3 spec/reader/annotate.py"
            self.assertEqual(file.read(), annotate.example(), message)


if __name__ == "__main__":
    unittest.main()
