"""A whole local index: manifests, WAL replay, deletion vectors. Written from spec/index.md."""

import base64
import binascii
import decimal as decimals
import json as json_text
import math
import os
import re
import struct
from collections import namedtuple

import slab_filter
from slab_bytes import (
    Corrupt,
    Cursor,
    Missing,
    Unsupported,
    Usage,
    crc32c,
    crc_context,
    need,
    roaring,
    ulid_bytes,
    ulid_text,
)
from slab_file import Record, Slab, check_text_index, read_value
from slab_json import check_header, is_decimal, is_whole, require, strict_json

WAL_MAGIC = bytes.fromhex("89534C574C0D0A1A")
DV_MAGIC = bytes.fromhex("89534C44560D0A1A")
UPSERT, DELETE, UPDATE, DELETE_BY_FILTER, DELETE_ALL, DELETE_BY_PREFIX, UPDATE_BY_FILTER = range(1, 8)
DENSE, SPARSE, METADATA = 1, 2, 4
ZERO = bytes(16)
MAX_METADATA_BYTES = 40960

INDEX_MEMBERS = (
    "id ulid", "name text", "dimension whole", "metric text", "vectorType text", "schema texts|null", "textIndex object", "createdMs whole",
)  # fmt: skip
SETTINGS_MEMBERS = ("id decimal", "commit ulid", "timeMs whole", "deletionProtected flag", "state text", "service object|null", "embedding object|null")
MANIFEST_MEMBERS = (
    "id decimal", "parent decimal", "commit ulid", "operation text", "timeMs whole", "writer text", "namespace text",
    "state text", "lsnFlushed decimal", "walFlushedThrough decimal", "slabs array", "history array", "walHistory array",
    "checkpoints array", "condemned texts", "retired texts", "thresholds object",
)  # fmt: skip
SLAB_MEMBERS = (
    "id ulid", "level whole", "bytes whole", "hotOffset whole", "rows whole", "lsnMin decimal", "lsnMax decimal", "lsnAsOf decimal", "tombstones whole",
    "ledger hex", "algorithm text", "vintage object", "ahead array", "columns array", "deletes object|null",
)  # fmt: skip
STATISTICS_MEMBERS = ("field text", "type text", "rows whole", "min text|number", "max text|number")

WalRecord = namedtuple("WalRecord", "lsn op flags payload")
Wal = namedtuple("Wal", "number commit previous records")


def complement(magic):
    return bytes(255 - byte for byte in magic)


def encode_name(name):
    """The folder of a namespace."""
    name = name or "__default__"
    plain = b"abcdefghijklmnopqrstuvwxyz0123456789_-" + (b"" if name in (".", "..") else b".")
    return "".join(chr(b) if b in plain else f"%{b:02X}" for b in name.encode())


def numbered(folder, suffix):
    """Numbers of the objects of a sequence, ascending."""
    form = re.compile(r"(\d{20})" + re.escape(suffix))
    names = os.listdir(folder) if os.path.isdir(folder) else []
    numbers = [int(match.group(1)) for match in map(form.fullmatch, names) if match]
    return sorted(number for number in numbers if number < 1 << 63)


def object_name(folder, number, suffix):
    return os.path.join(folder, f"{number:020d}{suffix}")


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise Missing(path, "no such object") from error


def checked_json(raw, where):
    """JSON that begins with its own checksum (index.md, section 3)."""
    prefix = b'{"crc32c":"'
    at = len(prefix)
    need(raw[:at] == prefix and len(raw) > at + 8, where, "no checksum at the beginning")
    zeroed = raw[:at] + b"0" * 8 + raw[at + 8 :]
    need(raw[at : at + 8] == b"%08x" % crc32c(zeroed), where, "wrong checksum")
    return strict_json(raw, where)


# ---------------------------------------------------------------- WAL


def decode_wal(raw, number, where):
    """One WAL object: its frame, every checksum, and that it belongs to its number."""
    need(112 <= len(raw) <= 16 << 20, where, f"{len(raw)} bytes are no WAL object")
    need(raw[:8] == WAL_MAGIC, where, "no WAL magic", "W-0")
    major, _, count, _, commit, first, last, previous = struct.unpack_from("<HHI16s16sQQ16s", raw, 8)
    if major != 1:
        raise Unsupported(where, f"major version {major}", "W-8")
    end = len(raw) - 32
    length, again, crc, zero, magic = struct.unpack_from("<QIIQ8s", raw, end)
    need(magic == complement(WAL_MAGIC), where, "no end magic: cut short", "WT-24")
    need(length == len(raw), where, f"length {length}", "WT-0")
    need(zero == 0, where, "reserved bytes are not zero", "WT-16")
    need(count <= 1 << 20, where, f"{count} records", "W-12")
    need(first == number << 20, where, f"first LSN {first} of object {number}", "W-48")
    need(last == first + max(count, 1) - 1, where, f"last LSN {last}", "W-56")
    need(again == count, where, f"{again} records", "WT-8")
    cursor = Cursor(raw, where, 80, end)
    records = []
    checked = bytearray(raw[:80])
    for i in range(count):
        size = cursor.u32()
        need(size >= 2, where, f"record {i} of {size} bytes", "WR-0")
        stored = cursor.u32()
        body = cursor.take(size)
        need(crc_context(commit, number, i, body) == stored, where, f"wrong checksum of record {i}", "WR-4")
        checked += struct.pack("<I", stored)
        records.append(WalRecord(first + i, body[0], body[1], body[2:]))
    cursor.finish()
    need(crc_context(commit, number, count, checked) == crc, where, "wrong checksum of the object", "WT-12")
    return Wal(number, commit, previous, records)


def named_metadata(cursor):
    """The row coding with names instead of field ids."""
    metadata = {}
    previous = None
    for _ in range(cursor.count()):
        name = cursor.text()
        need(previous is None or previous.encode() < name.encode(), cursor.where, f"field {name!r}")
        metadata[name] = read_value(cursor)
        previous = name
    return metadata


class Operation:
    """A decoded WAL record; members that its op does not have are None."""

    def __init__(self, record, spec, where):
        self.lsn, self.op = record.lsn, record.op
        self.id = self.values = self.sparse = self.metadata = self.filter = None
        cursor = Cursor(record.payload, f"{where} LSN {record.lsn}")
        allowed = {UPSERT: 7, UPDATE: 7, UPDATE_BY_FILTER: METADATA | (SPARSE if "textIndex" in spec else 0)}.get(record.op, 0)
        if record.flags & ~allowed or record.op == UPDATE_BY_FILTER and not record.flags & METADATA:
            raise Unsupported(cursor.where, f"flags {record.flags}")
        if record.op in (UPSERT, UPDATE):
            self.id = self._id(cursor)
            self._parts(cursor, record.flags, spec)
        elif record.op == DELETE:
            self.id = self._id(cursor)
        elif record.op == DELETE_BY_PREFIX:
            self.id = cursor.text()
        elif record.op in (DELETE_BY_FILTER, UPDATE_BY_FILTER):
            self.filter = strict_json(cursor.text().encode(), cursor.where)
            problems = slab_filter.problems(self.filter)
            need(not problems, cursor.where, f"a bad filter: {problems}")
            schema = spec.get("schema")
            text = {spec["textIndex"]["field"]} if "textIndex" in spec else set()
            asked = slab_filter.fields(self.filter)
            indexed = not asked & text if schema is None else asked <= set(schema)
            need(indexed, cursor.where, "a filter on a field that is not indexed")
            if record.op == UPDATE_BY_FILTER:
                self._parts(cursor, record.flags, spec)
        cursor.finish()

    @staticmethod
    def _id(cursor):
        ident = cursor.text()
        need(0 < len(ident.encode()) <= 512 and "\0" not in ident, cursor.where, f"id {ident!r}")
        return ident

    def _parts(self, cursor, flags, spec):
        where = cursor.where
        if flags & DENSE:
            need(spec["vectorType"] != "sparse", where, "dense values in a sparse index")
            count = cursor.uvarint()
            need(count == spec["dimension"], where, f"{count} dense values")
            self.values = list(cursor.unpack(f"{count}f"))
        if flags & SPARSE:
            need(spec["vectorType"] != "dense", where, "sparse values in a dense index")
            count = cursor.count()
            indices = list(cursor.unpack(f"{count}I"))
            need(all(a < b for a, b in zip(indices, indices[1:])), where, "indices do not ascend")
            self.sparse = (indices, list(cursor.unpack(f"{count}f")))
        if flags & METADATA:
            self.metadata = named_metadata(cursor)
        if self.op == UPSERT:
            part = self.sparse if spec["vectorType"] == "sparse" else self.values
            need(part is not None, where, "a record without its vector")


def number_size(value):
    """Characters of a number in compact JSON (semantics.md, section 2)."""
    if not math.isfinite(value):
        return len({math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN"))
    if value == 0:
        return 4 if math.copysign(1, value) < 0 else 1
    if abs(value) < 1 << 53 and value == int(value):
        return len(str(int(value)))
    _, digits, exponent = decimals.Decimal(repr(value)).normalize().as_tuple()
    count, power = len(digits), len(digits) - 1 + exponent
    sign = 1 if value < 0 else 0
    if -3 <= power < 7:
        return sign + max(1, power + 1) + 1 + max(1, count - 1 - power)
    return sign + max(2, count) + 2 + len(str(power))


def value_size(value):
    if isinstance(value, bool):
        return 4 if value else 5
    if isinstance(value, (int, float)):
        return number_size(float(value))
    if isinstance(value, str):
        return len(json_text.dumps(value, ensure_ascii=False).encode())
    return 2 + max(0, len(value) - 1) + sum(value_size(element) for element in value)


def metadata_size(metadata):
    """Bytes of metadata as compact JSON."""
    fields = sum(value_size(name) + 1 + value_size(value) for name, value in metadata.items())
    return 2 + max(0, len(metadata) - 1) + fields


def decode_operations(wal, spec, where):
    operations = []
    for record in wal.records:
        if UPSERT <= record.op <= UPDATE_BY_FILTER:
            operations.append(Operation(record, spec, where))
        elif not record.op & 0x80:
            raise Unsupported(where, f"operation {record.op}", "Y-12")
    return operations


# ---------------------------------------------------------------- deletion vectors


def deletion_vector(raw, slab_id, manifest, rows, cardinality, where):
    """The dead rows in a .dv file."""
    need(len(raw) >= 60, where, f"{len(raw)} bytes are no deletion vector")
    need(raw[:8] == DV_MAGIC, where, "no deletion vector", "DV-0")
    major, _, zero, ident, stored, length = struct.unpack_from("<HHI16sQQ", raw, 8)
    if major != 1:
        raise Unsupported(where, f"major version {major}", "DV-8")
    need(zero == 0, where, "reserved bytes are not zero", "DV-12")
    need(ident == slab_id, where, "another slab's id", "DV-16")
    need(stored == cardinality, where, f"{stored} dead rows, not {cardinality}", "DV-32")
    need(length == len(raw) - 60, where, f"a bitmap of {length} bytes", "DV-40")
    need(raw[-8:] == complement(DV_MAGIC), where, "no end magic", "DV-END-8")
    crc = struct.unpack_from("<I", raw, len(raw) - 12)[0]
    need(crc == crc_context(slab_id, manifest, 0, raw[:-12]), where, "wrong checksum", "DV-END-12")
    return roaring(raw[48:-12], where, rows, cardinality)


# ---------------------------------------------------------------- state


class NamespaceState:
    """The records of a namespace: the newest manifest with the WAL replayed over it."""

    def __init__(self, index, namespace):
        self.spec = index.spec
        self.folder = os.path.join(index.root, "ns", encode_name(namespace))
        self.namespace = namespace or "__default__"
        self.memtable = {}
        self.slabs = []
        self.manifest = self._newest()
        if self.manifest is None or not self._exists():
            self.manifest = None
            return
        for entry in self.manifest["slabs"]:
            self.slabs.append(self._slab(entry))
        for operation in self._operations():
            self._apply(operation)

    def _exists(self):
        written = numbered(os.path.join(self.folder, "wal"), ".wal")
        flushed = int(self.manifest["walFlushedThrough"])
        return self.manifest["state"] == "live" or any(number > flushed for number in written)

    def _newest(self):
        folder = os.path.join(self.folder, "manifest")
        numbers = numbered(folder, ".json")
        if not numbers:
            self._require_untouched(folder)
            return None
        where = object_name(folder, numbers[-1], ".json")
        manifest = checked_json(read_file(where), where)
        check_header(manifest, "slab-namespace", where, Unsupported, "NM-")
        self._members(manifest, where)
        need(int(manifest["id"]) == numbers[-1], where, "another number than the name's", "NM-id")
        need(manifest["namespace"] == self.namespace, where, f"namespace {manifest['namespace']!r}", "NM-namespace")
        need(manifest["state"] in ("live", "deleted"), where, f"state {manifest['state']!r}", "NM-state")
        self._histories(manifest, where)
        return manifest

    @staticmethod
    def _members(manifest, where):
        require(manifest, MANIFEST_MEMBERS, where, optional=("condemned", "retired"), table="NM-")
        for entry in manifest["slabs"]:
            require(
                entry,
                SLAB_MEMBERS,
                where,
                optional=("vintage", "ahead", "lsnAsOf", "tombstones"),
                table="NS-",
            )
            require(entry.get("vintage", {"sections": 1, "index": 0}), ["sections whole", "index whole"], where)
            for extent in entry.get("ahead", []):
                require(extent, ["offset whole", "length whole"], where)
            for column in entry["columns"]:
                require(column, STATISTICS_MEMBERS, where, optional=("min", "max"), table="NC-")
        names = [entry["id"] for entry in manifest["slabs"]]
        retired = manifest.get("retired", [])
        need(len(names) == len(set(names)), where, "a slab twice", "NS-id")
        need(len(retired) <= 1024 and len(retired) == len(set(retired)), where, "retired slabs", "NM-retired")
        need(not set(retired) & set(names), where, "a slab that is retired and named", "NM-retired")
        for slab in retired:
            ulid_bytes(slab, where)
        for checkpoint in manifest["checkpoints"]:
            require(checkpoint, ["name text", "manifest decimal", "expiresMs whole"], where)
        require(manifest["thresholds"], [f"{name} whole" for name in manifest["thresholds"] if " " not in name], where)

    def _require_untouched(self, manifests):
        """Without any manifest nothing but the anchor of the log may be there (section 1)."""
        left = [n for n in numbered(os.path.join(self.folder, "wal"), ".wal") if n > 0]
        for part, form in (("slabs", r"[0-9A-Z]{26}\.slab"), ("deletes", r"[0-9A-Za-z-]{1,120}\.dv")):
            folder = os.path.join(self.folder, part)
            names = os.listdir(folder) if os.path.isdir(folder) else []
            left += [name for name in names if re.fullmatch(form, name)]
        if left:
            raise Missing(manifests, f"no manifest beside {left[0]}")

    @staticmethod
    def _histories(manifest, where):
        history, wal = manifest["history"], manifest["walHistory"]
        need(history and wal and len(history) <= 256 and len(wal) <= 1024, where, "histories")
        for rows, last in ((history, manifest["id"]), (wal, manifest["walFlushedThrough"])):
            need(all(len(row) > 1 and is_decimal(row[0]) for row in rows), where, "a row of a history")
            numbers = [int(row[0]) for row in rows]
            end = int(last)
            need(numbers == list(range(end - len(rows) + 1, end + 1)), where, "history with a gap")
        need(history[-1][1] == manifest["commit"], where, "history that ends elsewhere")

    def _slab(self, entry):
        name = os.path.join(self.folder, "slabs", entry["id"] + ".slab")
        slab = Slab(read_file(name), name)
        need(ulid_text(slab.id) == entry["id"], name, "another slab's id")
        need(len(slab.data) == entry["bytes"] and slab.rows == entry["rows"], name, "length or rows")
        need(slab.manifest["level"] == entry["level"], name, "level")
        need(slab.manifest["lsnMin"] == entry["lsnMin"], name, "smallest LSN")
        need(slab.manifest["lsnMax"] == entry["lsnMax"], name, "largest LSN")
        need(slab.manifest.get("lsnAsOf") == entry.get("lsnAsOf"), name, "LSN that its rows take account of")
        deletes = len(slab.tombstones()) + len(slab.range_tombstones())
        need(deletes == entry.get("tombstones", 0), name, "number of deletes")
        need(slab.manifest["ledger"] == entry["ledger"], name, "ledger")
        need(slab.manifest.get("vintage") == entry.get("vintage"), name, "what made its derived sections")
        for member in ("metric", "vectorType", "dimension"):
            need(slab.manifest[member] == self.spec[member], name, f"{member} is not the index's")
        text = slab.manifest.get("textIndex", {})
        own = self.spec.get("textIndex", {})
        for member in ("field", "language"):
            need(text.get(member) == own.get(member), name, f"{member} of the text index is not the index's")
        rows = {record.id: record for record in slab.records()}
        dead = self._dead(entry, slab)
        ids = list(rows)
        for row in dead:
            del rows[ids[row]]
        return slab, rows

    def _dead(self, entry, slab):
        deletes = entry.get("deletes")
        if deletes is None:
            return []
        require(deletes, ["cardinality whole", "inline text", "file text"], slab.name, optional=("inline", "file"))
        cardinality = deletes["cardinality"]
        need(cardinality > 0, slab.name, "an empty deletion vector")
        need(("inline" in deletes) != ("file" in deletes), slab.name, "dead rows inline and in a file, or nowhere")
        if "inline" in deletes:
            try:
                raw = base64.b64decode(deletes["inline"], validate=True)
            except (binascii.Error, ValueError) as error:
                raise Corrupt(slab.name, "deletion vector is no base64") from error
            need(base64.b64encode(raw).decode() == deletes["inline"], slab.name, "base64 without its padding")
            return roaring(raw, slab.name + " deletion vector", slab.rows, cardinality)
        match = re.fullmatch(r"([0-9A-Z]{26})-(0|[1-9][0-9]*)-([0-9A-Z]{26})\.dv", deletes["file"])
        need(match and match.group(1) == entry["id"], slab.name, f"deletion vector {deletes['file']!r}")
        ulid_bytes(match.group(3), slab.name)
        name = os.path.join(self.folder, "deletes", deletes["file"])
        manifest = int(match.group(2))
        return deletion_vector(read_file(name), slab.id, manifest, slab.rows, cardinality, name)

    def _operations(self):
        folder = os.path.join(self.folder, "wal")
        expected = int(self.manifest["walFlushedThrough"])
        previous = ulid_bytes(self.manifest["walHistory"][-1][1], folder)
        written = [number for number in numbered(folder, ".wal") if number >= expected]
        if not written:
            raise Missing(folder, f"neither object {expected} of the log nor a later one", "R-3")
        for number in written:
            if number == int(self.manifest["walFlushedThrough"]):
                continue
            expected += 1
            if number != expected:
                raise Missing(object_name(folder, expected, ".wal"), "a hole in the WAL", "R-9")
            where = object_name(folder, number, ".wal")
            wal = decode_wal(read_file(where), number, where)
            need(wal.previous in (ZERO, previous), where, "another predecessor", "W-64")
            previous = wal.commit
            yield from decode_operations(wal, self.spec, where)

    # ------------------------------------------------------------ replay

    def _visible(self, ident):
        if ident in self.memtable:
            return self.memtable[ident]
        for _, rows in reversed(self.slabs):
            if ident in rows:
                return rows[ident]
        return None

    def _apply(self, op):
        if op.op == UPSERT:
            record = Record(op.id, op.lsn, op.values, op.sparse, op.metadata or {})
            self.memtable[op.id] = record
        elif op.op == DELETE:
            self.memtable[op.id] = None
        elif op.op == UPDATE:
            record = self._visible(op.id)
            if record is not None:
                self._change([record], op)
        elif op.op == DELETE_ALL:
            self.memtable.clear()
            for _, rows in self.slabs:
                rows.clear()
        elif op.op == UPDATE_BY_FILTER:
            chosen = [r for r in self.records() if slab_filter.matches(op.filter, r.metadata)]
            self._change(chosen, op)
        elif op.op == DELETE_BY_FILTER:
            self._delete_where(lambda record: slab_filter.matches(op.filter, record.metadata))
        else:
            prefix = op.id.encode()
            self._delete_where(lambda record: record.id.encode().startswith(prefix))

    def _change(self, records, op):
        """Changes records; one whose metadata would pass the limit stays as it is."""
        for changed in [self._changed(record, op) for record in records]:
            if op.metadata is None or metadata_size(changed.metadata) <= MAX_METADATA_BYTES:
                self.memtable[changed.id] = changed

    @staticmethod
    def _changed(record, op):
        return Record(
            record.id,
            op.lsn,
            record.values if op.values is None else op.values,
            record.sparse if op.sparse is None else op.sparse,
            {**record.metadata, **(op.metadata or {})},
        )

    def _delete_where(self, chosen):
        for _, rows in self.slabs:
            for ident in [i for i, r in rows.items() if i not in self.memtable and chosen(r)]:
                del rows[ident]
        for ident, record in list(self.memtable.items()):
            if record is not None and chosen(record):
                self.memtable[ident] = None

    def records(self):
        """All records, in id order; each id at most once."""
        records = [record for record in self.memtable.values() if record is not None]
        for _, rows in self.slabs:
            records.extend(record for ident, record in rows.items() if ident not in self.memtable)
        records.sort(key=lambda record: record.id.encode())
        for a, b in zip(records, records[1:]):
            need(a.id != b.id, self.folder, f"the id {a.id!r} twice")
        return records


def check_embedding(value, where):
    """The member `embedding` of settings that is not null."""
    text, field = value.get("model"), value.get("textField")
    need(isinstance(text, str) and 1 <= len(text) <= 512, where, f"model {text!r}", "CJ-embedding")
    need(is_whole(value.get("dimension")) and 1 <= value["dimension"] <= 20000, where, "dimension", "CJ-embedding")
    need(isinstance(value.get("normalized"), bool), where, "normalized", "CJ-embedding")
    need(field is None or isinstance(field, str) and 1 <= len(field) <= 512, where, f"field {field!r}", "CJ-embedding")


class Index:
    """An index folder."""

    def __init__(self, root):
        self.root = root
        where = os.path.join(root, "index.json")
        self.spec = checked_json(read_file(where), where)
        check_header(self.spec, "slab-index", where, Unsupported, "IJ-", features=("text",))
        require(self.spec, INDEX_MEMBERS, where, optional=("textIndex",), table="IJ-")
        text = "text" in self.spec["features"]["required"]
        need(text == ("textIndex" in self.spec), where, "a textIndex goes with its feature", "IJ-textIndex")
        if text:
            check_text_index(self.spec["textIndex"], where, "IJ-textIndex")
            need(self.spec["vectorType"] != "dense", where, "a dense index with terms", "IJ-textIndex")
        need(self.spec.get("metric") in ("cosine", "euclidean", "dotproduct"), where, "metric")
        need(self.spec.get("vectorType") in ("dense", "sparse", "hybrid"), where, "vectorType")
        self._require_live()

    def _require_live(self):
        folder = os.path.join(self.root, "config")
        numbers = numbered(folder, ".json")
        if not numbers:
            return
        where = object_name(folder, numbers[-1], ".json")
        settings = checked_json(read_file(where), where)
        check_header(settings, "slab-config", where, Unsupported, "CJ-")
        require(settings, SETTINGS_MEMBERS, where, optional=("state", "service", "embedding"), table="CJ-")
        if settings.get("embedding") is not None:
            check_embedding(settings["embedding"], where)
        need(int(settings["id"]) == numbers[-1], where, "another number than the name's", "CJ-id")
        state = settings.get("state", "live")
        need(state in ("live", "dropped", "removing"), where, f"state {state!r}", "CJ-state")
        if state != "live":
            raise Usage(self.root, f"the index was dropped (state {state})")

    def namespace(self, name):
        return NamespaceState(self, name)

    def check_filter(self, filter_json):
        """Refuses a filter that breaks a rule, and one on a field that is not indexed."""
        slab_filter.check(filter_json)
        schema = self.spec.get("schema")
        if schema is not None:
            outside = slab_filter.fields(filter_json) - set(schema)
            if outside:
                raise Usage("filter", f"not indexed in this index's schema: {sorted(outside)}")
