"""Builds small slabs for the tests, straight from the byte tables of the specification."""

import json
import math
import struct

from slab_bytes import crc32c, crc_context, f32, ulid_text, xxh64
from slab_file import BLOOM_SALT, CHUNK, END_MAGIC, MAGIC, Record
from slab_ledger import ledger, metadata_value, text, uvarint

SLAB_ID = bytes(range(1, 17))


def pack_bits(numbers, width):
    bits = 0
    for i, number in enumerate(numbers):
        bits |= number << (i * width)
    return bits.to_bytes((len(numbers) * width + 63) // 64 * 8, "little")


def string_blocks(strings, size, numbers=None):
    """String blocks, each followed by the numbers of its strings where there are some."""
    blocks = []
    for first in range(0, len(strings), size):
        raw = b""
        previous = b""
        for string in strings[first : first + size]:
            shared = 0
            while shared < min(len(previous), len(string)) and previous[shared] == string[shared]:
                shared += 1
            raw += uvarint(shared) + uvarint(len(string) - shared) + string[shared:]
            previous = string
        blocks.append(raw)
    head, body = struct.pack("<II", size, len(blocks)), b""
    at = 8 + 16 * len(blocks)
    for n, raw in enumerate(blocks):
        head += struct.pack("<QII", at + len(body), len(raw), len(raw))
        behind = (numbers or [])[n * size : (n + 1) * size]
        body += raw + struct.pack(f"<{len(behind)}I", *behind)
    return head + body


def cell_sections(cells):
    """IVF_DIR and IVF_LISTS of cells given by the ranks in each; the lists have no codes."""
    directory, lists = b"", b""
    for ranks in cells:
        directory += struct.pack("<QI20x", len(lists), len(ranks))
        lists += struct.pack(f"<{len(ranks)}I", *ranks)
        lists += b"\xff" * (-len(lists) % 128)
    rows = sum(map(len, cells))
    return Section(0x54, lists, rows, 8, encoding=2), Section(0x53, directory, len(cells), 10)


def index_sections(cells, dimension, quantizer=1):
    """All sections of an index whose lists have no codes."""
    lists, directory = cell_sections(cells)
    padded = -(-dimension // 16) * 16
    shape = (1, dimension, padded, len(cells), 1, quantizer, 3, 0, len(lists.data))
    head = struct.pack("<QIIIBBBBQfI", *shape, 0.25, 0)
    centroids = bytes(64 * padded * -(-len(cells) // 16))
    return (
        lists,
        directory,
        Section(0x51, head + bytes(4 * padded), 1, 10, encoding=2),
        Section(0x52, centroids, len(cells), 10),
    )


def array_bitmap(rows):
    """A roaring bitmap of one array container."""
    return struct.pack(f"<IIHHI{len(rows)}H", 12346, 1, 0, len(rows) - 1, 16, *rows)


def metadata_rows(rows, fields):
    out = b""
    for row in rows:
        out += uvarint(len(row))
        for field in sorted(row, key=fields.index):
            out += uvarint(fields.index(field)) + metadata_value(row[field])
    return out


class Section:
    def __init__(self, kind, data, items, flags, **more):
        self.kind, self.data, self.items, self.flags = kind, data, items, flags
        self.column = more.get("column", 0xFFFF)
        self.part = more.get("part", 0)
        self.codec = more.get("codec", 0)
        self.encoding = more.get("encoding", 1)
        self.alignment = more.get("alignment", 6)
        self.param = more.get("param", 0)
        self.first = more.get("first", 0)
        self.raw = len(data)


def bloom(ids):
    blocks = max(1, -(-len(ids) * 10 // 256))
    words = [[0] * 8 for _ in range(blocks)]
    for ident in ids:
        hashed = xxh64(ident)
        block = words[(hashed >> 32) * blocks >> 32]
        for i, salt in enumerate(BLOOM_SALT):
            block[i] |= 1 << (((hashed & 0xFFFFFFFF) * salt & 0xFFFFFFFF) >> 27)
    return b"".join(struct.pack("<8I", *block) for block in words), blocks


def string_column(values, number):
    """Sections of one string column; `values` holds a string or None for each row."""
    distinct = sorted({v.encode() for v in values if v is not None})
    codes = [0 if v is None else distinct.index(v.encode()) + 1 for v in values]
    sets = [[r for r, c in enumerate(codes) if c]]
    sets += [[r for r, c in enumerate(codes) if c == rank + 1] for rank in range(len(distinct))]
    table, data = b"", b""
    for rows in sets:
        if len(rows) > 1:
            data += bytes(-len(data) % 8)
            bitmap = array_bitmap(rows)
            table += struct.pack("<IIQ", len(rows), len(bitmap), len(data))
            data += bitmap
        else:
            table += struct.pack("<IIQ", len(rows), rows[0] if rows else 0, 0)
    width = len(distinct).bit_length()
    strings = string_blocks(distinct, 64)
    return [
        Section(0x40, strings, len(distinct), 8, column=number, codec=1, param=64),
        Section(0x41, pack_bits(codes, width), len(values), 8, column=number, param=width),
        Section(0x42, table, len(sets), 8, column=number),
        Section(0x43, data, sum(len(rows) > 1 for rows in sets), 8, column=number),
    ], len(distinct), len(sets[0])


def slab_sections(records, metric="cosine", field="genre", cells=None, slab_id=SLAB_ID, level=0):
    """
    Sections of a dense slab; records are (id, lsn, values, metadata), ids ascending, one string field.
    With the ranks in each of some cells the rows lie cell after cell.
    """
    ids = [record[0].encode() for record in records]
    numbers = None
    if cells:
        order = [rank for ranks in cells for rank in ranks]
        records = [records[rank] for rank in order]
        numbers = [order.index(rank) for rank in range(len(order))]
    rows = len(records)
    dimension = len(records[0][2])
    lsns = [record[1] for record in records]
    base = min(lsns)
    width = (max(lsns) - base).bit_length()
    columns, distinct, present = string_column([r[3].get(field) for r in records], 0)
    fields = sorted({name for record in records for name in record[3]}, key=str.encode)
    meta = metadata_rows([record[3] for record in records], fields)
    bits, blocks = bloom(ids)
    norms = [f32(1 / math.sqrt(sum(v * v for v in record[2]))) for record in records]
    manifest = {
        "format": "slab", "version": [1, 0], "id": ulid_text(slab_id), "namespace": "__default__",
        "writer": "test", "level": level, "rows": rows, "dimension": dimension, "metric": metric,
        "vectorType": "dense", "lsnMin": str(min(lsns)), "lsnMax": str(max(lsns)), "fields": fields,
        "columns": [{"id": 0, "field": field, "type": "string", "rows": present, "distinct": distinct}],
        "algorithm": {"name": "exact"}, "sources": [],
        "ledger": ledger(Record(ident, lsn, values, None, metadata) for ident, lsn, values, metadata in records),
    }  # fmt: skip
    vectors = b"".join(struct.pack(f"<{dimension}f", *record[2]) for record in records)
    top = struct.pack("<II", 0, len(ids[0])) + ids[0]
    sections = [
        Section(0x20, vectors, rows, 1, alignment=12, param=dimension),
        Section(
            0x10, string_blocks(ids, 256, numbers), rows, 1, codec=1, param=256, encoding=2 if cells else 1
        ),
        Section(0x13, struct.pack("<QIi", base, width, 0) + pack_bits([n - base for n in lsns], width), rows, 1),
        Section(0x30, meta, rows, 1, codec=1),
        *columns,
        "hot",
        Section(0x31, struct.pack("<QIIII", 0, len(meta), len(meta), 0, rows), 1, 3),
        Section(0x11, top, 1, 11),
        Section(0x12, bits, rows, 10, param=blocks),
        Section(0x01, json.dumps(manifest).encode(), 1, 3),
    ]
    if cells:
        lists, *others = index_sections(cells, dimension)
        sections.insert(sections.index("hot"), lists)
        sections.extend(others)
    if metric == "cosine":
        sections.insert(1, Section(0x24, struct.pack(f"<{rows}f", *norms), rows, 8))
    return sections


def build(sections, slab_id=SLAB_ID, required=0, major=1, optional=0):
    """The file that these sections make; "hot" marks where the hot tail begins."""
    header = MAGIC + struct.pack("<HHI16sQ20x", major, 0, 0, slab_id, 1)
    out = bytearray(header + struct.pack("<I", crc32c(header)))
    entries, crcs = [], []
    hot = 0
    for section in sections:
        if section == "hot":
            out += bytes(-len(out) % 64)
            hot = len(out)
            continue
        out += bytes(-len(out) % (1 << section.alignment))
        place(section, len(out), slab_id, crcs)
        out += section.data
        entries.append(section)
    if crcs:
        table = Section(0x02, struct.pack(f"<{len(crcs)}I", *crcs), len(crcs), 3)
        out += bytes(-len(out) % 64)
        place(table, len(out), slab_id, None)
        out += table.data
        entries.append(table)
    out += bytes(-len(out) % 64)
    at = len(out)
    entries.sort(key=lambda e: (e.kind, e.column, e.part))
    directory = b"".join(entry_bytes(entry) for entry in entries)
    length = at + len(directory) + 80
    crc = crc_context(slab_id, at, 0, directory)
    trailer = struct.pack("<QII16sQQQQHH", at, len(entries), crc, slab_id, hot or at, length, required, optional, major, 0)
    trailer += struct.pack("<I", crc32c(trailer + bytes(4) + END_MAGIC)) + END_MAGIC
    return bytes(out + directory + trailer)


def place(section, offset, slab_id, crcs):
    """Gives a section its offset and checksums."""
    section.offset = offset
    if len(section.data) <= CHUNK or crcs is None:
        section.crc = crc_context(slab_id, offset, 0, section.data)
        return
    chunks = [section.data[i : i + CHUNK] for i in range(0, len(section.data), CHUNK)]
    run = [crc_context(slab_id, offset, n, chunk) for n, chunk in enumerate(chunks)]
    section.first = len(crcs)
    section.flags |= 4
    section.crc = crc_context(slab_id, offset, 0xFFFFFFFF, struct.pack(f"<{len(run)}I", *run))
    crcs.extend(run)


def entry_bytes(section):
    return struct.pack(
        "<HHHBBQQQQHHB3xIIQ", section.kind, section.column, section.part, section.codec, section.flags, section.offset,
        len(section.data), section.raw, section.items, section.encoding, 0, section.alignment, section.crc,
        section.first, section.param,
    )  # fmt: skip
