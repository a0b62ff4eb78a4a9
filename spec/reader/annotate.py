#!/usr/bin/env python3
"""Writes spec/example.md: a small golden slab byte by byte, named by the tables of slab-file.md."""

import os
import re
import struct
import sys

from slab_bytes import Cursor, ulid_text, zstd_block
from slab_file import (
    COLUMN_DICT,
    ENTRY,
    HEADER,
    ID_BLOCKS,
    IDS_NUMBERED,
    ID_TOP,
    MANIFEST,
    META_BLOCKS,
    META_ROWS,
    RAW_VECTORS,
    ROW_LSN,
    SPARSE_DICT,
    SPARSE_POSTINGS,
    TOMBSTONES,
    TRAILER,
    label,
    open_slab,
)

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SOURCE = os.path.join(SPEC, "golden", "sparse.slab")
TARGET = os.path.join(SPEC, "example.md")
INTRODUCTION = """# A slab byte by byte

This is `golden/{name}`, {size} bytes: {rows} records, metric {metric}, vector type {type}. The ids in the third column are rows of
the tables in [slab-file.md](slab-file.md). Runs of zero bytes between sections are left out. The page is made by
`reader/annotate.py` and checked to be current by a test.
"""


def table(prefix):
    """(offset, size, type, name) of each row of a byte table of slab-file.md."""
    with open(os.path.join(SPEC, "slab-file.md"), encoding="utf-8") as file:
        for line in file:
            if line.startswith(f"| `{prefix}-"):
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                if not cells[2].isdigit():
                    return
                yield int(cells[1]), int(cells[2]), cells[3], cells[4]


def meaning(kind, raw):
    """The value of a field for people."""
    if kind == "ulid":
        return ulid_text(raw)
    if kind == "zero":
        return ""
    if kind == "bytes":
        return ""
    if kind == "f32":
        return f"{struct.unpack('<f', raw)[0]:g}"
    value = int.from_bytes(raw, "little")
    return f"{value:#x}" if value > 1 << 40 else str(value)


class Page:
    def __init__(self, slab):
        self.slab = slab
        self.lines = []

    def heading(self, text):
        self.lines += ["", f"## {text}", ""]

    def begin(self):
        self.lines.append("```")

    def end(self):
        self.lines.append("```")

    def line(self, at, raw, text):
        """Hex of some bytes, sixteen to a line, the text beside the first."""
        for first in range(0, len(raw), 16):
            part = raw[first : first + 16].hex(" ")
            note = text if first == 0 else ""
            self.lines.append(f"{at + first:6} | {part:47} | {note}".rstrip(" |").rstrip())

    def fields(self, prefix, at):
        """Every field of a byte table, from the slab's own bytes."""
        size = 0
        for offset, length, kind, name in table(prefix):
            raw = bytes(self.slab.data[at + offset : at + offset + length])
            value = meaning(kind, raw)
            name = re.split("[:;,]| from the| in META| in BITMAP", name)[0]
            self.line(at + offset, raw, f"{prefix}-{offset} {name}" + (f" = {value}" if value else ""))
            size = offset + length
        return at + size

    def raw(self, at, length, text):
        self.line(at, bytes(self.slab.data[at : at + length]), text)


def show_string_blocks(page, entry):
    at = page.fields("SB", entry.offset)
    blocks = struct.unpack_from("<I", page.slab.data, entry.offset + 4)[0]
    for block in range(blocks):
        offset, stored, raw = struct.unpack_from("<QII", page.slab.data, at)
        at = page.fields("SBE", at)
        start = entry.offset + offset
        how = "raw" if stored == raw else f"zstd frame of {raw} bytes"
        page.raw(start, stored, f"block {block}, {how}")
        if entry.kind == ID_BLOCKS and entry.encoding == IDS_NUMBERED:
            count = min(entry.param, entry.items - block * entry.param)
            page.raw(start + stored, 4 * count, f"rows of the {count} ids: u32 each")
    strings = ", ".join(string.decode() for string in page.slab.strings(entry))
    page.lines.append(f"       | strings: {strings}")


def show_id_top(page, entry):
    count = entry.items + 1
    page.raw(entry.offset, 4 * count, f"text offsets: {count} x u32")
    page.raw(entry.offset + 4 * count, entry.stored - 4 * count, "first ids of the blocks")


def show_row_lsn(page, entry):
    at = page.fields("RL", entry.offset)
    page.raw(at, entry.offset + entry.stored - at, "bit-packed distances")
    page.lines.append(f"       | LSNs: {', '.join(map(str, page.slab.lsns()))}")


def show_meta_blocks(page, entry):
    for block in range(entry.items):
        page.fields("MB", entry.offset + 24 * block)


def show_meta_rows(page, entry):
    blocks = page.slab.bytes(page.slab.require(META_BLOCKS))
    for offset, stored, raw, first, _ in struct.iter_unpack("<QIIII", blocks):
        page.raw(entry.offset + offset, stored, f"rows from {first}, {raw} bytes raw")
        if stored < raw:
            data = zstd_block(page.slab.data[entry.offset + offset : entry.offset + offset + stored], raw, "")
            page.lines.append("       | decompressed:")
            page.line(0, data, "")
    for row, metadata in enumerate(page.slab.metadata()):
        page.lines.append(f"       | row {row}: {metadata}")


def show_manifest(page, entry):
    page.raw(entry.offset, min(entry.stored, 64), "JSON text, the first bytes")
    page.lines += ["", *wrap(page.slab.bytes(entry).decode())]


def wrap(text):
    return [text[i : i + 110] for i in range(0, len(text), 110)]


def show_vectors(page, entry):
    for row in range(page.slab.rows):
        size = 4 * page.slab.dimension
        values = ", ".join(f"{v:g}" for v in page.slab.vectors()[row])
        page.raw(entry.offset + size * row, size, f"row {row}: {values}")


def show_sparse(page, entry):
    head = 8 * (page.slab.rows + 1)
    page.raw(entry.offset, head, f"offsets: {page.slab.rows + 1} x u64")
    cursor = Cursor(page.slab.bytes(entry), "")
    offsets = cursor.unpack(f"{page.slab.rows + 1}Q")
    for row, (start, end) in enumerate(zip(offsets, offsets[1:])):
        pairs = page.slab.sparse()[row]
        values = ", ".join(f"{i}: {w:g}" for i, w in zip(*pairs)) if pairs else "none"
        page.raw(entry.offset + start, end - start, f"row {row}: {values}")


def show_sparse_dict(page, entry):
    for number in range(entry.items):
        page.fields("SD", entry.offset + 32 * number)


def show_sparse_postings(page, entry):
    """By the dictionary, which says where a list lies and how long its columns are."""
    dictionary = page.slab.bytes(page.slab.require(SPARSE_DICT))
    for dimension, m, offset, n, *_ in struct.iter_unpack("<IIQIffI", dictionary):
        page.lines.append(f"       | dimension {dimension}: {m} postings in {n} windows")
        at = entry.offset + offset
        sizes = (4 * n,) * 4 + (4 * m, 2 * m)
        names = ("windows", "ends", "largest", "smallest", "weights", "rows")
        for number, (size, name) in enumerate(zip(sizes, names), 1):
            page.raw(at, size, f"SP-{number} {name}")
            at += size
        page.raw(at, m % 2 * 2, "zero")


def show_bitmap_dict(page, entry):
    for number in range(entry.items):
        page.lines.append("       | " + ("presence" if number == 0 else f"rank {number - 1}"))
        page.fields("BD", entry.offset + 16 * number)


SHOW = {
    MANIFEST: show_manifest,
    ID_BLOCKS: show_string_blocks,
    TOMBSTONES: show_string_blocks,
    ID_TOP: show_id_top,
    ROW_LSN: show_row_lsn,
    META_BLOCKS: show_meta_blocks,
    META_ROWS: show_meta_rows,
    RAW_VECTORS: show_vectors,
    0x21: show_sparse,
    SPARSE_DICT: show_sparse_dict,
    SPARSE_POSTINGS: show_sparse_postings,
    0x42: show_bitmap_dict,
}


def show_section(page, entry):
    flags = [name for bit, name in ((1, "critical"), (2, "hot"), (4, "chunked"), (8, "derived")) if entry.flags & bit]
    page.heading(f"{label(entry)} at {entry.offset}, {entry.stored} bytes ({', '.join(flags) or 'no flag'})")
    if entry.stored == 0:
        page.lines.append("No byte is stored.")
        return
    page.begin()
    show = SHOW.get(entry.kind)
    if entry.kind == COLUMN_DICT and entry.encoding == 1:
        show = show_string_blocks
    if show:
        show(page, entry)
    else:
        page.raw(entry.offset, entry.stored, f"{entry.items} items, param {entry.param}")
    page.end()


def example(source=SOURCE):
    """The page for a slab."""
    slab = open_slab(source)
    page = Page(slab)
    page.lines.append(
        INTRODUCTION.format(
            name=os.path.basename(source), size=len(slab.data), rows=slab.rows, metric=slab.metric, type=slab.vector_type
        ).rstrip()
    )
    page.heading(f"Header at 0, {HEADER} bytes")
    page.begin()
    page.fields("H", 0)
    page.end()
    for entry in slab.by_offset:
        show_section(page, entry)
    page.heading(f"Directory at {slab.dir_offset}, {slab.count} entries of {ENTRY} bytes")
    page.lines += ["The first entry field by field, the others in one piece.", ""]
    page.begin()
    page.fields("D", slab.dir_offset)
    for number, entry in enumerate(slab.entries[1:], 1):
        page.raw(slab.dir_offset + ENTRY * number, ENTRY, label(entry))
    page.end()
    page.heading(f"Trailer at {len(slab.data) - TRAILER}, {TRAILER} bytes")
    page.begin()
    page.fields("T", len(slab.data) - TRAILER)
    page.end()
    return "\n".join(page.lines) + "\n"


if __name__ == "__main__":
    text = example(*sys.argv[1:])
    if len(sys.argv) > 1:
        sys.stdout.write(text)
    else:
        with open(TARGET, "w", encoding="utf-8") as out:
            out.write(text)
