"""The index of the kit, and cases by what each changes in it; objects of the log and deletion vectors by themselves."""

import base64
import copy
import struct

import slab_builder as b
from index_builder import checked, deletion_vector, log_object
from slab_bytes import ulid_text
from slab_file import Slab
from slab_ledger import named_metadata, text, uvarint

OLD, NEW, GONE = (bytes(15) + bytes([n]) for n in (17, 18, 19))
COMMITS = [bytes(15) + bytes([n]) for n in range(32)]
FIRST = 1 << 20
RECORDS = {
    OLD: [("c", FIRST + 1, [1.0, 2.0, 3.0], {"genre": "drama"}), ("d", FIRST + 2, [0.5, 0.0, 1.0], {}),
          ("e", FIRST + 3, [0.0, 0.0, 2.0], {"genre": "comedy"})],
    NEW: [("a", 2 * FIRST, [1.0, 0.0, 0.5], {"genre": "drama", "note": "x"}), ("ab", 2 * FIRST + 1, [0.0, -2.0, 0.0], {}),
          ("ä", 2 * FIRST + 2, [1.0, 1.0, 1.0], {"genre": "drama"})],
}  # fmt: skip
SLABS = {OLD: "kit/slabs/old.slab", NEW: "kit/slabs/new.slab", GONE: "kit/slabs/gone.slab"}
SPEC = {
    "format": "slab-index", "version": [1, 0], "features": {"required": [], "optional": []}, "id": ulid_text(COMMITS[9]),
    "name": "kit", "dimension": 3, "metric": "cosine", "vectorType": "dense", "schema": ["genre"], "createdMs": 1,
}  # fmt: skip
SETTINGS = {
    "format": "slab-config", "version": [1, 0], "features": {"required": [], "optional": []}, "id": "1",
    "commit": ulid_text(COMMITS[8]), "timeMs": 1, "deletionProtected": True,
}  # fmt: skip
HOME = "ns/__default__/"


def without_rows():
    """A slab that only says that all before an LSN was deleted."""
    empty = b.string_blocks([], 256)
    manifest = {
        "format": "slab", "version": [1, 0], "id": ulid_text(GONE), "namespace": "__default__", "writer": "test",
        "level": 0, "rows": 0, "dimension": 3, "metric": "cosine", "vectorType": "dense", "lsnMin": str(FIRST),
        "lsnMax": str(FIRST), "lsnAsOf": str(2 * FIRST + 3), "fields": [], "columns": [], "algorithm": {"name": "exact"},
        "sources": [], "ledger": "0" * 64,
    }  # fmt: skip
    raw = b.json.dumps(manifest).encode()
    delete = struct.pack("<QB", FIRST, 1) + text("gone/")
    return b.build(
        [
            b.Section(0x20, b"", 0, 1, alignment=12, param=3), b.Section(0x10, empty, 0, 1, codec=1, param=256),
            b.Section(0x13, struct.pack("<QII", 0, 0, 0), 0, 1), b.Section(0x30, b"", 0, 1, codec=1),
            b.Section(0x16, delete, 1, 0), "hot", b.Section(0x31, b"", 0, 3), b.Section(0x11, bytes(4), 0, 11),
            b.Section(0x01, raw, 1, 3),
        ],
        GONE,
    )  # fmt: skip


def slabs():
    """The slabs of the index, by name."""
    made = {
        SLABS[ident]: b.build(b.slab_sections(rows, slab_id=ident, level=1 if ident == OLD else 0), ident)
        for ident, rows in RECORDS.items()
    }
    return {**made, SLABS[GONE]: without_rows()}


def entry(ident, data, deletes):
    slab = Slab(data)
    manifest = slab.manifest
    return {
        "id": ulid_text(ident), "level": manifest["level"], "bytes": len(data), "hotOffset": slab.hot_offset,
        "rows": slab.rows, "lsnMin": manifest["lsnMin"], "lsnMax": manifest["lsnMax"], "ledger": manifest["ledger"],
        "algorithm": "exact", "columns": [], "deletes": deletes,
    }  # fmt: skip


def namespace_manifest(number, name, slab_entries, flushed, **changes):
    return {
        "format": "slab-namespace", "version": [1, 0], "features": {"required": [], "optional": []}, "id": str(number),
        "parent": str(number - 1), "commit": ulid_text(COMMITS[number]), "operation": "flush", "timeMs": 1,
        "writer": "kit", "namespace": name, "state": "live", "lsnFlushed": str(flushed * FIRST + 2 if flushed else 0),
        "walFlushedThrough": str(flushed), "slabs": slab_entries,
        "history": [[str(n), ulid_text(COMMITS[n]), "flush"] for n in range(max(1, number - 1), number + 1)],
        "walHistory": [[str(n), ulid_text(COMMITS[n])] for n in range(max(0, flushed - 1), flushed + 1)],
        "checkpoints": [], "thresholds": {"level0Rows": 5000}, **changes,
    }  # fmt: skip


def metadata(**fields):
    return named_metadata(fields)


def dense(*values):
    return uvarint(len(values)) + struct.pack(f"<{len(values)}f", *values)


def wal_name(number):
    return f"wal/{number:020d}.wal"


def manifest_name(number):
    return f"manifest/{number:020d}.json"


BITMAP = b.array_bitmap([0, 2])
DV_NAME = f"{ulid_text(OLD)}-2-{ulid_text(COMMITS[2])}.dv"
INLINE = base64.b64encode(b.array_bitmap([0, 1])).decode()
LOG = {
    2: [(1, 1, text("a") + dense(1, 0, 0.5))],
    3: [
        (1, 5, text("new") + dense(1, 2, 3) + metadata(genre="drama")),
        (2, 0, text("a")),
        (3, 4, text("ä") + metadata(year=2020.0)),
        (3, 1, text("nobody") + dense(1, 2, 3)),
        (0xFE, 0, b"from later"),
        (1, 1, text("gone/1") + dense(1, 2, 3)),
        (6, 0, text("gone/")),
    ],
    4: [(7, 4, text('{"genre":"drama"}') + metadata(seen=True)), (4, 0, text('{"genre":"none"}'))],
}


def log_of(number, records=None, previous=None, commit=None):
    before = COMMITS[number - 1] if previous is None else previous
    return log_object(number, LOG[number] if records is None else records, commit or COMMITS[number], before)


class TheIndex:
    """All objects of the good index, and what its namespaces hold."""

    def __init__(self):
        self.slabs = slabs()
        self.entries = [
            entry(OLD, self.slabs[SLABS[OLD]], {"cardinality": 2, "file": DV_NAME}),
            entry(NEW, self.slabs[SLABS[NEW]], {"cardinality": 2, "inline": INLINE}),
            entry(GONE, self.slabs[SLABS[GONE]], None),
        ]
        self.manifest = namespace_manifest(3, "__default__", self.entries, 2)
        self.dv = deletion_vector(OLD, 2, 2, BITMAP)
        self.objects = {
            "index.json": checked(SPEC),
            f"config/{1:020d}.json": checked(SETTINGS),
            HOME + manifest_name(3): checked(self.manifest),
            **{HOME + f"slabs/{ulid_text(ident)}.slab": name for ident, name in SLABS.items()},
            HOME + "deletes/" + DV_NAME: self.dv,
            **{HOME + wal_name(n): log_of(n) for n in LOG},
            "ns/%54enant/" + manifest_name(1): checked(namespace_manifest(1, "Tenant", [], 0, parent="0", operation="create")),
            "ns/%54enant/" + wal_name(0): log_object(0, [], COMMITS[0]),
            "ns/%54enant/" + wal_name(1): log_object(1, [(1, 1, text("t") + dense(3, 4, 0))], COMMITS[11], COMMITS[0]),
            "ns/dropped/" + manifest_name(1): checked(namespace_manifest(1, "dropped", [], 0, parent="0", state="deleted")),
            "ns/dropped/" + wal_name(0): log_object(0, [], COMMITS[0]),
        }

    @staticmethod
    def namespaces():
        def record(ident, lsn, values, **fields):
            bits = [struct.pack(">f", value).hex() for value in values]
            return {"id": ident, "lsn": str(lsn), "values": bits, "metadata": fields}

        return {
            "": [
                record("d", FIRST + 2, [0.5, 0.0, 1.0]),
                record("new", 4 * FIRST, [1.0, 2.0, 3.0], genre="drama", seen=True),
                record("ä", 4 * FIRST, [1.0, 1.0, 1.0], genre="drama", year=2020, seen=True),
            ],
            "Tenant": [record("t", FIRST, [3.0, 4.0, 0.0])],
            "dropped": None,
            "never": None,
        }


def content(value):
    """An object as a case says it: the name of a file, text, or bytes."""
    if value is None:
        return None
    if isinstance(value, str):
        return {"file": value}
    return {"text": value.decode()} if value.startswith(b"{") else {"bytes": value.hex()}


REFUSED, ONE = ("{0}", "{0}", "{0}"), ("ok", "{0}", "{0}")


class IndexCases:
    def __init__(self):
        self.index = TheIndex()
        self.cases = []
        self.add("good", "the index as it is", None, "ok", {}, ONE)
        self.index_json()
        self.settings()
        self.manifests()
        self.entries()
        self.objects()
        self.log()

    def base(self):
        objects = {name: content(value) for name, value in self.index.objects.items()}
        return {"objects": objects, "namespaces": self.index.namespaces()}

    def add(self, name, what, rule, word, changes, verdicts=ONE):
        case = {"id": f"index-{name}", "kind": "index", "what": what}
        if rule:
            case["rule"] = rule
        case["level"] = 3
        case["changes"] = {at: content(value) for at, value in changes.items()}
        case.update(zip(("open", "verify", "query"), (verdict.format(word) for verdict in verdicts)))
        self.cases.append(case)

    def json_case(self, name, what, rule, word, at, members, change, verdicts=ONE):
        changed = copy.deepcopy(members)
        change(changed)
        self.add(name, what, rule, word, {at: checked(changed)}, verdicts)

    def index_json(self):
        def case(name, what, rule, word, /, **members):
            self.json_case(f"json-{name}", what, rule, word, "index.json", SPEC, lambda m: m.update(members), REFUSED)

        good = self.index.objects["index.json"]
        self.add("json-crc", "a changed byte", "IJ-crc32c", "corrupt", {"index.json": good.replace(b"kit", b"kid")}, REFUSED)
        self.add("json-none", "no index.json", "P-INDEX", "missing", {"index.json": None}, REFUSED)
        bare = {key: value for key, value in SPEC.items() if key != "id"}
        plain = b.json.dumps(bare).encode()
        self.add("json-plain", "as the first writers wrote it, without checksum and id", "IJ-crc32c", "ok", {"index.json": plain})
        unchecked = b.json.dumps(SPEC).encode()
        self.add("json-unchecked", "an id and no checksum", "IJ-crc32c", "corrupt", {"index.json": unchecked}, REFUSED)
        self.json_case("json-no-name", "no name", "IJ-name", "corrupt", "index.json", SPEC, lambda m: m.pop("name"), REFUSED)
        features = {"required": ["later"], "optional": []}
        case("major", "major 2", "IJ-version", "unsupported", version=[2, 0])
        case("minor", "minor 7", "IJ-version", "ok", version=[1, 7])
        case("format", "another format", "IJ-format", "corrupt", format="slab-config")
        case("required", "an unknown required feature", "Y-9", "unsupported", features=features)
        case("optional", "an unknown optional feature", "Y-10", "ok", features={"required": [], "optional": ["later"]})
        case("member", "an unknown member", "Y-8", "ok", later=[1])
        case("fraction", "a dimension of 3.0", "IJ-dimension", "corrupt", dimension=3.0)
        case("null", "null for a name", "IJ-name", "corrupt", name=None)

    def settings(self):
        at = f"config/{1:020d}.json"

        def case(name, what, rule, word, /, **members):
            self.json_case(f"config-{name}", what, rule, word, at, SETTINGS, lambda m: m.update(members), REFUSED)

        changed = self.index.objects[at].replace(b"true", b"fals")
        self.add("config-crc", "a changed byte", "CJ-crc32c", "corrupt", {at: changed}, REFUSED)
        case("id", "another number than the name's", "CJ-id", "corrupt", id="2")
        case("major", "major 2", "CJ-version", "unsupported", version=[2, 0])
        case("flag", "a flag that is a number", "CJ-deletionProtected", "corrupt", deletionProtected=1)
        case("state", "an unknown state", "CJ-state", "corrupt", state="asleep")
        case("zero", "a number with a leading zero", "CJ-id", "corrupt", id="01")

    def manifests(self):
        at = HOME + manifest_name(3)

        def case(name, what, rule, word, /, verdicts=ONE, **members):
            self.json_case(f"manifest-{name}", what, rule, word, at, self.index.manifest, lambda m: m.update(members), verdicts)

        good = self.index.objects[at]
        self.add("manifest-crc", "a changed byte", "NM-crc32c", "corrupt", {at: good.replace(b"flush", b"flash", 1)})
        self.add("manifest-name", "under another number", "NM-id", "corrupt", {at: None, HOME + manifest_name(4): good})
        self.add("manifest-none", "no manifest beside slabs and log", "P-MANIFEST", "missing", {at: None})
        case("major", "major 2", "NM-version", "unsupported", version=[2, 0])
        case("required", "an unknown required feature", "Y-9", "unsupported", features={"required": ["later"], "optional": []})
        case("member", "an unknown member", "Y-8", "ok", later={})
        case("namespace", "the name of another namespace", "NM-namespace", "corrupt", namespace="other")
        case("state", "an unknown state", "NM-state", "corrupt", state="asleep")
        case("zero", "an LSN with a leading zero", "NM-lsnFlushed", "corrupt", lsnFlushed="02097154")
        case("time", "a time with a fraction", "NM-timeMs", "corrupt", timeMs=1.5)
        case("history", "a history with a gap", "NM-history", "corrupt",
             history=[["1", ulid_text(COMMITS[1]), "flush"], ["3", ulid_text(COMMITS[3]), "flush"]])  # fmt: skip
        case("commit", "a history that ends with another commit", "NM-history", "corrupt",
             history=[["3", ulid_text(COMMITS[4]), "flush"]])  # fmt: skip
        case("wal-history", "no history of the log", "NM-walHistory", "corrupt", walHistory=[])
        case("thresholds", "an unknown threshold", "NM-thresholds", "ok", thresholds={"later": 7})
        self.json_case("manifest-lacking", "no checkpoints", "NM-checkpoints", "corrupt", at, self.index.manifest,
                       lambda m: m.pop("checkpoints"))  # fmt: skip

    def entries(self):
        at = HOME + manifest_name(3)

        def case(name, what, rule, word, number=1, verdicts=ONE, **members):
            change = lambda m: m["slabs"][number].update(members)
            self.json_case(f"slab-{name}", what, rule, word, at, self.index.manifest, change, verdicts)

        twice = lambda m: m["slabs"].append(m["slabs"][0])
        self.json_case("slab-twice", "a slab twice", "NS-id", "corrupt", at, self.index.manifest, twice)
        case("level", "another level", "NS-level", "corrupt", level=2)
        case("bytes", "another length", "NS-bytes", "corrupt", bytes=self.index.entries[1]["bytes"] + 64)
        case("rows", "another number of rows", "NS-rows", "corrupt", rows=4)
        case("hot", "another hot offset, which is a hint", "NS-hotOffset", "ok", hotOffset=self.index.entries[1]["hotOffset"] - 64)
        seen = ("ok", "{0}", "ok|{0}")
        case("ledger", "another ledger", "NS-ledger", "corrupt", verdicts=seen, ledger="0" * 64)
        case("lsn", "another largest LSN", "NS-lsnMax", "corrupt", verdicts=seen, lsnMax=str(2 * FIRST + 1))
        both = {"cardinality": 2, "inline": INLINE, "file": DV_NAME}
        case("both", "dead rows inline and in a file", "NS-deletes", "corrupt", deletes=both)
        case("neither", "dead rows nowhere", "NS-deletes", "corrupt", deletes={"cardinality": 1})
        case("padding", "base64 without padding", "NS-deletes", "corrupt", deletes={"cardinality": 2, "inline": INLINE.rstrip("=")})
        case("cardinality", "three dead rows, and two in the bitmap", "NS-deletes", "corrupt", deletes={"cardinality": 3, "inline": INLINE})
        case("zero", "a number with a leading zero in a name", "NS-deletes", "corrupt", number=0,
             deletes={"cardinality": 2, "file": DV_NAME.replace("-2-", "-02-")})  # fmt: skip
        case("beyond", "a dead row beyond the last", "NS-deletes", "corrupt",
             deletes={"cardinality": 1, "inline": base64.b64encode(b.array_bitmap([3])).decode()})  # fmt: skip

    def objects(self):
        names = {ident: HOME + f"slabs/{ulid_text(ident)}.slab" for ident in SLABS}
        dv = HOME + "deletes/" + DV_NAME
        self.add("slab-missing", "a slab is gone", "P-SLAB", "missing", {names[NEW]: None})
        self.add("slab-misnamed", "another slab under its name", "NS-id", "corrupt", {names[NEW]: SLABS[OLD]})
        self.add("slab-empty", "a slab of no byte", "NS-bytes", "corrupt", {names[NEW]: b""})
        self.add("deletes-missing", "a deletion vector is gone", "P-DELETES", "missing", {dv: None})
        other = deletion_vector(NEW, 2, 2, BITMAP)
        self.add("deletes-other", "the deletion vector of another slab", "DV-16", "corrupt", {dv: other})
        number = deletion_vector(OLD, 3, 2, BITMAP)
        self.add("deletes-number", "a deletion vector of another manifest", "DV-END-12", "corrupt", {dv: number})
        self.add(
            "foreign", "names that are none of the format's", "P-MANIFEST", "ok",
            {
                HOME + "manifest/.tmp-00000000000000000009.json": b"{}", HOME + "wal/9.wal": b"\0", "notes.txt": b"\0",
                HOME + "slabs/copy.slab": b"\0", "ns/Upper/" + manifest_name(1): b"{}", HOME + "manifest/9.json": b"{}",
            },
        )  # fmt: skip

    def log(self):
        def at(number):
            return HOME + wal_name(number)

        def record(name, what, rule, word, *one):
            self.add(f"log-{name}", what, rule, word, {at(4): log_of(4, [one])})

        self.add("log-hole", "an object of the log is gone", "R-9", "missing", {at(3): None})
        self.add("log-lost", "the log ends before what was flushed", "R-3", "missing", {at(n): None for n in LOG})
        self.add("log-previous", "another predecessor", "W-64", "corrupt", {at(4): log_of(4, previous=COMMITS[20])})
        self.add("log-unknown", "no predecessor named", "W-64", "ok", {at(4): log_of(4, previous=bytes(16))})
        self.add("log-number", "an object under another number", "W-48", "corrupt", {at(4): log_of(3)})
        self.add("log-cut", "an object cut short", "WT-24", "corrupt", {at(4): log_of(4)[:-1]})
        record("op", "an unknown operation", "Y-12", "unsupported", 9, 0, b"")
        record("dimension", "a vector of another dimension", "WF-DENSE", "corrupt", 1, 1, text("x") + dense(1, 2))
        record("filter", "a filter that is none", "OP-DELETE_BY_FILTER", "corrupt", 4, 0, text('{"f":{"$xyz":1}}'))


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
