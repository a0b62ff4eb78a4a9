"""One slab file: container, sections, records. Written from spec/slab-file.md."""

import math
import re
import struct
from collections import namedtuple

import slab_filter
from slab_bytes import (
    MAX_BLOCK,
    Cursor,
    Missing,
    Unsupported,
    crc32c,
    crc_context,
    need,
    packed_bytes,
    roaring,
    ulid_bytes,
    ulid_text,
    unpack_bits,
    utf8,
    xxh64,
    zstd_block,
)
from slab_json import is_whole, require, strict_json

MAGIC = bytes.fromhex("89534C41420D0A1A")
END_MAGIC = bytes(255 - b for b in MAGIC)
HEADER, TRAILER, ENTRY, CHUNK = 64, 80, 64, 65536
NO_COLUMN = 0xFFFF
CRITICAL, HOT, CHUNKED, DERIVED = 1, 2, 4, 8
MAX_FILE = 1 << 48

MANIFEST, CHUNK_CRCS = 0x01, 0x02
ID_BLOCKS, ID_TOP, ID_BLOOM, ROW_LSN, TOMBSTONES = 0x10, 0x11, 0x12, 0x13, 0x14
TOMBSTONE_LSN, RANGE_TOMBSTONES = 0x15, 0x16
RAW_VECTORS, SPARSE_ROWS, SPARSE_DICT, SPARSE_POSTINGS, INVERSE_NORMS = 0x20, 0x21, 0x22, 0x23, 0x24
META_ROWS, META_BLOCKS = 0x30, 0x31
COLUMN_DICT, COLUMN_CODES, BITMAP_DICT, BITMAP_DATA, RANK_SLICES = 0x40, 0x41, 0x42, 0x43, 0x44
ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS, PQ_CODEBOOK = 0x51, 0x52, 0x53, 0x54, 0x55
COLUMN_KINDS = (COLUMN_DICT, COLUMN_CODES, BITMAP_DICT, BITMAP_DATA, RANK_SLICES)
PARAM_KINDS = (ID_BLOCKS, ID_BLOOM, TOMBSTONES, RAW_VECTORS, SPARSE_DICT, COLUMN_CODES)
PAGE = 12

# Ids whose rows are their ranks, and ids with the number of their row.
ID_ENCODINGS = IDS_IN_ROW_ORDER, IDS_NUMBERED = 1, 2

NAMES = {
    value: name
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, int) and name
    in (
        "MANIFEST CHUNK_CRCS ID_BLOCKS ID_TOP ID_BLOOM ROW_LSN TOMBSTONES TOMBSTONE_LSN RANGE_TOMBSTONES RAW_VECTORS SPARSE_ROWS SPARSE_DICT "
        "SPARSE_POSTINGS INVERSE_NORMS META_ROWS META_BLOCKS COLUMN_DICT COLUMN_CODES BITMAP_DICT BITMAP_DATA RANK_SLICES "
        "ROTATION IVF_CENTROIDS IVF_DIR IVF_LISTS PQ_CODEBOOK"
    ).split()
}
# What a range tombstone is about.
RANGE_KINDS = RANGE_ALL, RANGE_PREFIX, RANGE_FILTER, RANGE_OTHER_SLABS, RANGE_RESTORED, RANGE_FLUSHED = range(6)

TYPES = ("string", "number", "boolean", "list")
BLOOM_SALT = (
    0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31,
)  # fmt: skip

SLAB_MEMBERS = (
    "format text", "version array", "id ulid", "namespace text", "writer text", "level whole", "rows whole",
    "dimension whole", "metric text", "vectorType text", "textIndex object", "lsnMin lsn", "lsnMax lsn", "fields texts", "columns array",
    "algorithm object", "sources texts", "vintage object", "ledger hex", "lsnAsOf lsn", "vectors array",
)  # fmt: skip
VECTOR_MEMBERS = ("number whole", "name text", "kind text", "dimension whole", "metric text")
COLUMN_MEMBERS = ("id whole", "field text", "type text", "rows whole", "distinct whole")

Entry = namedtuple(
    "Entry",
    "kind column part codec flags offset stored raw items encoding alignment crc first_chunk param",
)
Record = namedtuple("Record", "id lsn values sparse metadata")
LENGTH = 0xFFFFFFFF  # the dimension that has the length of a text


def check_text_index(value, where, rule):
    """The member `textIndex` of index.json and of a slab's manifest (text.md)."""
    require(value, ["field text", "language text"], where, rule=rule)
    need(re.fullmatch("[a-z][a-z0-9-]{0,31}", value["language"]), where, f"language {value['language']!r}", rule)


def bit_length(number):
    return max(0, number).bit_length()


def value_type(value):
    """The column type of a metadata value."""
    if isinstance(value, bool):
        return "boolean"
    return {str: "string", float: "number", list: "list"}[type(value)]


def read_value(cursor):
    """A tag and its payload (slab-file.md 9.10)."""
    tag = cursor.u8()
    if tag == 1:
        return cursor.text()
    if tag == 2:
        return cursor.f64()
    if tag in (3, 4):
        return tag == 4
    need(tag == 5, cursor.where, f"value tag {tag}")
    return [cursor.text() for _ in range(cursor.count())]


def check_values(values, where):
    need(all(map(math.isfinite, values)), where, "a value that is not finite")
    return list(values)


class Slab:
    """An opened slab; `data` is bytes or a memory map. Sections are verified when first used."""

    def __init__(self, data, name="slab"):
        self.data = data
        self.name = name
        self._verified = {}
        self._strings = {}
        self._records = None
        length = len(data)
        need(HEADER + TRAILER <= length <= MAX_FILE, name, f"{length} bytes are no slab")
        self._trailer()
        self._header()
        self._directory()
        self.manifest = self._manifest()

    # ------------------------------------------------------------ container

    def _trailer(self):
        where = self.name + " trailer"
        raw = bytes(self.data[-TRAILER:])
        need(raw[72:] == END_MAGIC, where, "no end magic: not a slab, or cut short", "T-72")
        fields = struct.unpack("<QII16sQQQQHHI8s", raw)
        (self.dir_offset, self.count, self.dir_crc, self.id, self.hot_offset, length) = fields[:6]
        required, self.optional, major, self.minor, crc = fields[6:11]
        if major != 1:
            raise Unsupported(where, f"major version {major}", "T-64")
        need(crc == crc32c(raw[:68] + bytes(4) + raw[72:]), where, "wrong checksum", "T-68")
        need(length == len(self.data), where, f"{len(self.data)} bytes, {length} written", "T-40")
        if required:
            raise Unsupported(where, f"required feature bit {(required & -required).bit_length() - 1}", "T-48")
        need(self.count <= 65535, where, f"{self.count} entries", "T-8")
        end = len(self.data) - TRAILER
        need(
            self.dir_offset >= HEADER and self.dir_offset % 64 == 0
            and self.dir_offset + ENTRY * self.count == end,
            where,
            f"{self.count} entries at {self.dir_offset}",
            "T-0",
        )
        need(HEADER <= self.hot_offset <= self.dir_offset, where, f"hot offset {self.hot_offset}", "T-32")
        need(self.hot_offset % 64 == 0, where, f"hot offset {self.hot_offset}", "T-32")

    def _header(self):
        where = self.name + " header"
        raw = bytes(self.data[:HEADER])
        need(raw[:8] == MAGIC, where, "no slab magic", "H-0")
        major, minor, zero, ident, self.created = struct.unpack_from("<HHI16sQ", raw, 8)
        if major != 1:
            raise Unsupported(where, f"major version {major}", "H-8")
        need(struct.unpack_from("<I", raw, 60)[0] == crc32c(raw[:60]), where, "wrong checksum", "H-60")
        need(zero == 0, where, "reserved bytes are not zero", "H-12")
        need(not any(raw[40:60]), where, "reserved bytes are not zero", "H-40")
        need(ident == self.id, where, "another id than the trailer's", "H-16")
        need(minor == self.minor, where, "another minor than the trailer's", "H-10")

    def _directory(self):
        where = self.name + " directory"
        raw = bytes(self.data[self.dir_offset : self.dir_offset + ENTRY * self.count])
        need(crc_context(self.id, self.dir_offset, 0, raw) == self.dir_crc, where, "wrong checksum", "T-12")
        self.entries = [self._entry(raw[at : at + ENTRY], where) for at in range(0, len(raw), ENTRY)]
        order = [entry[:3] for entry in self.entries]
        need(all(a < b for a, b in zip(order, order[1:])), where, "entries do not ascend", "D-0")
        self.by_offset = sorted(self.entries, key=lambda e: (e.offset, e.stored))
        for a, b in zip(self.by_offset, self.by_offset[1:]):
            need(a.offset + a.stored <= b.offset, where, f"{label(b)} overlaps {label(a)}", "D-8")
        self._chunk_table(where)

    def _chunk_table(self, where):
        """The runs of the chunked sections cover CHUNK_CRCS exactly once."""
        table = self.find(CHUNK_CRCS)
        if table:
            need(table.stored == 4 * table.items, where, f"{table.items} chunk checksums")
        at = 0
        chunked = [entry for entry in self.entries if entry.flags & CHUNKED]
        for entry in sorted(chunked, key=lambda e: e.first_chunk):
            need(entry.first_chunk == at, where, f"chunks of {label(entry)} from {entry.first_chunk}, not {at}", "D-52")
            at += chunk_count(entry)
        need(at == (table.items if table else 0), where, f"{at} chunks", "D-52")

    def _entry(self, raw, where):
        fields = struct.unpack("<HHHBBQQQQHHB3sIIQ", raw)
        entry = Entry(*fields[:10], fields[11], *fields[13:])
        if not known(entry) and entry.flags & CRITICAL:
            raise Unsupported(where, f"critical section {label(entry)}", "Y-4")
        need(entry.flags < 16, where, f"reserved flags of {label(entry)}", "D-7")
        need(fields[10] == 0, where, f"reserved bytes of {label(entry)}", "D-42")
        need(fields[12] == bytes(3), where, f"reserved bytes of {label(entry)}", "D-45")
        need(
            HEADER <= entry.offset and entry.offset + entry.stored <= self.dir_offset,
            where,
            f"{label(entry)} at {entry.offset} of {entry.stored} bytes",
            "D-16",
        )
        need(
            6 <= entry.alignment <= 30 and entry.offset % (1 << entry.alignment) == 0,
            where,
            f"alignment of {label(entry)}",
            "D-44",
        )
        need(entry.raw >> 63 == 0, where, f"numbers of {label(entry)}", "D-24")
        need(entry.items >> 63 == 0, where, f"numbers of {label(entry)}", "D-32")
        need(entry.codec or entry.raw == entry.stored, where, f"raw length of {label(entry)}", "D-24")
        chunked = entry.kind != CHUNK_CRCS and entry.stored > CHUNK
        need(bool(entry.flags & CHUNKED) == chunked, where, f"chunked flag of {label(entry)}", "F-CHUNKED")
        need(chunked or entry.first_chunk == 0, where, f"first chunk of {label(entry)}", "D-52")
        hot = bool(entry.flags & HOT)
        need(not entry.stored or hot == (entry.offset >= self.hot_offset), where, f"hot flag of {label(entry)}", "F-HOT")
        if known(entry):
            self._meaning(entry, where)
        return entry

    @staticmethod
    def _meaning(entry, where):
        """Fields that mean something, or nothing, for the kind of the section."""
        need((entry.kind in COLUMN_KINDS) == (entry.column != NO_COLUMN), where, f"column of {label(entry)}", "D-2")
        if entry.encoding not in encodings_of(entry.kind):
            return
        param = entry.kind in PARAM_KINDS or entry.kind == COLUMN_DICT and entry.encoding == 1
        need(param or entry.param == 0, where, f"param of {label(entry)}", "D-56")
        need(entry.kind != RAW_VECTORS or entry.alignment == PAGE, where, "vectors lie on 4096", "D-44")

    def find(self, kind, column=NO_COLUMN):
        for entry in self.entries:
            if entry[:3] == (kind, column, 0):
                return entry
        return None

    def require(self, kind, column=NO_COLUMN, encodings=(1,)):
        entry = self.find(kind, column)
        need(entry is not None, self.name, f"no section {NAMES[kind]}", f"K-0x{kind:02x}")
        blocks = kind in (ID_BLOCKS, TOMBSTONES, META_ROWS)
        blocks = blocks or kind == COLUMN_DICT and entry.encoding == 1
        if entry.codec != blocks:
            raise Unsupported(self.where(entry), f"codec {entry.codec}", "D-6")
        if entry.encoding not in encodings:
            raise Unsupported(self.where(entry), f"encoding {entry.encoding}", "D-40")
        return entry

    def where(self, entry):
        return f"{self.name} {label(entry)}"

    def bytes(self, entry):
        """All bytes of a section, verified."""
        data = self._verified.get(entry[:3])
        if data is None:
            data = bytes(self.data[entry.offset : entry.offset + entry.stored])
            self._verify(entry, data)
            self._verified[entry[:3]] = data
        return data

    def _verify(self, entry, data):
        where = self.where(entry)
        if not entry.flags & CHUNKED:
            need(crc_context(self.id, entry.offset, 0, data) == entry.crc, where, "wrong checksum", "D-48")
            return
        table = self.bytes(self.require(CHUNK_CRCS))
        run = table[4 * entry.first_chunk : 4 * (entry.first_chunk + chunk_count(entry))]
        need(
            crc_context(self.id, entry.offset, 0xFFFFFFFF, run) == entry.crc,
            where,
            "wrong checksum of the chunk checksums",
            "D-48",
        )
        for n, crc in enumerate(struct.unpack(f"<{len(run) // 4}I", run)):
            chunk = data[n * CHUNK : (n + 1) * CHUNK]
            need(crc_context(self.id, entry.offset, n, chunk) == crc, where, f"wrong checksum of chunk {n}", "D-48")

    # ------------------------------------------------------------ manifest

    def _manifest(self):
        entry = self.require(MANIFEST)
        where = self.where(entry)
        manifest = strict_json(self.bytes(entry), where)
        require(manifest, SLAB_MEMBERS, where, optional=("vintage", "lsnAsOf", "vectors", "textIndex"), table="SM-")
        if "textIndex" in manifest:
            check_text_index(manifest["textIndex"], where, "SM-textIndex")
            require(manifest["textIndex"], ["texts whole", "terms whole"], where, rule="SM-textIndex")
        self._named_vectors(manifest.get("vectors", []), where)
        require(manifest["algorithm"], ["name text"], where, rule="SM-algorithm")
        vintage = manifest.get("vintage", {"sections": 1, "index": 0})
        require(vintage, ["sections whole", "index whole"], where, rule="SM-vintage")
        need(manifest["format"] == "slab", where, "not a slab manifest", "SM-format")
        for source in manifest["sources"]:
            ulid_bytes(source, where)
        need(manifest.get("id") == ulid_text(self.id), where, "another slab's id", "SM-id")
        ids = self.require(ID_BLOCKS, encodings=ID_ENCODINGS)
        self.rows = ids.items
        need(manifest.get("rows") == self.rows, where, f"{manifest.get('rows')} rows, {self.rows} ids", "SM-rows")
        need(self.rows <= (1 << 31) - 9, where, f"{self.rows} rows")
        self.vector_type = manifest.get("vectorType")
        self.metric = manifest.get("metric")
        self.dimension = manifest.get("dimension")
        if self.vector_type not in ("dense", "sparse", "hybrid"):
            raise Unsupported(where, f"vector type {self.vector_type!r}", "SM-vectorType")
        if self.metric not in ("cosine", "euclidean", "dotproduct"):
            raise Unsupported(where, f"metric {self.metric!r}", "SM-metric")
        need(is_whole(self.dimension) and self.dimension <= 20_000, where, f"dimension {self.dimension}", "SM-dimension")
        need((self.dimension == 0) == (self.vector_type == "sparse"), where, f"dimension {self.dimension}", "SM-dimension")
        self.fields = manifest.get("fields")
        need(isinstance(self.fields, list), where, "no fields")
        keys = [field.encode() for field in self.fields]
        need(all(a < b for a, b in zip(keys, keys[1:])), where, "fields do not ascend", "SM-fields")
        self._columns(manifest, where)
        return manifest

    @staticmethod
    def _named_vectors(vectors, where):
        """This version has no use for vectors with names, and holds them to their form (9.16)."""
        names = set()
        last = 0
        for vector in vectors:
            require(vector, VECTOR_MEMBERS, where, table="SV-")
            need(last < vector["number"] <= 0xFFFF, where, f"vector {vector['number']} after {last}", "SV-number")
            need(vector["name"] and vector["name"] not in names, where, f"vector name {vector['name']!r}", "SV-name")
            names.add(vector["name"])
            last = vector["number"]

    def _columns(self, manifest, where):
        self.columns = manifest.get("columns")
        need(isinstance(self.columns, list), where, "no columns")
        order = []
        for number, column in enumerate(self.columns):
            require(column, COLUMN_MEMBERS, where, table="SC-")
            if column["type"] not in TYPES:
                raise Unsupported(where, f"column type {column['type']!r}", "SC-type")
            need(column["id"] == number, where, f"column {number}", "SC-id")
            need(column["rows"] >= 1, where, f"column {number}", "SC-rows")
            need(column["field"] in self.fields, where, f"column of unknown field {column['field']}", "SC-field")
            order.append((column["field"].encode(), TYPES.index(column["type"])))
        need(all(a < b for a, b in zip(order, order[1:])), where, "columns do not ascend", "SM-columns")
        for entry in self.entries:
            if not known(entry) or entry.kind not in COLUMN_KINDS:
                continue
            need(entry.column < len(self.columns), where, f"no column for {label(entry)}", "D-2")
            of = self.columns[entry.column]["type"]
            need(entry.kind != COLUMN_DICT or of != "boolean", where, f"{label(entry)} of a boolean column", "K-0x40")
            need(entry.kind != RANK_SLICES or of == "number", where, f"{label(entry)} of a {of} column", "K-0x44")

    # ------------------------------------------------------------ sections

    def strings(self, entry):
        """All strings of a StringBlocks section."""
        return self._string_blocks(entry)[0]

    def _string_blocks(self, entry):
        """All strings of a StringBlocks section, and the number of each; no numbers where it has none."""
        if entry[:3] not in self._strings:
            self._strings[entry[:3]] = self._read_blocks(entry)
        return self._strings[entry[:3]]

    def _read_blocks(self, entry):
        numbered = entry.kind == ID_BLOCKS and entry.encoding == IDS_NUMBERED
        where = self.where(entry)
        data = self.bytes(entry)
        cursor = Cursor(data, where)
        size, blocks = cursor.u32(), cursor.u32()
        need(size >= 1 and size == entry.param, where, f"{size} strings in a block")
        need(blocks == -(-entry.items // size), where, f"{blocks} blocks for {entry.items} strings")
        table = list(struct.iter_unpack("<QII", cursor.take(16 * blocks)))
        strings, numbers = [], []
        at = cursor.at
        raw_length = at + (4 * entry.items if numbered else 0)
        for offset, stored, raw in table:
            need(offset == at and at + stored <= len(data), where, f"a block at {offset}, {at} expected")
            need(raw <= MAX_BLOCK, where, f"a block of {raw} bytes")
            block = zstd_block(data[at : at + stored], raw, f"{where} block at {at}")
            count = min(size, entry.items - len(strings))
            strings.extend(front_coded(block, count, where))
            at += stored
            raw_length += raw
            if numbered:
                need(at + 4 * count <= len(data), where, f"no room for {count} numbers at {at}")
                numbers.extend(struct.unpack_from(f"<{count}I", data, at))
                at += 4 * count
        need(at == len(data), where, f"{len(data) - at} bytes after the last block")
        need(entry.raw == raw_length, where, f"raw length {entry.raw}, {raw_length} found")
        need(all(a < b for a, b in zip(strings, strings[1:])), where, "strings do not ascend")
        return strings, numbers

    def ids(self):
        """All ids by rank, that is, in byte order."""
        entry = self.require(ID_BLOCKS, encodings=ID_ENCODINGS)
        ids = self.strings(entry)
        for ident in ids:
            need(0 < len(ident) <= 512 and 0 not in ident, self.where(entry), f"id {ident!r}")
        return [utf8(ident, self.where(entry)) for ident in ids]

    def rows_of_ids(self):
        """The row of the id of each rank."""
        entry = self.require(ID_BLOCKS, encodings=ID_ENCODINGS)
        if entry.encoding == IDS_IN_ROW_ORDER:
            return list(range(self.rows))
        rows = self._string_blocks(entry)[1]
        need(sorted(rows) == list(range(self.rows)), self.where(entry), "the ids do not have a row each")
        return rows

    def lsns(self):
        return self._lsns(self.require(ROW_LSN), self.rows)

    def _lsns(self, entry, items):
        cursor = Cursor(self.bytes(entry), self.where(entry))
        base, width = cursor.u64(), cursor.u32()
        cursor.zeros(4)
        need(entry.items == items, cursor.where, f"{entry.items} LSNs for {items} items")
        need(width <= 64, cursor.where, f"a width of {width} bits")
        return [base + n for n in unpack_bits(cursor.take(cursor.left()), items, width, cursor.where)]

    def lsn_base(self, kind=ROW_LSN):
        return struct.unpack_from("<Q", self.bytes(self.require(kind)))[0]

    def lsn_as_of(self):
        """LSN of a write after which every row was alive; None where the slab does not say."""
        text = self.manifest.get("lsnAsOf")
        return None if text is None else int(text)

    def tombstones(self):
        """Deleted ids, each with the LSN up to which its records are."""
        entry = self.find(TOMBSTONES)
        if entry is None:
            return []
        ids = self.strings(self.require(TOMBSTONES))
        return list(zip(ids, self._lsns(self.require(TOMBSTONE_LSN), len(ids))))

    def range_tombstones(self):
        """Deletes of many records: LSN, kind, argument."""
        if self.find(RANGE_TOMBSTONES) is None:
            return []
        entry = self.require(RANGE_TOMBSTONES)
        cursor = Cursor(self.bytes(entry), self.where(entry))
        found = []
        for _ in range(entry.items):
            lsn, kind = cursor.u64(), cursor.u8()
            if kind not in RANGE_KINDS:
                raise Unsupported(cursor.where, f"range tombstone of kind {kind}")
            argument = cursor.take(cursor.uvarint())
            self._argument(kind, argument, cursor.where)
            found.append((lsn, kind, argument))
        need(cursor.left() == 0, cursor.where, f"{cursor.left()} bytes behind the last")
        need(all(a < b for a, b in zip(found, found[1:])), cursor.where, "range tombstones do not ascend")
        return found

    @staticmethod
    def _argument(kind, argument, where):
        if kind in (RANGE_ALL, RANGE_FLUSHED):
            need(not argument, where, f"an argument of {len(argument)} bytes")
        elif kind == RANGE_PREFIX:
            need(1 <= len(argument) <= 512, where, f"a prefix of {len(argument)} bytes")
        elif kind == RANGE_FILTER:
            problems = slab_filter.problems(strict_json(argument, where))
            need(not problems, where, f"a bad filter: {problems}")
        else:
            ids = [argument[at : at + 16] for at in range(0, len(argument), 16)]
            need(len(argument) % 16 == 0 and all(a < b for a, b in zip(ids, ids[1:])), where, "slab ids")

    def vectors(self):
        """Dense rows as lists of floats; None for each row of a sparse slab."""
        if self.vector_type == "sparse":
            return [None] * self.rows
        entry = self.require(RAW_VECTORS)
        where = self.where(entry)
        need(entry.param == self.dimension and entry.items == self.rows, where, "another shape")
        need(entry.stored == self.rows * self.dimension * 4, where, f"{entry.stored} bytes")
        form = f"<{self.dimension}f"
        return [list(row) for row in struct.iter_unpack(form, self.bytes(entry))]

    def sparse(self):
        """Sparse rows as (indices, weights), None where a record has none."""
        if self.vector_type == "dense":
            return [None] * self.rows
        entry = self.require(SPARSE_ROWS)
        where = self.where(entry)
        data = self.bytes(entry)
        cursor = Cursor(data, where)
        need(entry.items == self.rows, where, f"{entry.items} rows of {self.rows}")
        offsets = cursor.unpack(f"{self.rows + 1}Q")
        need(offsets[0] == cursor.at and offsets[-1] == len(data), where, "offsets")
        rows = []
        for a, b in zip(offsets, offsets[1:]):
            need(a <= b and (b - a) % 8 == 0, where, f"a row of {b - a} bytes")
            n = (b - a) // 8
            indices = struct.unpack(f"<{n}I", cursor.take(4 * n))
            need(all(x < y for x, y in zip(indices, indices[1:])), where, "indices do not ascend")
            weights = list(cursor.unpack(f"{n}f"))
            rows.append((list(indices), weights) if n else None)
        return rows

    def metadata(self):
        """The metadata of each row as a dict."""
        entry, blocks = self.require(META_ROWS), self.require(META_BLOCKS)
        where = self.where(entry)
        data, table = self.bytes(entry), self.bytes(blocks)
        need(len(table) == 24 * blocks.items and entry.items == self.rows, where, "block table")
        rows = []
        at = raw_length = 0
        for offset, stored, raw, first, count in struct.iter_unpack("<QIIII", table):
            need(offset == at and at + stored <= len(data), where, f"a block at {offset}, {at} expected")
            need(first == len(rows) and 1 <= count <= self.rows - first, where, f"rows {first} + {count}")
            cursor = Cursor(zstd_block(data[at : at + stored], raw, f"{where} block at {at}"), where)
            rows.extend(self._row(cursor) for _ in range(count))
            cursor.finish()
            at += stored
            raw_length += raw
        need(at == len(data) and len(rows) == self.rows, where, "bytes or rows left over")
        need(entry.raw == raw_length, where, f"raw length {entry.raw}, {raw_length} found")
        return rows

    def _row(self, cursor):
        row = {}
        previous = -1
        for _ in range(cursor.count()):
            field = cursor.uvarint()
            need(previous < field < len(self.fields), cursor.where, f"field id {field}")
            row[self.fields[field]] = read_value(cursor)
            previous = field
        return row

    def records(self):
        """All records, in row order."""
        if self._records is None:
            ids = [None] * self.rows
            for ident, row in zip(self.ids(), self.rows_of_ids()):
                ids[row] = ident
            parts = zip(ids, self.lsns(), self.vectors(), self.sparse(), self.metadata())
            self._records = [Record(*part) for part in parts]
        return list(self._records)

    # ------------------------------------------------------------ columns

    def dictionary(self, column):
        """The distinct values of a column, by rank."""
        if column["type"] == "boolean":
            return [False, True]
        number = column["type"] == "number"
        entry = self.require(COLUMN_DICT, column["id"], (2,) if number else (1,))
        where = self.where(entry)
        if not number:
            return [utf8(value, where) for value in self.strings(entry)]
        data = self.bytes(entry)
        need(len(data) == 8 * entry.items, where, f"{len(data)} bytes for {entry.items} numbers")
        values = check_values(struct.unpack(f"<{entry.items}d", data), where)
        need(all(a < b for a, b in zip(values, values[1:])), where, "numbers do not ascend")
        need(all(math.copysign(1, v) > 0 for v in values if v == 0), where, "a negative zero")
        return values

    def codes(self, column, distinct):
        """For each row the list of its ranks, from COLUMN_CODES."""
        is_list = column["type"] == "list"
        entry = self.require(COLUMN_CODES, column["id"], (2,) if is_list else (1,))
        where = self.where(entry)
        cursor = Cursor(self.bytes(entry), where)
        need(entry.items == self.rows, where, f"{entry.items} rows of {self.rows}")
        width = max(1, bit_length(distinct - 1)) if is_list else bit_length(distinct)
        need(entry.param == width, where, f"width {entry.param}, {width} expected")
        if not is_list:
            codes = unpack_bits(cursor.take(cursor.left()), self.rows, width, where)
            need(all(code <= distinct for code in codes), where, "a code beyond the dictionary")
            return [[code - 1] if code else [] for code in codes]
        offsets = cursor.unpack(f"{self.rows + 1}I")
        cursor.zeros(-cursor.at % 8)
        need(offsets[0] == 0 and all(a <= b for a, b in zip(offsets, offsets[1:])), where, "offsets")
        need(cursor.left() == packed_bytes(offsets[-1], width), where, "length")
        ranks = unpack_bits(cursor.take(cursor.left()), offsets[-1], width, where)
        rows = [ranks[a:b] for a, b in zip(offsets, offsets[1:])]
        for row in rows:
            need(all(a < b for a, b in zip(row, row[1:])), where, "elements do not ascend")
            need(not row or row[-1] < distinct, where, "an element beyond the dictionary")
        return rows

    def bitmaps(self, column, distinct):
        """The row sets of BITMAP_DICT: presence, then one for each rank."""
        entry = self.require(BITMAP_DICT, column["id"])
        where = self.where(entry)
        table = self.bytes(entry)
        need(entry.items == distinct + 1 and len(table) == 16 * entry.items, where, f"{entry.items} sets")
        place = self.find(BITMAP_DATA, column["id"])
        data = self.bytes(self.require(BITMAP_DATA, column["id"])) if place else b""
        sets = []
        for cardinality, second, offset in struct.iter_unpack("<IIQ", table):
            if cardinality == 0:
                need(second == 0 and offset == 0, where, "an empty set with a place")
                sets.append([])
            elif cardinality == 1:
                need(second < self.rows and offset == 0, where, f"row {second}")
                sets.append([second])
            else:
                need(offset % 8 == 0 and offset + second <= len(data), where, f"a bitmap at {offset}")
                part = data[offset : offset + second]
                sets.append(roaring(part, f"{where} bitmap at {offset}", self.rows, cardinality))
        return sets

    def slices(self, column, distinct):
        """The row sets of RANK_SLICES, highest bit first."""
        entry = self.require(RANK_SLICES, column["id"])
        where = self.where(entry)
        data = self.bytes(entry)
        need(entry.items == bit_length(distinct - 1), where, f"{entry.items} slices")
        need(len(data) >= 16 * entry.items, where, f"{len(data)} bytes")
        sets = []
        for cardinality, length, offset in struct.iter_unpack("<IIQ", data[: 16 * entry.items]):
            if cardinality == 0:
                need(length == 0 and offset == 0, where, "an empty slice with a place")
                sets.append([])
                continue
            need(offset % 8 == 0 and offset >= 16 * entry.items, where, f"a slice at {offset}")
            need(offset + length <= len(data), where, f"a slice at {offset}")
            part = data[offset : offset + length]
            sets.append(roaring(part, f"{where} slice at {offset}", self.rows, cardinality))
        return sets

    def bloom_denies(self, ident):
        """True when ID_BLOOM says that an id is absent; False without a filter."""
        entry = self.find(ID_BLOOM)
        if entry is None:
            return False
        data = self.bytes(self.require(ID_BLOOM))
        hashed = xxh64(ident)
        block = (hashed >> 32) * entry.param >> 32
        words = struct.unpack_from("<8I", data, 32 * block)
        key = hashed & 0xFFFFFFFF
        return any(not word >> ((key * salt & 0xFFFFFFFF) >> 27) & 1 for word, salt in zip(words, BLOOM_SALT))


def known(entry):
    """Whether this version knows the section: not one with a part, be it the number of a vector."""
    return entry.kind in NAMES and entry.part == 0


def encodings_of(kind):
    if kind in (ROTATION, IVF_LISTS):
        return (2,)
    return (1, 2) if kind in (ID_BLOCKS, COLUMN_DICT, COLUMN_CODES) else (1,)


def chunk_count(entry):
    return -(-entry.stored // CHUNK)


def label(entry):
    name = NAMES.get(entry.kind, f"{entry.kind:#04x}")
    name = name if entry.column == NO_COLUMN else f"{name}[{entry.column}]"
    return f"{name}#{entry.part}" if entry.part else name


def front_coded(block, count, where):
    cursor = Cursor(block, where)
    strings = []
    previous = b""
    for i in range(count):
        shared = cursor.uvarint()
        need(shared <= len(previous) and (i > 0 or shared == 0), where, f"{shared} shared bytes")
        previous = previous[:shared] + cursor.take(cursor.count())
        strings.append(previous)
    cursor.finish()
    return strings


def open_slab(path):
    try:
        with open(path, "rb") as file:
            return Slab(file.read(), str(path))
    except FileNotFoundError as error:
        raise Missing(path, "no such file") from error


__all__ = ["Slab", "Record", "open_slab", "ulid_bytes"]
