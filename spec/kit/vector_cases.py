"""Check values of the primitives: what goes in and what comes out, without any file around it."""

import json
import os
import random
import struct

import slab_ann
import slab_filter
import slab_kit
import slab_score
from slab_builder import array_bitmap, pack_bits
from slab_bytes import crc32c, crc_context, f32, ulid_text, xxh64
from slab_file import Record, Slab
from slab_index import metadata_size
from slab_ledger import ledger, uvarint

IDENT = bytes(range(1, 17))
SEED = 15


def bits(value):
    return struct.pack(">f", value).hex()


def ramp(length):
    return bytes(7 * i + 3 & 255 for i in range(length))


def checksums():
    plain = [b"", b"123456789", bytes(32), b"\xff" * 32, bytes(range(32))]
    yield "crc32c", [{"bytes": data.hex(), "crc": f"{crc32c(data):08x}"} for data in plain]
    places = [(0, 0, b""), (4096, 0, b"data"), (4096, 1, b"data"), ((1 << 48) - 1, 0xFFFFFFFF, ramp(29))]
    yield "crc32cWithContext", [
        {"id": IDENT.hex(), "position": at, "number": n, "bytes": data.hex(), "crc": f"{crc_context(IDENT, at, n, data):08x}"}
        for at, n, data in places
    ]
    seeds = (0, 1, (1 << 64) - 1)
    yield "xxh64", [
        {"bytes": ramp(length).hex(), "seed": f"{seed:016x}", "hash": f"{xxh64(ramp(length), seed):016x}"}
        for length in range(41) for seed in seeds[: 3 if length in (0, 3, 13, 31, 32, 40) else 1]
    ]  # fmt: skip


def numbers():
    ids = [bytes(16), b"\xff" * 16, IDENT, bytes([1, 153, 200, 3] + [0] * 11 + [31])]
    yield "ulid", [{"bytes": raw.hex(), "text": ulid_text(raw)} for raw in ids]
    yield "ulidRefused", ["8" + "Z" * 25, "0" * 25, "0" * 27, "0" * 25 + "U", "0" * 25 + "a", "0" * 25 + "I", ""]
    values = [0, 1, 127, 128, 300, 16383, 16384, (1 << 32) - 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]
    good = [(uvarint(value), value) for value in values]
    good += [(b"\x80\x00", 0), (b"\x81\x80\x00", 1), (b"\xff" + b"\x80" * 8 + b"\x00", 127)]
    yield "uvarint", [{"bytes": raw.hex(), "value": str(value)} for raw, value in good]
    yield "uvarintRefused", [
        raw.hex() for raw in (b"", b"\x80", b"\xff" * 9, b"\xff" * 9 + b"\x02", b"\x80" * 9 + b"\x7e", b"\x80" * 10 + b"\x00")
    ]
    packed = []
    for width in (0, 1, 7, 33, 64):
        for count in (1, 63, 64, 65):
            mask = (1 << width) - 1
            values = [(i + 1) * 0x9E3779B97F4A7C15 & mask for i in range(count if width < 33 else min(count, 5))]
            packed.append({"width": width, "numbers": [str(v) for v in values], "bytes": pack_bits(values, width).hex()})
    yield "packing", packed


def ranges(members):
    """Members as [first, last] of stretches."""
    out = []
    for member in members:
        if out and out[-1][1] == member - 1:
            out[-1][1] = member
        else:
            out.append([member, member])
    return out


def runs(keys):
    """A bitmap with run containers of (key, [(first, length)]); without offsets where there are few."""
    flag_bytes = (len(keys) + 7) // 8
    head = struct.pack("<I", 12347 | len(keys) - 1 << 16) + ((1 << len(keys)) - 1).to_bytes(flag_bytes, "little")
    for key, parts in keys:
        head += struct.pack("<HH", key, sum(length for _, length in parts) - 1)
    bodies = [
        struct.pack("<H", len(parts)) + b"".join(struct.pack("<HH", first, length - 1) for first, length in parts)
        for _, parts in keys
    ]
    at = len(head) + 4 * len(keys)
    if len(keys) >= 4:
        for body in bodies:
            head += struct.pack("<I", at)
            at += len(body)
    return head + b"".join(bodies)


def roaring():
    full = struct.pack("<IIHHI", 12346, 1, 0, 4999, 16) + b"\xff" * 625 + bytes(8192 - 625)
    two = struct.pack("<IIHHHHII", 12346, 2, 0, 1, 3, 0, 24, 28) + struct.pack("<HHH", 5, 65535, 7)
    stretch = list(range(131082, 131086))
    many = [(key, [(key, 2)]) for key in range(4)]
    members = [key << 16 | low for key in range(4) for low in (key, key + 1)]
    good = [
        (struct.pack("<II", 12346, 0), 10, []), (array_bitmap([1, 5, 9]), 10, [1, 5, 9]), (full, 5000, range(5000)),
        (two, 1 << 18, [5, 65535, 3 << 16 | 7]), (runs([(2, [(10, 4)])]), 1 << 20, stretch),
        (runs(many), 1 << 20, members), (runs([(0, [(0, 65536)])]), 65536, range(65536)),
    ]  # fmt: skip
    yield "roaring", [{"bytes": raw.hex(), "rows": rows, "members": ranges(found)} for raw, rows, found in good]
    array = array_bitmap([1, 5, 9])
    bad = {
        "cookie": struct.pack("<I", 12345) + array[4:], "a row beyond the last": array_bitmap([1, 5, 10]),
        "values that descend": array_bitmap([5, 1, 9]), "a value twice": array_bitmap([1, 1, 9]),
        "a wrong offset": array[:12] + struct.pack("<I", 17) + array[16:],
        "too many containers": array[:4] + struct.pack("<I", 70000) + array[8:], "cut": array[:-1], "longer": array + b"\0",
        "keys that descend": two[:8] + two[12:16] + two[8:12] + two[16:],
        "runs that touch": runs([(0, [(2, 2), (4, 2)])]), "runs that overlap": runs([(0, [(2, 4), (4, 2)])]),
        "a run beyond the container": struct.pack("<IBHHHHH", 12347, 1, 0, 2, 1, 65535, 2),
        "runs of another cardinality": struct.pack("<IBHHHHH", 12347, 1, 0, 9, 1, 1, 2),
        "spare run flags": b"\x3b\x30\x00\x00\x03" + runs([(0, [(1, 3)])])[5:],
        "a bitmap of another cardinality": full[:10] + struct.pack("<H", 4998) + full[12:], "nothing": b"",
    }  # fmt: skip
    yield "roaringRefused", [{"what": what, "bytes": raw.hex(), "rows": 10 if len(raw) < 8192 else 5000} for what, raw in bad.items()]


def ledgers():
    rows = [
        Record("a", 1, [1.0, 2.0], None, {"genre": "drama"}), Record("é", 1 << 40, [0.0, -0.0], None, {}),
        Record("b", 7, None, ([1, 4294967295], [0.5, -2.0]), {"n": 1.5, "t": ["x", ""], "yes": True, "no": False}),
        Record("c", 8, [3.0], ([5], [1.0]), {}),
    ]  # fmt: skip

    def row(record):
        out = {"id": record.id, "lsn": str(record.lsn), "metadata": record.metadata}
        if record.values:
            out["values"] = [*map(bits, record.values)]
        if record.sparse:
            out.update(indices=record.sparse[0], weights=[*map(bits, record.sparse[1])])
        return out

    sets = [[]] + [[record] for record in rows] + [rows, rows[::-1], [rows[0], rows[0]]]
    yield "ledger", [{"rows": [*map(row, found)], "ledger": ledger(found)} for found in sets]


def rotations():
    class Space(slab_ann.Ann):
        def __init__(self, dimension, seed):
            self.seed, self.metric, self.padded = seed, "dotproduct", -(-dimension // 16) * 16
            self.centre = [0.0] * self.padded

    made, chance = [], random.Random(SEED)
    for dimension, seed in ((1, 0), (3, 99), (16, 1), (20, 7), (48, 1 << 63), (100, 99)):
        values = [f32(chance.randint(-1000, 1000) / 64) for _ in range(dimension)]
        turned = Space(dimension, seed).space(values)
        made.append({"seed": f"{seed:016x}", "values": [*map(bits, values)], "rotated": [*map(bits, turned)]})
    yield "splitmix64", [
        {"seed": f"{seed:016x}", "outputs": [f"{slab_ann.splitmix(seed, n):016x}" for n in range(3)]} for seed in (0, 99)
    ]
    yield "rotation", made


def estimates():
    """What codes and fine codes say of the first rows of some cells, for the first query of the facts."""
    made = []
    for name in ("dot", "flat", "pqodd"):
        ann = slab_ann.Ann(Slab(slab_kit.read(f"golden/{name}.slab"), name))
        facts = json.loads(slab_kit.read(f"golden/{name}.json"))
        query = [struct.unpack(">f", bytes.fromhex(text))[0] for text in facts["queries"][0]["values"]]
        q = ann.space(query)
        for number in sorted({0, ann.count // 2, ann.count - 1}):
            cell = ann.cells[number]
            _, base, tilt, spread = ann.aim(q, cell)
            for place in range(min(2, len(cell.rows))):
                u = ann.direction(cell.codes[place])
                factors, added = cell.fine[place]
                finer = ann._bound(ann.finer(u, added), factors, q, tilt, base, 1.9 * spread)
                coarse = ann._bound(u, cell.factors[place], q, tilt, base, 1.9 * spread)
                parts = ("estimate", coarse[0]), ("bound", coarse[1]), ("fineEstimate", finer[0]), ("fineBound", finer[1])
                made.append({"slab": f"golden/{name}.slab", "cell": number, "row": cell.rows[place], "margin": 1.9,
                             **{member: bits(f32(value)) for member, value in parts}})  # fmt: skip
    yield "estimates", made


def scores():
    tiny, large = f32(1e-45), f32(1e38)
    pairs = [
        ([1.0, 2.0], [4.0, 6.0]), ([large, large], [large, -large]), ([large] * 4, [large] * 4), ([tiny], [tiny]),
        ([tiny, 1.0], [1.0, tiny]), ([f32(1e16), 1.0, 1.0, 1.0, f32(-1e16), 1.0, 1.0, 1.0], [1.0] * 8), ([0.0], [5.0]),
        ([f32(0.1), f32(0.2), f32(0.3)], [f32(0.3), f32(-0.7), f32(1e-3)]), ([2.0, -0.0], [5.0, 0.0]),
    ]  # fmt: skip
    chance = random.Random(SEED)
    for length in (5, 7, 33):
        pairs.append(tuple([f32(chance.uniform(-2, 2)) for _ in range(length)] for _ in range(2)))
    yield "scores", [
        {"metric": metric, "query": [*map(bits, a)], "values": [*map(bits, b)],
         "score": bits(slab_score.score(metric, a, None, Record("", 0, b, None, {})))}
        for metric in ("cosine", "euclidean", "dotproduct") for a, b in pairs
    ]  # fmt: skip
    ids = [("b", 1.0), ("ab", 1.0), ("c", 2.0), ("a", -0.0), ("é", 1.0), ("z", 0.0), ("\U0001f600", 2.0), ("\uffee", 2.0)]
    records = [Record(ident, 1, [value], None, {}) for ident, value in ids]
    yield "order", [
        {"metric": metric, "query": [bits(1.0)], "records": [{"id": i, "values": [bits(v)]} for i, v in ids],
         "ids": [record.id for _, record in slab_score.best(metric, [1.0], None, records, 9)]}
        for metric in ("euclidean", "dotproduct")
    ]  # fmt: skip


def table(prefix):
    """The rows of a table of semantics.md."""
    with open(os.path.join(slab_kit.SPEC, "semantics.md"), encoding="utf-8") as file:
        for line in file:
            if line.startswith(f"| `{prefix}-"):
                yield [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def filters():
    known = []
    for rule, value, wanted, result in table("B"):
        metadata = {} if value == "absent" else {"f": json.loads(value)}
        known.append({"rule": rule, "filter": {"f": json.loads(wanted)}, "metadata": metadata, "matches": result == "true"})
    both = {"$or": [{"a": 1}, {"$and": [{"b": {"$exists": True}}, {"c": {"$ne": "x"}}]}]}
    for wanted, metadata in (
        (both, {"a": 1.0}), (both, {"b": "y"}), (both, {"b": "y", "c": "x"}), (both, {}), ({}, {}), ({}, {"a": True}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}), ({"a": 1, "b": 2}, {"a": 1}), ({"é": "é"}, {"é": "e\u0301"}),
        ({"": ""}, {"": ""}), ({"a": {"$gt": 9007199254740992}}, {"a": 9007199254740993}),
    ):  # fmt: skip
        floats = {name: float(v) if slab_filter.is_number(v) else v for name, v in metadata.items()}
        known.append({"filter": wanted, "metadata": metadata, "matches": slab_filter.matches(wanted, floats)})
    yield "filters", known
    yield "filterProblems", [
        {"rule": rule, "filter": json.loads(wanted), "path": path, "message": message.replace("\\", "")}
        for rule, wanted, message, path in table("FE")
    ]
    refused = ['{"f":1,"f":2}', '{"f":1e400}', '{"f":"\\ud800"}', '{"f":NaN}', '{"f":1}}', '\ufeff{"f":1}', '{"f":01}', "",
               "{'f':1}", '{"$and":[' * 51 + "{}" + "]}" * 51]  # fmt: skip
    yield "filterTextRefused", refused
    yield "filterTextRead", ['{"$and":[' * 49 + '{"f":{}}' + "]}" * 49, ' {"f" : -0 } ', '{"f":1e308}']


def sizes():
    texts = [
        {}, {"a": 1}, {"a": -0.0, "b": 0.5}, {"n": 1e7, "t": "x"}, {"é": "\u0001\n\"\\/é\U0001f600\x7f"}, {"t": [], "u": ["", "a"]},
        {"yes": True, "no": False}, {"n": 0.001, "m": 0.00099, "o": 9007199254740993.0, "p": -2.5e-7, "q": 1e16, "r": 1 / 3},
    ]  # fmt: skip
    yield "compactJson", [{"metadata": found, "bytes": metadata_size(found)} for found in texts]


def vectors():
    """Name and items of each group."""
    for group in (checksums, numbers, roaring, ledgers, rotations, estimates, scores, filters, sizes):
        yield from group()

