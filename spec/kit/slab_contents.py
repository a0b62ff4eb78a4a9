"""Cases of what is in sections: each is sealed again, so that the rule itself is met."""

import struct

from kit_cases import (
    ACCEPTED, BITMAP_DATA, BITMAP_DICT, BLOCKS, CELLS, CENTROIDS, CODEBOOK, COLUMN_CODES, COLUMN_DICT,
    Cases, GONE, MANIFEST, NAMED, ID_BLOCKS, ID_BLOOM, ID_TOP, IVF_DIR, IVF_LISTS, META_BLOCKS, META_ROWS, NEW_KIND, NORMS,
    PQ, RANGES, RAW_VECTORS, ROTATION, ROW_LSN, SLICES, SPARSE_POSTINGS, SPARSE_ROWS, TOMBSTONES,
    TOMBSTONE_LSN, WORDS, of_section, refused, unseen,
)  # fmt: skip
from slab_edit import Edit


class Contents(Cases):
    def ids(self):
        def longer_uvarints(e):
            """The id and the empty metadata of the one row in more bytes than they need."""
            for kind, raw, table in ((ID_BLOCKS, "8000818000" + "61", 8), (META_ROWS, "808000", None)):
                new, at, entry = bytes.fromhex(raw), e.section(kind), e.entry(kind)
                if table is None:
                    e.put(at, new).u32(e.section(META_BLOCKS) + 8, len(new)).u32(e.section(META_BLOCKS) + 12, len(new))
                    total = len(new)
                else:
                    e.u32(at + 16, len(new)).u32(at + 20, len(new)).put(at + 24, new)
                    total = 24 + len(new)
                e.u64(entry + 16, total).u64(entry + 24, total)
                e.seal_section(kind)
            e.seal_section(META_BLOCKS)

        one = "golden/one.slab"
        self.add("uvarint-long", "uvarints longer than they need be", "8.1", ACCEPTED, longer_uvarints, one)
        self.cases[-1].pop("rule")
        first = 24 + 2
        for name, what, raw in (("nul", "an id with the character NUL", b"\0"), ("utf8", "an id that is no UTF-8", b"\xff")):
            self.content(f"id-{name}", what, "K-0x10", ID_BLOCKS, lambda e, at, raw=raw: e.put(at + first, raw))
        # Who asks for the ids of some rows need not see the order of all.
        some = "ok|corrupt", "corrupt", "ok|corrupt"
        self.content("id-order", "ids out of order", "K-0x10", ID_BLOCKS, lambda e, at: e.put(at + 36, b"0"), some)
        self.content("blocks-items", "no strings in a block", "SB-0", ID_BLOCKS, lambda e, at: e.u32(at, 0))
        self.content("blocks-count", "2^28 blocks", "SB-4", ID_BLOCKS, lambda e, at: e.u32(at + 4, 1 << 28))
        self.content("blocks-offset", "a block elsewhere", "SBE-0", ID_BLOCKS, lambda e, at: e.u64(at + 8, 1 << 40))
        self.content("blocks-raw", "a block of 4 GiB", "SBE-12", ID_BLOCKS, lambda e, at: e.u32(at + 20, 0xFFFFFFFF))
        self.content("top-text", "another first id", "K-0x11", ID_TOP, lambda e, at: e.flip(e.end(ID_TOP) - 1))
        self.content("top-offset", "text beyond the end", "K-0x11", ID_TOP, lambda e, at: e.u32(at + 4, 1 << 30))
        rows = lambda value: lambda e, at: e.u32(e.end(ID_BLOCKS) - 4, value)
        self.content("row-twice", "two ids of one row", "E-IDS-NUMBERED", ID_BLOCKS, rows(0), some, CELLS)
        self.content("row-beyond", "an id of row 300 of 300", "E-IDS-NUMBERED", ID_BLOCKS, rows(300), some, CELLS)

    def contents(self):
        both = ("ok", "corrupt", "ok|corrupt")
        nan = lambda e, at: e.u32(at, 0x7FC00000)
        self.content("vector-nan", "NaN, and the norms of numbers", "K-0x24", RAW_VECTORS, nan, both)
        self.content("vector-zero", "a zero vector, and another norm", "K-0x24", RAW_VECTORS, lambda e, at: e.put(at, bytes(12)), both)
        self.content("norm", "a wrong norm", "K-0x24", NORMS, lambda e, at: e.flip(at + 2))
        self.content("bloom", "an empty bloom filter", "K-0x12", ID_BLOOM, lambda e, at: e.put(at, bytes(32)))
        self.content("lsn-width", "LSNs of 65 bits", "RL-8", ROW_LSN, lambda e, at: e.u32(at + 8, 65))
        self.content("lsn-reserved", "a reserved byte set", "RL-12", ROW_LSN, lambda e, at: e.u32(at + 12, 1))
        self.content("lsn-base", "LSNs below lsnMin", "SM-lsnMin", ROW_LSN, lambda e, at: e.u64(at, 1))
        self.content("lsn-other", "the LSN of a row is another one", "SM-ledger", ROW_LSN, lambda e, at: e.u8(at + 16, e.data[at + 16] ^ 2))
        spare = lambda kind: lambda e, at: e.u8(e.end(kind) - 1, e.data[e.end(kind) - 1] | 0x80)
        self.content("lsn-spare", "a bit behind packed numbers set", "RL-16", ROW_LSN, spare(ROW_LSN))
        self.content("codes-spare", "a bit behind packed numbers set", "K-0x41", COLUMN_CODES, spare(COLUMN_CODES))
        self.content("codes", "codes beyond the dictionary", "K-0x41", COLUMN_CODES, lambda e, at: e.u64(at, (1 << 64) - 1))
        self.content("meta-first-row", "a block from row 1", "MB-16", META_BLOCKS, lambda e, at: e.u32(at + 16, 1))
        self.content("meta-rows", "a block of 2^30 rows", "MB-20", META_BLOCKS, lambda e, at: e.u32(at + 20, 1 << 30))
        self.content("meta-offset", "a block elsewhere", "MB-0", META_BLOCKS, lambda e, at: e.u64(at, (1 << 64) - 8))
        tag = lambda e, at: e.u8(at + 2, 6)
        self.content("meta-tag", "a value of an unknown type", "K-0x30", META_ROWS, lambda e, at: self.last_row(e, at, tag), base="golden/hybrid.slab")
        sparse = "golden/sparse.slab"
        self.content("sparse-order", "indices that descend", "K-0x21", SPARSE_ROWS, lambda e, at: e.u32(at + 32, 99), base=sparse)
        self.content("sparse-offset", "a row beyond the section", "K-0x21", SPARSE_ROWS, lambda e, at: e.u64(at + 8, 1 << 40), base=sparse)
        self.content("postings", "a wrong weight", "SP-5", SPARSE_POSTINGS, lambda e, at: e.flip(at + 16), base=sparse)

    @staticmethod
    def last_row(e, at, change):
        """The first row with a field: `odd` of hybrid.slab, whose rows lie as they are."""
        while e.data[at] != 1:
            at += 1
        return change(e, at)

    def tombstones(self):
        lsn = lambda at, form, value: lambda e, place: e.number(form, place + at, value)
        self.content("tombstone-width", "LSNs of 65 bits", "RL-8", TOMBSTONE_LSN, lsn(8, "I", 65))
        self.content("tombstone-lsn", "an LSN below lsnMin", "SM-lsnMin", TOMBSTONE_LSN, lsn(0, "Q", 1))
        self.content("tombstone-order", "tombstones that do not ascend", "K-0x14", TOMBSTONES, lambda e, at: e.u8(at + 30, 3))
        # all: 10 bytes; prefix: 10 + 3; filter: 10 + 16; two of other slabs.
        prefix, filter_at = 10, 10 + 13
        first = Edit(GONE)
        at = first.section(RANGES)
        slabs = filter_at + 10 + first.data[at + filter_at + 9]
        for name, what, rule, change in (
            ("lsn", "an LSN below lsnMin", "RT-0", lambda e, at: e.u64(at, 1)),
            ("order", "deletes out of order", "RT-0", lambda e, at: e.u64(at + prefix, (1 << 21) + 9)),
            ("all-argument", "an argument of all", "RK-ALL", lambda e, at: e.u8(at + prefix + 8, 0)),
            ("no-prefix", "an empty prefix", "RK-PREFIX", lambda e, at: e.u8(at + 8, 1)),
            ("filter", "a filter that is no object", "RK-FILTER", lambda e, at: e.u8(at + filter_at + 10, ord("["))),
            ("operator", "a filter with an unknown operator", "RK-FILTER", lambda e, at: e.u8(at + filter_at + 12, ord("$"))),
            ("slab-order", "ids of slabs that descend", "RK-OTHER_SLABS", lambda e, at: e.u8(at + slabs + 10, 0x7F)),
            ("slab-bytes", "an id of a slab cut short", "RK-OTHER_SLABS", lambda e, at: e.u8(at + slabs + 9, 31)),
        ):  # fmt: skip
            self.content(f"range-{name}", what, rule, RANGES, change, base=GONE)
        kind = lambda e, at: e.u8(at + 8, 6)
        self.content("range-kind", "a delete of kind 6", "RT-8", RANGES, kind, of_section(RANGES, "unsupported"), GONE)
        items = lambda e, at: e.u64(e.entry(RANGES) + 32, 4)
        self.content("range-items", "one delete more than items", "D-32", RANGES, items, base=GONE)

    def columns(self):
        number = lambda e, at: e.swap(at, at + 8, 8)
        self.content("numbers-order", "numbers that descend", "E-DICT-NUMBERS", COLUMN_DICT, number, base="golden/late.slab")
        codes = lambda e, at: e.u8(at, e.data[at] ^ 1)
        self.content("codes-other", "codes that the rows do not have", "K-0x41", COLUMN_CODES, codes)
        items = lambda e, at: e.u64(e.entry(BITMAP_DICT) + 32, 3)
        self.content("sets-items", "a set more than values", "K-0x42", BITMAP_DICT, items)

    def bitmaps(self):
        table = lambda at, form, value: lambda e, place: e.number(form, place + at, value)
        self.content("bitmap-cardinality", "a set of 99 rows", "BD-0", BITMAP_DICT, table(0, "I", 99), base=BLOCKS)
        self.content("bitmap-length", "a bitmap of 1 GiB", "BD-4", BITMAP_DICT, table(4, "I", 1 << 30), base=BLOCKS)
        self.content("bitmap-offset", "a bitmap at 4", "BD-8", BITMAP_DICT, table(8, "Q", 4), base=BLOCKS)
        cookie = lambda e, at: e.u16(at, 12345)
        self.content("roaring-cookie", "another cookie", "K-0x43", BITMAP_DATA, cookie, base=BLOCKS)

        def containers(e, at):
            # The number of containers lies in the upper half of one cookie and behind the other.
            return e.u16(at + 2, 0xFFFF) if e.get("H", at) == 12347 else e.u32(at + 4, 1 << 16)

        self.content("roaring-containers", "65,536 containers", "K-0x43", BITMAP_DATA, containers, base=BLOCKS)
        self.content("slices", "a slice of other rows", "RS-0", SLICES, lambda e, at: e.u32(at, 1), base=BLOCKS)

    def blocks(self):
        """Compressed blocks that claim too much or too little, or are damaged."""
        claim = lambda value: lambda e, at: e.u32(at + 12, value)
        self.content("zstd-claim", "a block of 1 GiB", "MB-12", META_BLOCKS, claim(1 << 30), base=BLOCKS)
        self.content("zstd-short", "a block of one byte, stored in more", "8.2", META_BLOCKS, claim(1), base=BLOCKS)
        self.cases[-1]["rule"] = "MB-8"
        self.content("zstd-damaged", "no frame", "C-ZSTD", META_ROWS, lambda e, at: e.flip(at), base=BLOCKS)
        self.content("zstd-bomb", "a frame that yields megabytes", "C-ZSTD", META_ROWS, self.bomb, base=BLOCKS)

    @staticmethod
    def bomb(e, at):
        """A frame that promises what the table says and yields 128 KiB for each four of its bytes."""
        table = e.section(META_BLOCKS)
        stored, raw = e.get("I", table + 8), e.get("I", table + 12)
        frame = struct.pack("<IBI", 0xFD2FB528, 0xA0, raw)
        odd = (stored - 9) % 4
        if odd:
            # A raw block of one to three bytes more than its header makes the rest even.
            size = (odd + 1) % 4
            frame += struct.pack("<HB", size << 3, 0) + bytes(size)
        count = (stored - len(frame)) // 4
        for n in range(count):
            header = (n == count - 1) | 1 << 1 | 131072 << 3
            frame += struct.pack("<I", header)[:3] + b"a"
        return e.put(at, frame)

    def index(self):
        """Approximate indexes: where one is wrong the answer is the exact one."""
        for base, name in ((CELLS, "cells"), (PQ, "pq")):
            for kind in (ROTATION, CENTROIDS, IVF_DIR, IVF_LISTS, CODEBOOK):
                if kind == CODEBOOK and base == CELLS:
                    continue
                what = f"an index without section {kind:#04x}"
                self.add(f"lacking-{name}-{kind:02x}", what, f"K-{kind:#04x}", of_section(kind, "corrupt"),
                         lambda e, kind=kind: self.retype(e, kind, NEW_KIND, 8), base)  # fmt: skip
        field = lambda at, form, value: lambda e, place: e.number(form, place + at, value)
        newer = of_section(ROTATION, "unsupported")
        for name, what, rule, at, form, value in (
            ("quantizer", "quantizer 3", "RO-21", 21, "B", 3),
            ("rounds", "four rounds", "RO-22", 22, "B", 4),
        ):  # fmt: skip
            self.content(f"ann-{name}", what, rule, ROTATION, field(at, form, value), newer, CELLS)
        self.entry("ann-encoding", "another encoding of ROTATION", "D-40", ROTATION, 40, "H", 3, CELLS, newer)
        self.entry("ann-param", "a param that means nothing", "D-56", ROTATION, 56, "Q", 1, CELLS)
        for name, what, rule, at, form, value in (
            ("dimension", "another dimension", "RO-8", 8, "I", 7), ("padded", "D no multiple of 16", "RO-12", 12, "I", 17),
            ("metric", "another metric", "RO-20", 20, "B", 2), ("reserved", "a reserved byte set", "RO-23", 23, "B", 1),
            ("length", "another length of IVF_LISTS", "RO-24", 24, "Q", 64), ("step", "a step of 0", "RO-32", 32, "I", 0),
            ("cells", "more cells than IVF_DIR has", "RO-16", 16, "I", 7), ("pq-without", "quantizer 2 without a codebook", "RO-21", 21, "B", 2),
        ):  # fmt: skip
            self.content(f"ann-{name}", what, rule, ROTATION, field(at, form, value), base=CELLS)
        rows = Edit(CELLS).get("I", Edit(CELLS).section(IVF_DIR) + 8)
        self.content("ann-rows", "a list of a row less", "ID-8", IVF_DIR, field(8, "I", rows - 1), base=CELLS)
        # The ranks of lists and the rows of ids are compared as they are used: a reader cannot know which is wrong.
        some = "ok", "corrupt", "ok|corrupt"
        self.content("ann-offset", "a list elsewhere", "ID-0", IVF_DIR, field(0, "Q", 64), some, CELLS)
        self.content("ann-ranks", "ranks that descend", "E-LISTS-FINE", IVF_LISTS, lambda e, at: e.swap(at, at + 4, 4), some, CELLS)
        self.content("ann-padding", "a rank in the padding", "E-LISTS-FINE", IVF_LISTS, lambda e, at: e.u32(at + 4 * rows, 5), base=CELLS)
        self.content("ann-radius", "a radius shorter than a residual", "ID-20", IVF_DIR, field(20, "f", 1e-6), base=CELLS)
        for case in self.cases:
            if case["id"].startswith(("ann-", "lacking-cells", "lacking-pq")):
                case["level"] = 2

    def words(self):
        """What a slab says about its texts, and what its rows say about them."""
        for name, what, verdicts, old, new in (
            ("texts", "another number of texts", unseen("corrupt"), '"texts":77', '"texts":76'),
            ("terms", "another number of terms", unseen("corrupt"), '"terms":808', '"terms":807'),
            ("language", "a language in upper case", refused("corrupt"), '"standard"', '"Standard"'),
            ("no-field", "no field", refused("corrupt"), '"field":"body"', '"Field":"body"'),
            ("no-texts", "no number of texts", refused("corrupt"), '"texts"', '"Texts"'),
        ):  # fmt: skip
            self.add(f"words-{name}", what, "SM-textIndex", verdicts, lambda e, old=old, new=new: e.text(MANIFEST, old, new), WORDS)

    def named(self):
        for name, rule, verdicts, old, new in (
            ("number", "SV-number", refused("corrupt"), '"number": 9', '"number": 1'),
            ("zero", "SV-number", refused("corrupt"), '"number": 1', '"number": 0'),
            ("twice", "SV-name", refused("corrupt"), '"name": "title"', '"name": "image"'),
            ("no-name", "SV-name", refused("corrupt"), '"name": "title"', '"Name": "title"'),
            ("no-metric", "SV-metric", refused("corrupt"), '"sparse", "dimension": 0, "metric"', '"sparse", "dimension": 0, "Metric"'),
            ("kind", None, ACCEPTED, '"kind": "sparse"', '"kind": "packed"'),
        ):  # fmt: skip
            what = f"{old} is {new} in a vector with a name"
            self.add(f"named-{name}", what, rule, verdicts, lambda e, old=old, new=new: e.text(MANIFEST, old, new), NAMED)
