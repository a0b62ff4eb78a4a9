"""The ledger of content (spec/slab-file.md, 8.7): four sums over the parts of rows, in any order."""

import struct

from slab_bytes import xxh64_each

DENSE, SPARSE, METADATA = 4, 8, 12


class Ledger:
    def __init__(self):
        self.sums = [0, 0, 0, 0]

    def _add(self, data, seed):
        hashes = xxh64_each(data, [(seed + lane) % (1 << 64) for lane in range(4)])
        self.sums = [(a + b) % (1 << 64) for a, b in zip(self.sums, hashes)]
        return hashes[0]

    def row(self, record):
        """Adds a row: id as text, LSN, list of floats or None, (indices, weights) or None, dict."""
        key = self._add(record.id.encode() + struct.pack("<Q", record.lsn), 0)
        if record.values is not None:
            self._add(struct.pack(f"<{len(record.values)}f", *record.values), key + DENSE)
        if record.sparse:
            indices, weights = record.sparse
            count = len(indices)
            self._add(struct.pack(f"<{count}I{count}f", *indices, *weights), key + SPARSE)
        if record.metadata:
            self._add(named_metadata(record.metadata), key + METADATA)

    def __str__(self):
        return "".join(f"{lane:016x}" for lane in self.sums)


def ledger(records):
    sums = Ledger()
    for record in records:
        sums.row(record)
    return str(sums)


def uvarint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def text(value):
    raw = value.encode()
    return uvarint(len(raw)) + raw


def named_metadata(metadata):
    """Metadata as in payloads of the log (spec/index.md, section 6)."""
    out = uvarint(len(metadata))
    for name in sorted(metadata, key=str.encode):
        out += text(name) + metadata_value(metadata[name])
    return out


def metadata_value(value):
    if isinstance(value, bool):
        return b"\x04" if value else b"\x03"
    if isinstance(value, str):
        return b"\x01" + text(value)
    if isinstance(value, list):
        return b"\x05" + uvarint(len(value)) + b"".join(map(text, value))
    return b"\x02" + struct.pack("<d", value)
