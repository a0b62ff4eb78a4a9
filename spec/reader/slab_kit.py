"""The cases of spec/kit: what a case changes, and checksums made right again (spec/kit/README.md)."""

import json
import os
import struct

from slab_bytes import crc32c, crc_context

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
CHUNK, CHUNKED, CHUNK_CRCS = 65536, 4, 2


def load(name):
    with open(os.path.join(SPEC, "kit", name), encoding="utf-8") as file:
        return json.load(file)


def read(name):
    """The bytes of a file that a case names, relative to the folder spec."""
    with open(os.path.join(SPEC, name), "rb") as file:
        return file.read()


def slab_of(case):
    """The bytes of a slab case."""
    if "file" in case:
        return read(case["file"])
    base = read(case["base"])
    data = bytearray(base)
    for edit in case.get("edits", ()):
        at = edit["at"]
        new = bytes.fromhex(edit["bytes"]) if "bytes" in edit else base[edit["from"] : edit["from"] + edit["length"]]
        data[at : at + len(new)] = new
    if "length" in case:
        data = data[: case["length"]] + bytes(max(0, case["length"] - len(data)))
    for step in case.get("reseal", ()):
        reseal(data, step)
    return bytes(data)


def directory(data):
    """Where the directory and the trailer begin."""
    trailer = len(data) - 80
    return struct.unpack_from("<Q", data, trailer)[0], trailer


def reseal(data, step):
    """Makes one checksum right again."""
    at, trailer = directory(data)
    ident = bytes(data[trailer + 16 : trailer + 32])
    if step == "header":
        struct.pack_into("<I", data, 60, crc32c(data[:60]))
    elif step == "trailer":
        struct.pack_into("<I", data, trailer + 68, 0)
        struct.pack_into("<I", data, trailer + 68, crc32c(data[trailer:]))
    elif step == "directory":
        struct.pack_into("<I", data, trailer + 12, crc_context(ident, at, 0, data[at:trailer]))
    else:
        _section(data, ident, at, at + 64 * int(step.split()[1]))


def _section(data, ident, first, entry):
    offset, stored = struct.unpack_from("<QQ", data, entry + 8)
    if not data[entry + 7] & CHUNKED:
        crc = crc_context(ident, offset, 0, data[offset : offset + stored])
        struct.pack_into("<I", data, entry + 48, crc)
        return
    table = next(at for at in range(first, len(data), 64) if data[at : at + 2] == struct.pack("<H", CHUNK_CRCS))
    run = struct.unpack_from("<Q", data, table + 8)[0] + 4 * struct.unpack_from("<I", data, entry + 52)[0]
    chunks = range(0, stored, CHUNK)
    for n, at in enumerate(chunks):
        chunk = data[offset + at : offset + min(at + CHUNK, stored)]
        struct.pack_into("<I", data, run + 4 * n, crc_context(ident, offset, n, chunk))
    crc = crc_context(ident, offset, 0xFFFFFFFF, data[run : run + 4 * len(chunks)])
    struct.pack_into("<I", data, entry + 48, crc)


def objects_of(kit, case):
    """The objects of an index case: name and bytes."""
    objects = {**kit["index"]["objects"], **case["changes"]}
    return {name: content(value) for name, value in objects.items() if value is not None}


def content(value):
    if "file" in value:
        return read(value["file"])
    return value["text"].encode() if "text" in value else bytes.fromhex(value["bytes"])
