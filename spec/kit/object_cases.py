"""Cases of objects of the log and of deletion vectors, each by itself."""

import struct

from index_builder import deletion_vector, log_object
from index_cases import BITMAP, COMMITS, NEW, OLD, SPEC, dense, log_of, metadata
from slab_bytes import ulid_text
from slab_ledger import text, uvarint


class ObjectCases:
    """Objects of the log and deletion vectors by themselves."""

    FREE = {**SPEC, "schema": None}
    HYBRID = {**FREE, "metric": "dotproduct", "vectorType": "hybrid"}

    def __init__(self):
        self.cases = []
        self.log_frames()
        self.log_records()
        self.deletes()

    def log(self, name, what, rule, word, raw, spec=FREE, number=3):
        members = {key: spec[key] for key in ("dimension", "metric", "vectorType", "schema")}
        case = {"id": f"log-{name}", "kind": "log", "what": what, "rule": rule, "level": 3, "number": number}
        self.cases.append({**case, "index": members, "bytes": raw.hex(), "open": word})

    def log_frames(self):
        good = log_of(3)
        self.log("good", "every part and operation", "OP-UPSERT", "ok", good)
        self.log("empty", "an object without records", "W-12", "ok", log_of(3, []))
        self.log("anchor", "the anchor", "W-48", "ok", log_object(0, [], COMMITS[0]), number=0)
        self.log("number", "under another number", "W-48", "corrupt", good, number=4)
        end = len(good) - 32

        def changed(name, what, rule, word, at, raw):
            self.log(name, what, rule, word, good[:at] + raw + good[at + len(raw) :])

        changed("magic", "another magic", "W-0", "corrupt", 0, b"\x88")
        changed("major", "major 2", "W-8", "unsupported", 8, b"\x02")
        changed("count", "a record more", "W-12", "corrupt", 12, b"\x08")
        self.cases[-1].pop("rule")
        changed("last", "another last LSN", "W-56", "corrupt", 56, b"\x00")
        changed("record-length", "a record of one byte", "WR-0", "corrupt", 80, struct.pack("<I", 1))
        changed("record-long", "a record of 1 GiB", "WR-0", "corrupt", 80, struct.pack("<I", 1 << 30))
        changed("record-crc", "another op, and the old checksum", "WR-4", "corrupt", 88, b"\x02")
        changed("end-length", "another length", "WT-0", "corrupt", end, b"\x00")
        changed("end-count", "another count", "WT-8", "corrupt", end + 8, b"\x00")
        changed("end-crc", "another checksum", "WT-12", "corrupt", end + 12, bytes([good[end + 12] ^ 1]))
        changed("writer", "another writer id, and the old checksum", "WT-12", "corrupt", 16, b"\x01")
        changed("end-zero", "a reserved byte set", "WT-16", "corrupt", end + 16, b"\x01")
        changed("end-magic", "another end magic", "WT-24", "corrupt", len(good) - 1, b"\x00")
        self.log("cut", "cut short", "WT-24", "corrupt", good[:-1])
        self.log("short", "111 bytes", "W-0", "corrupt", good[:111])
        self.cases[-1].pop("rule")

    def log_records(self):
        def record(name, what, rule, word, op, flags, payload, spec=self.FREE):
            self.log(name, what, rule, word, log_of(3, [(op, flags, payload)]), spec)

        vector = dense(1, 2, 3)
        pairs = lambda *indices: uvarint(len(indices)) + struct.pack(f"<{len(indices)}I{len(indices)}f", *indices, *indices)
        record("skipped", "an unknown operation with bit 7", "Y-11", "ok", 0x90, 3, b"later")
        record("unknown", "an unknown operation without", "Y-12", "unsupported", 8, 0, b"")
        record("private", "a private operation", "Y-12", "unsupported", 0x41, 0, b"")
        record("private-skipped", "a private operation with bit 7", "Y-11", "ok", 0xC1, 0, b"")
        record("zero", "operation 0", "Y-12", "unsupported", 0, 0, b"")
        record("flag", "an unknown flag", "OP-UPSERT", "unsupported", 1, 9, text("x") + vector)
        record("delete-flag", "a flag of a delete", "OP-DELETE", "unsupported", 2, 1, text("x"))
        record("no-metadata", "an update by filter without fields", "OP-UPDATE_BY_FILTER", "unsupported", 7, 0, text("{}"))
        record("all-payload", "bytes behind a delete of all", "OP-DELETE_ALL", "corrupt", 5, 0, b"\0")
        record("left-over", "a byte behind the last part", "OP-UPSERT", "corrupt", 1, 1, text("x") + vector + b"\0")
        record("no-vector", "a record without its vector", "OP-UPSERT", "corrupt", 1, 0, text("x"))
        record("id-empty", "an empty id", "OP-DELETE", "corrupt", 2, 0, text(""))
        record("id-nul", "an id with the character NUL", "OP-DELETE", "corrupt", 2, 0, text("a\0"))
        record("id-512", "an id of 512 bytes", "OP-DELETE", "ok", 2, 0, text("é" * 256))
        record("id-513", "an id of 513 bytes", "OP-DELETE", "corrupt", 2, 0, text("é" * 256 + "x"))
        record("id-utf8", "an id that is no UTF-8", "OP-DELETE", "corrupt", 2, 0, b"\x01\xff")
        record("id-long", "a length beyond the record", "OP-DELETE", "corrupt", 2, 0, b"\x7fx")
        record("uvarint", "a length in more bytes than it needs", "OP-DELETE", "ok", 2, 0, b"\x81\x80\x00x")
        record("dimension", "a vector of another dimension", "WF-DENSE", "corrupt", 1, 1, text("x") + dense(1, 2))
        record("sparse", "sparse values in a dense index", "WF-SPARSE", "corrupt", 1, 3, text("x") + vector + pairs(1, 2))
        record("hybrid", "sparse values in a hybrid index", "WF-SPARSE", "ok", 1, 3, text("x") + vector + pairs(1, 2), self.HYBRID)
        record("indices", "indices that do not ascend", "WF-SPARSE", "corrupt", 1, 3, text("x") + vector + pairs(2, 2), self.HYBRID)
        fields = b"\x02" + text("b") + b"\x04" + text("a") + b"\x04"
        record("fields", "fields out of order", "WF-METADATA", "corrupt", 3, 4, text("x") + fields)
        record("tag", "a value of an unknown type", "WF-METADATA", "corrupt", 3, 4, text("x") + b"\x01" + text("a") + b"\x06")
        record("nan", "a number that is not finite, of an older writer", "OR-NUMBER", "ok", 3, 4, text("x") + metadata(n=float("nan")))
        record("filter-json", "a filter with a name twice", "OP-DELETE_BY_FILTER", "corrupt", 4, 0, text('{"f":1,"f":2}'))
        record("filter-operator", "an unknown operator", "OP-DELETE_BY_FILTER", "corrupt", 4, 0, text('{"f":{"$xyz":1}}'))
        indexed = text('{"genre":"drama"}')
        record("filter-indexed", "a filter on an indexed field", "OP-DELETE_BY_FILTER", "ok", 4, 0, indexed, SPEC)
        record("filter-schema", "a filter on another field", "OP-DELETE_BY_FILTER", "corrupt", 4, 0, text('{"f":1}'), SPEC)

    def deletes(self):
        runs = struct.pack("<IBHHHHH", 12347, 1, 0, 3, 1, 10, 3)

        def case(name, what, rule, word, raw, rows, /, **more):
            members = {"slab": ulid_text(OLD), "manifest": 2, "rows": 20, "cardinality": len(rows), **more}
            case = {"id": f"deletes-{name}", "kind": "deletes", "what": what, "rule": rule, "level": 3, **members}
            self.cases.append({**case, "bytes": raw.hex(), "deleted": rows, "open": word})

        good = deletion_vector(OLD, 2, 2, BITMAP)
        case("array", "two rows", "DV-48", "ok", good, [0, 2])
        case("run", "a run", "DV-48", "ok", deletion_vector(OLD, 2, 4, runs), [10, 11, 12, 13])
        case("slab", "of another slab", "DV-16", "corrupt", deletion_vector(NEW, 2, 2, BITMAP), [0, 2])
        case("manifest", "of another manifest", "DV-END-12", "corrupt", good, [0, 2], manifest=3)
        case("cardinality", "another number of rows than the manifest's", "DV-32", "corrupt", good, [0, 2], cardinality=3)
        case("rows", "a row beyond the last", "DV-48", "corrupt", good, [0, 2], rows=2)
        lie = deletion_vector(OLD, 2, 3, BITMAP)
        case("lie", "another number of rows than the bitmap's", "DV-48", "corrupt", lie, [0, 2, 3])

        def changed(name, what, rule, word, at, raw):
            at %= len(good)
            case(name, what, rule, word, good[:at] + raw + good[at + len(raw) :], [0, 2])

        changed("magic", "another magic", "DV-0", "corrupt", 0, b"\x88")
        changed("major", "major 2", "DV-8", "unsupported", 8, b"\x02")
        changed("reserved", "a reserved byte set", "DV-12", "corrupt", 12, b"\x01")
        changed("length", "another length of the bitmap", "DV-40", "corrupt", 40, b"\x01")
        changed("bit", "a bit of the bitmap changed", "DV-END-12", "corrupt", 50, b"\x01")
        changed("end-magic", "another end magic", "DV-END-8", "corrupt", -1, b"\x00")
        case("cut", "cut short", "DV-40", "corrupt", good[:-1], [0, 2])
        case("short", "59 bytes", "DV-40", "corrupt", good[:59], [0, 2])
        self.cases[-1].pop("rule")
