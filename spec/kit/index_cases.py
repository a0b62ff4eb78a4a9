"""The index of the kit, and cases by what each changes in it."""

import base64
import copy
import struct

import slab_builder as b
from index_builder import checked, deletion_vector, log_object
from slab_bytes import ulid_text
from slab_file import Record, Slab
from slab_ledger import named_metadata, text, uvarint
from slab_score import best

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
    return {**made, SLABS[GONE]: without_rows(), **named()}


def named():
    """A slab whose manifest has vectors with names, with a derived section of one, and its facts."""
    ident = bytes(15) + bytes([21])
    records = [("a", 7, [1.0, 2.0], {"genre": "drama"}), ("b", 8, [-1.0, 0.5], {})]
    vectors = [
        {"number": 1, "name": "image", "kind": "dense", "dimension": 2, "metric": "cosine"},
        {"number": 9, "name": "title", "kind": "sparse", "dimension": 0, "metric": "dotproduct"},
    ]
    sections = b.slab_sections(records, slab_id=ident)
    manifest = b.json.loads(sections[-1].data)
    sections[-1].data = b.json.dumps({**manifest, "vectors": vectors}).encode()
    sections[-1].raw = len(sections[-1].data)
    sections.insert(0, b.Section(0x24, struct.pack("<2f", 1, 1), 2, 8, part=1))
    hexed = lambda values: [struct.pack(">f", value).hex() for value in values]
    queries = []
    for question in ([1.0, 0.0], [0.25, -3.0]):
        found = best("cosine", question, None, [Record(*r[:3], None, r[3]) for r in records], 5)
        matches = [{"id": record.id, "score": hexed([score])[0]} for score, record in found]
        queries.append({"values": hexed(question), "topK": 5, "matches": matches})
    facts = {
        "slab": "named.slab", "id": ulid_text(ident), "createdMs": 1, "namespace": "__default__", "level": 0, "rows": 2,
        "dimension": 2, "metric": "cosine", "vectorType": "dense", "sources": [], "tombstones": [], "rangeTombstones": [],
        "records": [{"rank": n, "id": r[0], "lsn": str(r[1]), "values": hexed(r[2]), "metadata": r[3]} for n, r in enumerate(records)],
        "queries": queries, "filters": [{"filter": {"genre": "drama"}, "count": 1, "firstIds": ["a"]}],
    }  # fmt: skip
    return {"kit/slabs/named.slab": b.build(sections, ident), "kit/slabs/named.json": b.json.dumps(facts, indent=1).encode()}


def entry(ident, data, deletes):
    slab = Slab(data)
    manifest = slab.manifest
    deleted = len(slab.tombstones()) + len(slab.range_tombstones())
    return {
        "id": ulid_text(ident), "level": manifest["level"], "bytes": len(data), "hotOffset": slab.hot_offset,
        "rows": slab.rows, "lsnMin": manifest["lsnMin"], "lsnMax": manifest["lsnMax"], "ledger": manifest["ledger"],
        "algorithm": "exact", "columns": [], "deletes": deletes,
        **({"lsnAsOf": manifest["lsnAsOf"]} if "lsnAsOf" in manifest else {}),
        **({"tombstones": deleted} if deleted else {}),
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
        self.add("json-plain", "without checksum and id", "IJ-crc32c", "corrupt", {"index.json": plain}, REFUSED)
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
        words = {"field": "note", "language": "english"}
        of_words = {"required": ["text"], "optional": []}
        case("text", "a text index without its feature", "IJ-textIndex", "corrupt", textIndex=words, vectorType="hybrid")
        case("text-feature", "the feature of a text index without one", "IJ-textIndex", "corrupt", features=of_words, vectorType="hybrid")
        case("text-dense", "a text index without sparse values", "IJ-textIndex", "corrupt", features=of_words, textIndex=words)
        case("text-language", "a language in upper case", "IJ-textIndex", "corrupt", features=of_words, vectorType="hybrid",
             textIndex={**words, "language": "English"})  # fmt: skip
        case("text-field", "a text index without a field", "IJ-textIndex", "corrupt", features=of_words, vectorType="hybrid",
             textIndex={"language": "english"})  # fmt: skip
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
        case("model", "vectors of a model without a name", "CJ-embedding", "corrupt", embedding={"dimension": 3, "normalized": True})
        model = {"model": "m", "dimension": 3, "normalized": False, "textField": None}
        case("embedding", "vectors of a model", "CJ-embedding", "ok", embedding=model)

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
