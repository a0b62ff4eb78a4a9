"""Full verification of one slab (spec/slab-file.md, section 11)."""

import math
import struct

from slab_bytes import Unsupported, counts, f32, need
from slab_file import (
    ID_BLOCKS,
    ID_BLOOM,
    ID_ENCODINGS,
    IDS_IN_ROW_ORDER,
    ID_TOP,
    INVERSE_NORMS,
    IVF_CENTROIDS,
    IVF_DIR,
    IVF_LISTS,
    LENGTH,
    PQ_CODEBOOK,
    RANK_SLICES,
    ROTATION,
    SPARSE_DICT,
    SPARSE_POSTINGS,
    TOMBSTONES,
    TOMBSTONE_LSN,
    encodings_of,
    known,
    label,
    value_type,
)
from slab_ledger import ledger
from slab_score import norm_squared


def verify(slab):
    """Raises an error at the first rule that the slab breaks; returns the number of checks by name."""
    _gaps(slab)
    for entry in slab.entries:
        slab.bytes(entry)
        if known(entry):
            slab.require(entry.kind, entry.column, encodings_of(entry.kind))
            need(entry.codec == 1 or entry.raw == entry.stored, slab.where(entry), "raw length")
    records = slab.records()
    _ids(slab, [ident.encode() for ident in slab.ids()])
    _index(slab)
    _cells(slab)
    _vectors(slab, records)
    _sparse_index(slab, records)
    _text_totals(slab, records)
    _columns(slab, records)
    need(slab.manifest["ledger"] == ledger(records), slab.name, "the ledger of other rows")
    return {"sections": len(slab.entries), "rows": slab.rows, "columns": len(slab.columns)}


def _gaps(slab):
    at = 64
    for entry in [e for e in slab.by_offset if e.stored] + [None]:
        end = entry.offset if entry else slab.dir_offset
        need(not any(slab.data[at:end]), slab.name, f"the gap {at} to {end} is not zero")
        at = entry.offset + entry.stored if entry else end


def _ids(slab, ids):
    top = slab.require(ID_TOP)
    data = slab.bytes(top)
    where = slab.where(top)
    size = slab.require(ID_BLOCKS, encodings=ID_ENCODINGS).param
    firsts = ids[::size]
    need(top.items == len(firsts), where, f"{top.items} blocks of {len(firsts)}")
    need(len(data) >= 4 * (top.items + 1), where, f"{len(data)} bytes")
    offsets = struct.unpack_from(f"<{top.items + 1}I", data)
    text = data[4 * (top.items + 1) :]
    need(offsets[0] == 0 and offsets[-1] == len(text), where, "text offsets")
    need([text[a:b] for a, b in zip(offsets, offsets[1:])] == firsts, where, "not the first ids")
    bloom = slab.find(ID_BLOOM)
    if bloom:
        blocks = max(1, -(-slab.rows * 10 // 256))
        shape = (bloom.items, bloom.param, bloom.stored)
        need(shape == (slab.rows, blocks, 32 * blocks), slab.where(bloom), f"shape {shape}")
        for ident in ids:
            need(not slab.bloom_denies(ident), slab.where(bloom), f"denies {ident!r}")
    _tombstones(slab, ids)


def _tombstones(slab, ids):
    gone = slab.tombstones()
    section = slab.find(TOMBSTONES)
    need(section or not slab.find(TOMBSTONE_LSN), slab.name, "LSNs without tombstones")
    for ident, _ in gone:
        need(0 < len(ident) <= 512 and 0 not in ident, slab.where(section), f"id {ident!r}")
        ident.decode()
    need(not {ident for ident, _ in gone} & set(ids), slab.name, "a tombstone of a row")
    if gone:
        need(min(lsn for _, lsn in gone) == slab.lsn_base(TOMBSTONE_LSN), slab.name, "the base of TOMBSTONE_LSN")
    ranges = slab.range_tombstones()
    low, high = int(slab.manifest["lsnMin"]), int(slab.manifest["lsnMax"])
    for lsn in [lsn for _, lsn in gone] + [lsn for lsn, _, _ in ranges]:
        need(low <= lsn <= high, slab.name, f"the LSN {lsn} of a tombstone outside {low} .. {high}")
    need(slab.rows or gone or ranges, slab.name, "neither rows nor tombstones")


def _index(slab):
    """The sections of an index are all there or none, and a codebook with PQ codes only (ann.md 1)."""
    found = [slab.find(kind) for kind in (ROTATION, IVF_CENTROIDS, IVF_DIR, IVF_LISTS)]
    codebook = slab.find(PQ_CODEBOOK)
    need(all(found) or not any(found), slab.name, "some sections of an index")
    if not all(found):
        need(codebook is None, slab.name, "a codebook without an index")
        return
    head = slab.bytes(found[0])
    if found[0].encoding != 2:
        raise Unsupported(slab.where(found[0]), f"encoding {found[0].encoding}")
    need(len(head) >= 40, slab.where(found[0]), f"{len(head)} bytes")
    quantizer, rounds = head[21], head[22]
    if quantizer not in (1, 2) or rounds != 3:
        raise Unsupported(slab.where(found[0]), f"quantizer {quantizer}, {rounds} rounds")
    need((quantizer == 2) == (codebook is not None), slab.name, f"quantizer {quantizer} and the codebook")


def _cells(slab):
    """The cells of an index hold the rows one after the other, each list the ranks of their ids (ann.md 3)."""
    directory, lists = slab.find(IVF_DIR), slab.find(IVF_LISTS)
    if directory is None or lists is None or directory.encoding != 1 or lists.encoding != 2:
        return
    encoding = slab.find(ID_BLOCKS).encoding
    need(encoding != IDS_IN_ROW_ORDER or directory.items < 2, slab.where(directory), "cells, but rows in id order")
    data = slab.bytes(lists)
    row_of = slab.rows_of_ids()
    row = 0
    for cell in range(directory.items):
        where = f"{slab.where(lists)} cell {cell}"
        offset, count = struct.unpack_from("<QI", slab.bytes(directory), 32 * cell)
        need(row + count <= slab.rows and offset + 4 * count <= len(data), where, f"{count} rows at {offset}")
        ranks = struct.unpack_from(f"<{count}I", data, offset)
        need(all(a < b for a, b in zip(ranks, ranks[1:])), where, "ranks do not ascend")
        for i, rank in enumerate(ranks):
            need(rank < slab.rows and row_of[rank] == row + i, where, f"rank {rank} for row {row + i}")
        row += count
    need(row == slab.rows, slab.where(directory), f"lists of {row} rows")


def _vectors(slab, records):
    lsns = [record.lsn for record in records]
    low, high = int(slab.manifest["lsnMin"]), int(slab.manifest["lsnMax"])
    need(all(low <= lsn <= high for lsn in lsns), slab.name, f"an LSN outside {low} .. {high}")
    need(min(lsns, default=0) == slab.lsn_base(), slab.name, "the base is not the smallest LSN")
    as_of = slab.lsn_as_of()
    need(as_of is None or max(lsns, default=0) <= as_of, slab.name, f"an LSN above lsnAsOf, {as_of}")
    postings = slab.find(SPARSE_POSTINGS)
    need((slab.find(SPARSE_DICT) is None) == (postings is None), slab.name, "one of SPARSE_DICT and SPARSE_POSTINGS")
    need(slab.metric == "cosine" or slab.find(INVERSE_NORMS) is None, slab.name, "norms under another metric")
    if slab.metric == "cosine":
        norms = [norm_squared(record.values) for record in records]
        entry = slab.find(INVERSE_NORMS)
        if entry:
            expected = struct.pack(f"<{slab.rows}f", *map(_inverse_norm, norms))
            need(slab.bytes(entry) == expected, slab.where(entry), "not the inverse norms")


def _inverse_norm(square):
    """0 and NaN for vectors that no writer lets in any more."""
    if math.isnan(square):
        return math.nan
    return f32(1 / math.sqrt(square)) if square else 0.0


def _text_totals(slab, records):
    """How many rows have a text, and how long all of these are (text.md)."""
    if "textIndex" not in slab.manifest:
        return
    pairs = [record.sparse for record in records if record.sparse]
    lengths = [weights[-1] for dimensions, weights in pairs if dimensions[-1] == LENGTH]
    totals = {"texts": sum(length > 0 for length in lengths), "terms": sum(map(int, lengths))}
    for member, found in totals.items():
        told = slab.manifest["textIndex"][member]
        need(told == found, "MANIFEST", f"{told} {member}, the rows have {found}", "SM-textIndex")


def _sparse_index(slab, records):
    entry = slab.find(SPARSE_DICT)
    if entry is None:
        return
    where, window = slab.where(entry), entry.param
    need(64 <= window <= 65536 and window & (window - 1) == 0, where, f"windows of {window} rows")
    postings = {}
    for row, record in enumerate(records):
        for dimension, weight in zip(*(record.sparse or ((), ()))):
            postings.setdefault(dimension, []).append((row, weight))
    dictionary, lists = b"", b""
    for dimension in sorted(postings):
        items = postings[dimension]
        windows = sorted({row // window for row, _ in items})
        parts = [[weight for row, weight in items if row // window == number] for number in windows]
        high, low = [_largest(part) for part in parts], [-_largest([-w for w in part]) for part in parts]
        n, m = len(windows), len(items)
        edges = (_largest(high), -_largest([-w for w in low]))
        dictionary += struct.pack("<IIQIffI", dimension, m, len(lists), n, *edges, 0)
        ends = [sum(map(len, parts[: i + 1])) for i in range(n)]
        lists += struct.pack(f"<{2 * n}I{2 * n + m}f", *windows, *ends, *high, *low, *[w for _, w in items])
        lists += struct.pack(f"<{m}H", *[row % window for row, _ in items]) + bytes(m % 2 * 2)
    need(entry.items == len(postings) and slab.bytes(entry) == dictionary, where, "not that of the rows")
    entry = slab.require(SPARSE_POSTINGS)
    need(entry.items == sum(map(len, postings.values())), slab.where(entry), f"{entry.items} postings")
    need(slab.bytes(entry) == lists, slab.where(entry), "postings that the rows do not have")


def _largest(weights):
    return max(weights, key=lambda weight: (weight, math.copysign(1, weight)))


def _columns(slab, records):
    known = {(column["field"], column["type"]) for column in slab.columns}
    fields = {field for field, _ in known}
    used = set()
    for record in records:
        for field, value in record.metadata.items():
            used.add(field)
            if not counts(value):
                continue
            key = (field, value_type(value))
            need(field not in fields or key in known, slab.name, f"no column for {key}")
    need(sorted(used) == sorted(slab.fields), slab.name, "fields that no row has")
    for column in slab.columns:
        _column(slab, column, [_counted(record.metadata.get(column["field"])) for record in records])


def _counted(value):
    return value if value is not None and counts(value) else None


def _column(slab, column, values):
    where = f"{slab.name} column {column['field']}:{column['type']}"
    present = [v if v is not None and value_type(v) == column["type"] else None for v in values]
    sets = [set() if v is None else set(v) if isinstance(v, list) else {v} for v in present]
    dictionary = slab.dictionary(column)
    if column["type"] != "boolean":
        need(set(dictionary) == set().union(*sets), where, "the dictionary is not that of the rows")
    distinct = len(dictionary)
    need(column["distinct"] == distinct, where, f"distinct {column['distinct']}")
    rows = [row for row, value in enumerate(present) if value is not None]
    need(column["rows"] == len(rows), where, f"rows {column['rows']}")
    rank = {value: i for i, value in enumerate(dictionary)}
    ranks = [sorted(rank[value] for value in row) for row in sets]
    need(slab.codes(column, distinct) == ranks, where, "codes that the rows do not have")
    expected = [rows] + [[] for _ in range(distinct)]
    for row, codes in enumerate(ranks):
        for code in codes:
            expected[1 + code].append(row)
    need(slab.bitmaps(column, distinct) == expected, where, "bitmaps that the rows do not have")
    if column["type"] == "number" and slab.find(RANK_SLICES, column["id"]):
        bits = range(max(0, distinct - 1).bit_length() - 1, -1, -1)
        planes = [[row for row in rows if ranks[row][0] >> bit & 1] for bit in bits]
        need(slab.slices(column, distinct) == planes, where, "slices that the rows do not have")


__all__ = ["verify", "label"]
