"""Builds the objects of an index around slabs for the tests and the kit, straight from the tables of index.md."""

import json
import struct

from slab_bytes import crc32c, crc_context
from slab_index import DV_MAGIC, WAL_MAGIC, complement


def checked(members):
    """Checked JSON: a member crc32c first, and the others in their order."""
    raw = json.dumps({"crc32c": "00000000", **members}, ensure_ascii=False, separators=(",", ":")).encode()
    return raw.replace(b'"crc32c":"00000000"', b'"crc32c":"%08x"' % crc32c(raw), 1)


def log_object(number, records, commit, previous=bytes(16)):
    """An object of the log; a record is op, flags, payload."""
    first, count = number << 20, len(records)
    header = WAL_MAGIC + struct.pack(
        "<HHI16s16sQQ16s", 1, 0, count, bytes(16), commit, first, first + max(count, 1) - 1, previous
    )
    body = b""
    for i, (op, flags, payload) in enumerate(records):
        content = bytes([op, flags]) + payload
        crc = struct.pack("<I", crc_context(commit, number, i, content))
        body += struct.pack("<I", len(content)) + crc + content
    return log_end(number, commit, count, header, body)


def log_end(number, commit, count, header, body):
    """Header and records with the trailer behind them."""
    checked_bytes, at = header, 0
    while at + 8 <= len(body):
        checked_bytes += body[at + 4 : at + 8]
        at += 8 + struct.unpack_from("<I", body, at)[0]
    crc = crc_context(commit, number, count, checked_bytes)
    end = struct.pack("<QIIQ", len(header + body) + 32, count, crc, 0)
    return header + body + end + complement(WAL_MAGIC)


def deletion_vector(slab_id, manifest, cardinality, bitmap):
    """A file of dead rows."""
    raw = DV_MAGIC + struct.pack("<HHI16sQQ", 1, 0, 0, slab_id, cardinality, len(bitmap)) + bitmap
    return raw + struct.pack("<I", crc_context(slab_id, manifest, 0, raw)) + complement(DV_MAGIC)
