"""Tests of the reader by itself: published check values and bytes built by hand."""

import io
import json
import os
import struct
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout

import index_builder
import slab_builder as b
import slab_filter
import slab_index
import slab_reader
import slab_score
from slab_bytes import (
    Corrupt,
    Cursor,
    Unsupported,
    Usage,
    crc32c,
    crc_context,
    f32,
    roaring,
    ulid_bytes,
    ulid_text,
    unpack_bits,
    xxh64,
    zstd_available,
    zstd_block,
)
from slab_file import Record, Slab
from slab_ledger import ledger
from slab_verify import verify

RECORDS = [
    ("a", 5, [1.0, 0.0, 0.5], {"genre": "drama", "note": "x"}),
    ("ab", 9, [0.0, -2.0, 0.0], {}),
    ("b", 7, [3.0, 4.0, 0.0], {"genre": "comedy"}),
    ("ä", 6, [1.0, 1.0, 1.0], {"genre": "drama"}),
]


def record(ident, lsn, values, metadata):
    return Record(ident, lsn, values, None, metadata)


class Checksums(unittest.TestCase):
    def test_crc32c_published(self):
        # RFC 3720, appendix B.4, and the usual check value.
        self.assertEqual(crc32c(b"123456789"), 0xE3069283)
        self.assertEqual(crc32c(bytes(32)), 0x8A9136AA)
        self.assertEqual(crc32c(b"\xff" * 32), 0x62A8AB43)
        self.assertEqual(crc32c(bytes(range(32))), 0x46DD794E)
        self.assertEqual(crc32c(bytes(range(31, -1, -1))), 0x113FDB5C)

    def test_crc32c_continues(self):
        self.assertEqual(crc32c(b"6789", crc32c(b"12345")), 0xE3069283)
        self.assertEqual(crc32c(b""), 0)

    def test_context_is_a_prefix(self):
        ident = bytes(range(16))
        prefix = ident + struct.pack("<QI", 4096, 7)
        self.assertEqual(crc_context(ident, 4096, 7, b"data"), crc32c(prefix + b"data"))

    def test_xxh64_published(self):
        self.assertEqual(xxh64(b""), 0xEF46DB3751D8E999)
        self.assertEqual(xxh64(b"a"), 0xD24EC4F1A98C6E5B)
        self.assertEqual(xxh64(b"abc"), 0x44BC2CF5AD770999)
        # The sanity buffer of the reference implementation: seed 2654435761.
        prime, generator, data = 2654435761, 2654435761, bytearray()
        for _ in range(101):
            data.append(generator >> 24)
            generator = generator * generator & 0xFFFFFFFF
        self.assertEqual(xxh64(bytes(data[:1])), 0x4FCE394CC88952D8)
        self.assertEqual(xxh64(bytes(data[:14])), 0xCFFA8DB881BC3A3D)
        self.assertEqual(xxh64(bytes(data)), 0x0EAB543384F878AD)
        self.assertEqual(xxh64(bytes(data), prime), 0xCAA65939306F1E21)


class Blocks(unittest.TestCase):
    def test_ulid(self):
        self.assertEqual(ulid_text(bytes(16)), "0" * 26)
        self.assertEqual(ulid_text(b"\xff" * 16), "7" + "Z" * 25)
        self.assertEqual(ulid_bytes(ulid_text(b.SLAB_ID), ""), b.SLAB_ID)
        for bad in ("8" + "Z" * 25, "0" * 25, "0" * 25 + "U"):
            self.assertRaises(Corrupt, ulid_bytes, bad, "")

    def test_uvarint(self):
        for value in (0, 1, 127, 128, 300, (1 << 64) - 1):
            self.assertEqual(Cursor(b.uvarint(value), "").uvarint(), value)
        self.assertRaises(Corrupt, Cursor(b"\xff" * 9 + b"\x02", "").uvarint)
        self.assertRaises(Corrupt, Cursor(b"\x80" * 10 + b"\x00", "").uvarint)
        self.assertRaises(Corrupt, Cursor(b"\x80", "").uvarint)

    def test_bit_packing(self):
        self.assertEqual(unpack_bits(bytes([0b00111001] + [0] * 7), 2, 3, ""), [1, 7])
        for width in (1, 5, 7, 31, 63, 64):
            numbers = [(i * 0x9E3779B97F4A7C15) & ((1 << width) - 1) for i in range(131)]
            self.assertEqual(unpack_bits(b.pack_bits(numbers, width), 131, width, ""), numbers)
        self.assertEqual(unpack_bits(b"", 3, 0, ""), [0, 0, 0])
        self.assertRaises(Corrupt, unpack_bits, bytes(7), 2, 3, "")
        self.assertRaises(Corrupt, unpack_bits, b"\x40" + bytes(7), 2, 3, "")

    def test_roaring(self):
        self.assertEqual(roaring(b.array_bitmap([1, 5, 9]), "", 10, 3), [1, 5, 9])
        self.assertEqual(roaring(struct.pack("<II", 12346, 0), "", 10), [])
        run = struct.pack("<IBHHHHH", 12347, 1, 2, 3, 1, 10, 3)
        self.assertEqual(roaring(run, "", 1 << 20, 4), [131082, 131083, 131084, 131085])
        bits = struct.pack("<IIHHI", 12346, 1, 0, 4999, 16) + b"\xff" * 625 + bytes(8192 - 625)
        self.assertEqual(roaring(bits, "", 5000, 5000), list(range(5000)))

    def test_roaring_lies(self):
        good = b.array_bitmap([1, 5, 9])
        lies = {
            "cookie": struct.pack("<I", 12345) + good[4:],
            "rows": b.array_bitmap([1, 5, 10]),
            "order": b.array_bitmap([5, 1, 9]),
            "cardinality": b.array_bitmap([1, 5]),
            "offset": good[:12] + struct.pack("<I", 17) + good[16:],
            "containers": good[:4] + struct.pack("<I", 70000) + good[8:],
            "cut": good[:-1],
            "long": good + b"\0",
            "touching runs": struct.pack("<IBHHHHHHH", 12347, 1, 0, 2, 2, 1, 0, 2, 1),
            "run past the end": struct.pack("<IBHHHHH", 12347, 1, 0, 2, 1, 65535, 2),
        }
        for name, lie in lies.items():
            with self.subTest(name):
                self.assertRaises(Corrupt, roaring, lie, "", 10, 3)

    @unittest.skipUnless(zstd_available(), "neither the zstd command nor compression.zstd is here")
    def test_zstd(self):
        # "a" x 40 as one frame: single segment, content size 40, one RLE block.
        frame = bytes.fromhex("28B52FFD2028430100") + b"a"
        self.assertEqual(zstd_block(frame, 40, ""), b"a" * 40)
        self.assertEqual(zstd_block(b"raw", 3, ""), b"raw")
        for raw in (39, 41, (8 << 20) + 1):
            self.assertRaises(Corrupt, zstd_block, frame, raw, "")
        self.assertRaises(Corrupt, zstd_block, frame, 5, "")
        # A frame that promises 40 bytes and yields 131,072 of them.
        for more in (b"\0", bytes.fromhex("28B52FFD2000010000"), bytes.fromhex("502A4D180100000007")):
            self.assertRaises(Corrupt, zstd_block, frame + more, 40, "")
        bomb = bytes.fromhex("28B52FFD2028030010") + b"a"
        self.assertRaises(Corrupt, zstd_block, bomb, 40, "")

    def test_f32(self):
        self.assertEqual(f32(1e300), float("inf"))
        self.assertEqual(f32(-1e300), float("-inf"))
        self.assertEqual(f32(0.1), 0.10000000149011612)


class SlabFiles(unittest.TestCase):
    def setUp(self):
        self.sections = b.slab_sections(RECORDS)

    def open(self, **changes):
        return Slab(b.build(self.sections, **changes))

    def section(self, kind):
        return next(s for s in self.sections if s != "hot" and s.kind == kind)

    def refuses(self, error, **changes):
        with self.assertRaises(error):
            verify(self.open(**changes))

    def test_reads_what_was_written(self):
        slab = self.open()
        self.assertEqual(verify(slab)["rows"], 4)
        found = [(r.id, r.lsn, r.values, r.metadata) for r in slab.records()]
        self.assertEqual(found, RECORDS)

    def test_every_flipped_byte_is_noticed(self):
        data = b.build(self.sections)
        for at in range(len(data)):
            damaged = bytearray(data)
            damaged[at] ^= 0x10
            with self.subTest(at), self.assertRaises((Corrupt, Unsupported)):
                verify(Slab(bytes(damaged)))

    def test_every_truncation_is_noticed(self):
        data = b.build(self.sections)
        for length in range(0, len(data), 13):
            self.assertRaises(Corrupt, Slab, data[:length])

    def test_chunks(self):
        records = [(f"{i:05}", 1, [float(i + 1)] * 64, {"genre": "x"}) for i in range(256)]
        self.sections = b.slab_sections([(i, l, v * 5, m) for i, l, v, m in records])
        data = b.build(self.sections)
        slab = Slab(data)
        verify(slab)
        entry = slab.find(0x20)
        self.assertTrue(entry.flags & 4)
        swapped = bytearray(data)
        one, two = entry.offset, entry.offset + 65536
        swapped[one:two], swapped[two : two + 65536] = data[two : two + 65536], data[one:two]
        self.assertRaises(Corrupt, verify, Slab(bytes(swapped)))

    def test_versions_and_features(self):
        self.refuses(Unsupported, major=2)
        self.refuses(Unsupported, required=4)

    def test_unknown_kinds(self):
        self.sections.append(b.Section(0x7E, b"later", 1, 2))
        self.assertEqual(verify(self.open())["rows"], 4)
        self.section(0x7E).flags = 3
        self.refuses(Unsupported)

    def test_private_numbers(self):
        self.sections.append(b.Section(0x8001, b"theirs", 1, 2, column=900, part=3, codec=0x80, encoding=0x8001, param=7))
        self.assertEqual(verify(self.open(optional=1 << 63))["rows"], 4)
        self.refuses(Unsupported, required=1 << 63)
        self.refuses(Unsupported, required=1)
        self.section(0x8001).flags = 3
        self.refuses(Unsupported)

    def test_reserved_flag(self):
        self.section(0x20).flags |= 16
        self.refuses(Corrupt)

    def test_unknown_encoding_and_codec(self):
        self.section(0x41).encoding = 9
        self.refuses(Unsupported)
        self.assertEqual(len(self.open().records()), 4)
        self.section(0x41).encoding = 1
        self.section(0x10).codec = 7
        with self.assertRaises(Unsupported):
            self.open().ids()

    def test_wrong_derived_data(self):
        self.section(0x41).data = b.pack_bits([2, 0, 1, 1], 2)
        self.refuses(Corrupt)
        self.sections = b.slab_sections(RECORDS)
        self.section(0x12).data = bytes(32)
        self.refuses(Corrupt)
        self.sections = b.slab_sections(RECORDS)
        self.section(0x24).data = bytes(16)
        self.refuses(Corrupt)

    def test_a_column_of_the_manifest_has_all_its_sections(self):
        for kind in (0x40, 0x41, 0x42, 0x43):
            self.sections = b.slab_sections(RECORDS)
            self.sections.remove(self.section(kind))
            self.refuses(Corrupt)

    def test_rows_in_the_order_of_cells(self):
        cells = [[1, 3], [0], [2]]
        self.sections = b.slab_sections(RECORDS, cells=cells)
        slab = self.open()
        self.assertEqual(verify(slab)["rows"], 4)
        self.assertEqual(slab.ids(), [record[0] for record in RECORDS])
        self.assertEqual(slab.rows_of_ids(), [2, 0, 3, 1])
        found = [(r.id, r.lsn, r.values, r.metadata) for r in slab.records()]
        self.assertEqual(found, [RECORDS[rank] for rank in (1, 3, 0, 2)])

    def test_wrong_order_of_cells(self):
        cells = [[1, 3], [0], [2]]
        entry = struct.Struct("<QI20x")
        for kind, data in (
            (0x54, b.cell_sections([[1, 2], [0], [3]])[0].data),
            (0x54, b.cell_sections([[3, 1], [0], [2]])[0].data),
            (0x54, b.cell_sections([[1, 4], [0], [2]])[0].data),
            (0x53, entry.pack(0, 2) + entry.pack(128, 1) + entry.pack(256, 2)),
            (0x53, entry.pack(0, 2) + entry.pack(128, 1)),
            (0x53, entry.pack(0, 2) + entry.pack(128, 1) + entry.pack(1 << 40, 1)),
        ):
            self.sections = b.slab_sections(RECORDS, cells=cells)
            self.section(kind).data = data
            self.section(kind).items = len(data) // 32 if kind == 0x53 else 4
            self.refuses(Corrupt)

    def test_ids_without_a_row_of_their_own(self):
        ids = [record[0].encode() for record in RECORDS]
        for numbers in ([2, 0, 3, 3], [2, 0, 4, 1], [2, 0, 3], [2, 0, 3, 1, 0]):
            self.sections = b.slab_sections(RECORDS, cells=[[1, 3], [0], [2]])
            section = self.section(0x10)
            section.data = b.string_blocks(ids, 256) + struct.pack(f"<{len(numbers)}I", *numbers)
            section.raw = len(section.data)
            with self.assertRaises(Corrupt):
                self.open().records()

    def test_cells_need_numbered_ids(self):
        for cells, right in (([[0, 1, 2, 3]], True), ([[0, 1], [2, 3]], False)):
            self.sections = b.slab_sections(RECORDS)
            self.sections += b.index_sections(cells, 3)
            for section in self.sections[-4:]:
                section.flags |= 2
            if right:
                self.assertEqual(verify(self.open())["rows"], 4)
            else:
                self.refuses(Corrupt)

    def changed_manifest(self, *changes):
        section = self.section(0x01)
        for old, new in changes:
            self.assertIn(old, section.data)
            section.data = section.data.replace(old, new)
        section.raw = len(section.data)

    def test_fields_that_mean_nothing(self):
        for kind, member, value in (
            (0x13, "param", 1), (0x13, "first", 7), (0x12, "column", 0), (0x41, "column", 0xFFFF),
            (0x41, "column", 500), (0x20, "alignment", 6),
        ):  # fmt: skip
            self.sections = b.slab_sections(RECORDS)
            setattr(self.section(kind), member, value)
            with self.subTest((kind, member)), self.assertRaises(Corrupt):
                self.open()

    def test_chunk_checksums_that_no_section_has(self):
        self.sections.append(b.Section(0x02, b"", 0, 3))
        self.assertEqual(verify(self.open())["rows"], 4)
        self.section(0x02).data = bytes(4)
        self.section(0x02).raw = 4
        self.refuses(Corrupt)
        self.section(0x02).items = 1
        self.refuses(Corrupt)

    def test_parts(self):
        self.section(0x12).part = 1
        self.assertEqual(verify(self.open())["rows"], 4)
        self.section(0x30).part = 1
        with self.assertRaises(Unsupported):
            self.open()

    def test_sections_of_other_vectors(self):
        norms = b.Section(0x24, b"notes", 1, 10)
        norms.part = 1
        self.sections.append(norms)
        self.assertEqual(verify(self.open())["rows"], 4)
        norms.kind, norms.flags = 0x20, 3
        with self.assertRaises(Unsupported) as raised:
            self.open()
        self.assertIn("RAW_VECTORS#1", str(raised.exception))

    def test_names_of_other_vectors(self):
        vector = {"number": 1, "name": "title", "kind": "dense", "dimension": 3, "metric": "cosine"}
        for vectors in ([vector], [vector, {**vector, "number": 2, "name": "text", "kind": "later"}], []):
            self.sections = b.slab_sections(RECORDS)
            self.changed_manifest((b'"sources": []', b'"sources": [], "vectors": ' + json.dumps(vectors).encode()))
            self.assertEqual(verify(self.open())["rows"], 4)
        for vectors in (
            None, {}, [1], [{**vector, "number": 0}], [{**vector, "number": 65536}], [{**vector, "name": ""}],
            [vector, vector], [vector, {**vector, "number": 2}], [{**vector, "dimension": -1}], [{"number": 1}],
        ):  # fmt: skip
            self.sections = b.slab_sections(RECORDS)
            self.changed_manifest((b'"sources": []', b'"sources": [], "vectors": ' + json.dumps(vectors).encode()))
            with self.subTest(vectors), self.assertRaises(Corrupt):
                self.open()

    def test_sections_of_columns_of_another_type(self):
        for section in (b.Section(0x40, b"", 0, 8), b.Section(0x44, b"", 0, 8)):
            self.sections = b.slab_sections(RECORDS)
            section.column = 0
            self.sections = [s for s in self.sections if s == "hot" or s.kind != section.kind]
            self.sections.insert(0, section)
            if section.kind == 0x40:
                self.changed_manifest((b'"type": "string"', b'"type": "boolean"'))
            with self.subTest(section.kind), self.assertRaises(Corrupt):
                self.open()

    def test_members_of_the_manifest(self):
        for change in (
            (b'"rows": 4,', b'"rows": 4.0,'), (b'"rows": 4,', b'"rows": 4e0,'), (b'"level": 0', b'"level": -0'),
            (b'"level": 0', b'"level": -1'), (b'"lsnMin": "5"', b'"lsnMin": "05"'), (b'"writer": "test", ', b""),
            (b'"sources": []', b'"more": []'), (b'"version": [1, 0], ', b""), (b'"namespace": "', b'"namespace": "\\ud800'),
            (b'"sources": []', b'"sources": null'), (b'{"format"', b'\xef\xbb\xbf{"format"'), (b', "distinct": 2', b""),
            (b'"namespace": ', b'"writer": '),
        ):  # fmt: skip
            self.sections = b.slab_sections(RECORDS)
            self.changed_manifest(change)
            with self.subTest(change), self.assertRaises(Corrupt):
                self.open()

    def test_ledger(self):
        good = self.open().manifest["ledger"].encode()
        for other in (good[1:], b"G" + good[1:], good + b"0"):
            self.sections = b.slab_sections(RECORDS)
            self.changed_manifest((good, other))
            with self.subTest(other), self.assertRaises(Corrupt):
                self.open()
        for changed in (RECORDS[:-1], RECORDS[1:] + RECORDS[1:2]):
            self.sections = b.slab_sections(RECORDS)
            self.changed_manifest((good, ledger(record(*row) for row in changed).encode()))
            self.refuses(Corrupt)
        self.sections = b.slab_sections(RECORDS)
        self.section(0x13).data = b.slab_sections([RECORDS[0], *[(i, 7, v, m) for i, _, v, m in RECORDS[1:]]])[3].data
        self.refuses(Corrupt)

    def test_ledger_of_the_specification(self):
        row = record("a", 1, [1.0, 2.0], {"genre": "drama"})
        self.assertEqual(ledger([row]), "edf9b129249d6aa2a0b9ec5847ba426c10997c96e92af974a31dc4aafa8ab1c1")
        self.assertEqual(ledger([row, row])[48:], f"{2 * 0x74a31dc4aafa8ab1c1 % (1 << 64):016x}")

    def test_sections_of_an_index_are_together(self):
        cells = [[1, 3], [0], [2]]
        for kind in (0x51, 0x52, 0x53, 0x54):
            self.sections = b.slab_sections(RECORDS, cells=cells)
            self.sections.remove(self.section(kind))
            with self.subTest(kind):
                self.refuses(Corrupt)
        for quantizer, codebook, error in ((2, False, Corrupt), (1, True, Corrupt), (3, False, Unsupported)):
            self.sections = b.slab_sections(RECORDS, cells=cells)
            self.section(0x51).data = b.index_sections(cells, 3, quantizer)[2].data
            if codebook:
                self.sections.append(b.Section(0x55, bytes(1024), 8, 10))
            with self.subTest((quantizer, codebook)):
                self.refuses(error)

    def test_base_of_the_sequence_numbers(self):
        lsns = [record[1] for record in RECORDS]
        section = self.section(0x13)
        section.data = struct.pack("<QIi", 4, 3, 0) + b.pack_bits([lsn - 4 for lsn in lsns], 3)
        section.raw = len(section.data)
        self.refuses(Corrupt)

    def test_ids(self):
        for ident in (b"", b"a\0", b"\xff", b"x" * 513):
            self.sections = b.slab_sections(RECORDS[2:])
            section = self.section(0x10)
            section.data = b.string_blocks(sorted([ident, b"zz" if ident < b"zz" else b"b"]), 256)
            section.raw = len(section.data)
            with self.subTest(ident[:3]), self.assertRaises(Corrupt):
                self.open().ids()

    def test_missing_section(self):
        self.sections.remove(self.section(0x13))
        self.refuses(Corrupt)

    def test_values_that_no_writer_writes(self):
        self.section(0x20).data = struct.pack("<12f", *[float("nan")] * 12)
        self.refuses(Corrupt)

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.slab")
            with open(path, "wb") as file:
                file.write(b.build(self.sections))
            out = io.StringIO()
            with redirect_stdout(out):
                arguments = ["query", path, "--vector", "[1,1,1]", "-k", "2", "--filter", '{"genre":"drama"}']
                self.assertEqual(slab_reader.main(arguments), 0)
            lines = [json.loads(line) for line in out.getvalue().splitlines()]
            self.assertEqual([line["id"] for line in lines], ["ä", "a"])
            self.assertEqual(lines[0]["bits"], "3f800000")
            with open(path, "ab") as file:
                file.write(b"x")
            with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
                self.assertEqual(slab_reader.main(["verify", path]), 2)
                self.assertEqual(slab_reader.main(["index", folder, "dump"]), 4)


class Scores(unittest.TestCase):
    def test_four_accumulators(self):
        # In plain order the large terms would swallow the ones: 1e16 + 1 - 1e16 + 1.
        a = [1e16, 1.0, 1.0, 1.0, -1e16, 1.0, 1.0, 1.0]
        self.assertEqual(slab_score.dot(a, [1.0] * 8), 6.0)

    def test_metrics(self):
        self.assertEqual(slab_score.distance([1.0, 2.0], [4.0, 6.0]), 25.0)
        self.assertEqual(slab_score.cosine([2.0, 0.0], [5.0, 0.0]), 1.0)
        self.assertEqual(slab_score.cosine([0.0], [5.0]), 0.0)
        self.assertEqual(slab_score.sparse_dot(([1, 4], [2.0, 3.0]), ([4, 9], [5.0, 1.0])), 15.0)

    def test_order_and_ties(self):
        records = [Record(i, 1, [v], None, {}) for i, v in (("b", 1.0), ("ab", 1.0), ("c", 2.0), ("a", -0.0))]
        ids = lambda metric: [r.id for _, r in slab_score.best(metric, [1.0], None, records, 9)]
        self.assertEqual(ids("dotproduct"), ["c", "ab", "b", "a"])
        self.assertEqual(ids("euclidean"), ["ab", "b", "a", "c"])

    def test_sparse_index_drops_zero(self):
        records = [Record("a", 1, None, ([3], [1.0]), {}), Record("b", 1, None, ([4], [1.0]), {})]
        found = slab_score.best("dotproduct", None, ([4], [2.0]), records, 9)
        self.assertEqual([(s, r.id) for s, r in found], [(2.0, "b")])


class Filters(unittest.TestCase):
    """The tables of semantics.md themselves."""

    def rows(self, prefix):
        path = os.path.join(os.path.dirname(__file__), "..", "semantics.md")
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(f"| `{prefix}-"):
                    yield [cell.strip() for cell in line.strip().strip("|").split("|")]

    def test_truth_table(self):
        count = 0
        for name, value, wanted, result in self.rows("B"):
            metadata = {} if value == "absent" else {"f": json.loads(value.strip("`"))}
            found = {k: float(v) if slab_filter.is_number(v) else v for k, v in metadata.items()}
            condition = {"f": json.loads(wanted.strip("`"))}
            slab_filter.check(condition)
            with self.subTest(name):
                self.assertEqual(slab_filter.matches(condition, found), result == "true")
            count += 1
        self.assertEqual(count, 33)

    def test_errors(self):
        count = 0
        for name, wanted, message, path in self.rows("FE"):
            with self.subTest(name), self.assertRaises(Usage) as raised:
                slab_filter.check(json.loads(wanted.strip("`")))
            self.assertEqual(str(raised.exception), f"usage: filter: {path.strip('`')}: {message}".replace("\\", ""))
            count += 1
        self.assertEqual(count, 23)

    def test_strict_json(self):
        for text in (
            '{"f":1,"f":2}', '{"f":1e400}', '{"f":"\\ud800"}', '{"f":NaN}', '{"f":1}}', '\ufeff{"f":1}',
            '{"f":' + "9" * 400 + "}", '{"$and":[' * 51 + "{}" + "]}" * 51,
        ):  # fmt: skip
            with self.subTest(text[:20]), self.assertRaises(Usage):
                slab_filter.parse(text)
        slab_filter.parse('{"$and":[' * 49 + '{"f":{}}' + "]}" * 49)

    def test_logic(self):
        wanted = {"$or": [{"a": 1}, {"$and": [{"b": {"$exists": True}}, {"c": {"$ne": "x"}}]}]}
        self.assertTrue(slab_filter.matches(wanted, {"a": 1.0}))
        self.assertTrue(slab_filter.matches(wanted, {"b": "y"}))
        self.assertFalse(slab_filter.matches(wanted, {"b": "y", "c": "x"}))
        self.assertEqual(slab_filter.fields(wanted), {"a", "b", "c"})
        self.assertTrue(slab_filter.matches({}, {}))


class Indexes(unittest.TestCase):
    SPEC = {
        "format": "slab-index", "version": [1, 0], "name": "t", "dimension": 3, "metric": "cosine",
        "vectorType": "dense", "schema": None, "createdMs": 1, "features": {"required": [], "optional": []},
    }  # fmt: skip
    ANCHOR = bytes(15) + b"\x01"

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = self.temporary.name
        self.index_json()
        data = b.build(b.slab_sections(RECORDS))
        self.name = ulid_text(b.SLAB_ID)
        self.write(f"ns/__default__/slabs/{self.name}.slab", data)
        self.entry = {
            "id": self.name, "level": 0, "bytes": len(data), "hotOffset": Slab(data).hot_offset, "rows": 4,
            "lsnMin": "5", "lsnMax": "9", "ledger": Slab(data).manifest["ledger"], "algorithm": "exact", "columns": [],
            "deletes": None,
        }  # fmt: skip
        self.wal(0, [])

    def write(self, name, data):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def manifest(self, **changes):
        manifest = {
            "format": "slab-namespace", "version": [1, 0],
            "features": {"required": [], "optional": []}, "id": "1", "parent": "0", "commit": ulid_text(self.ANCHOR),
            "operation": "flush", "timeMs": 1, "writer": "t", "namespace": "__default__", "state": "live",
            "lsnFlushed": "9", "walFlushedThrough": "0", "slabs": [self.entry],
            "history": [["1", ulid_text(self.ANCHOR), "flush"]], "walHistory": [["0", ulid_text(self.ANCHOR)]],
            "checkpoints": [], "thresholds": {}, **changes,
        }  # fmt: skip
        raw = index_builder.checked(manifest)
        self.write(f"ns/__default__/manifest/{1:020d}.json", raw)

    def wal(self, number, records, previous=bytes(16), commit=None):
        commit = commit or bytes(15) + bytes([number + 1])
        raw = index_builder.log_object(number, records, commit, previous)
        self.write(f"ns/__default__/wal/{number:020d}.wal", raw)
        return raw

    def records(self):
        state = slab_index.Index(self.root).namespace("")
        return {record.id: record for record in state.records()}

    @staticmethod
    def metadata(**fields):
        names = sorted(fields, key=str.encode)
        rows = (b.text(name) + b.metadata_value(fields[name]) for name in names)
        return b.uvarint(len(fields)) + b"".join(rows)

    def dense(self, *values):
        return b.uvarint(len(values)) + struct.pack(f"<{len(values)}f", *values)

    def index_json(self, **changes):
        members = {"id": ulid_text(self.ANCHOR), **self.SPEC, **changes}
        good = index_builder.checked({k: v for k, v in members.items() if v != "absent"})
        self.write("index.json", good)
        return good

    def test_index_json_needs_a_checksum(self):
        self.manifest()
        self.wal(0, [])
        good = self.index_json()
        self.assertEqual(len(self.records()), 4)
        for at in range(len(good)):
            bad = bytearray(good)
            bad[at] ^= 1
            self.write("index.json", bytes(bad))
            with self.assertRaises(Corrupt):
                slab_index.Index(self.root)
        for without in ({"id": ulid_text(self.ANCHOR), **self.SPEC}, self.SPEC):
            self.write("index.json", json.dumps(without).encode())
            with self.assertRaises(Corrupt) as raised:
                slab_index.Index(self.root)
            self.assertIn("no checksum at the beginning", str(raised.exception))
        self.index_json(id="absent")
        with self.assertRaises(Corrupt):
            slab_index.Index(self.root)
        for newer in ({"version": [2, 0]}, {"features": {"required": ["vectors"], "optional": []}}):
            self.index_json(**newer)
            with self.assertRaises(Unsupported):
                slab_index.Index(self.root)

    def test_slabs_and_empty_wal(self):
        self.manifest()
        self.wal(0, [])
        self.assertEqual(sorted(self.records()), ["a", "ab", "b", "ä"])

    def test_every_operation(self):
        self.manifest()
        self.wal(0, [])
        self.wal(
            1,
            [
                (1, 5, b.text("new") + self.dense(1, 2, 3) + self.metadata(genre="drama")),
                (2, 0, b.text("ab")),
                (3, 4, b.text("b") + self.metadata(year=2020.0)),
                (3, 1, b.text("nobody") + self.dense(1, 2, 3)),
                (0xFE, 0, b"from later"),
            ],
            previous=self.ANCHOR,
        )
        self.wal(2, [(7, 4, b.text('{"genre":"drama"}') + self.metadata(seen=True))])
        found = self.records()
        self.assertEqual(sorted(found), ["a", "b", "new", "ä"])
        self.assertEqual(found["b"].metadata, {"genre": "comedy", "year": 2020.0})
        self.assertEqual(found["b"].values, [3.0, 4.0, 0.0])
        self.assertEqual(found["b"].lsn, (1 << 20) + 2)
        self.assertEqual(found["a"].metadata, {"genre": "drama", "note": "x", "seen": True})
        self.assertEqual(found["new"].lsn, 2 << 20)
        self.wal(3, [(4, 0, b.text('{"seen":true,"note":{"$exists":false}}')), (6, 0, b.text("b"))])
        self.assertEqual(sorted(self.records()), ["a"])
        self.wal(4, [(5, 0, b""), (1, 1, b.text("last") + self.dense(1, 0, 0))])
        self.assertEqual(sorted(self.records()), ["last"])

    def test_deletion_vectors(self):
        import base64

        bitmap = b.array_bitmap([0, 3])
        inline = base64.b64encode(bitmap).decode()
        self.entry["deletes"] = {"cardinality": 2, "inline": inline}
        self.manifest()
        self.assertEqual(sorted(self.records()), ["ab", "b"])
        self.assertTrue(inline.endswith("="))
        self.entry["deletes"]["inline"] = inline.rstrip("=")
        self.manifest()
        self.assertRaises(Corrupt, self.records)
        file = f"{self.name}-7-{ulid_text(self.ANCHOR)}.dv"
        raw = index_builder.deletion_vector(b.SLAB_ID, 7, 2, bitmap)
        self.write(f"ns/__default__/deletes/{file}", raw)
        self.entry["deletes"] = {"cardinality": 2, "file": file}
        self.manifest()
        self.assertEqual(sorted(self.records()), ["ab", "b"])
        for bad in (
            {"cardinality": 2, "file": file, "inline": inline},
            {"cardinality": 2},
            {"cardinality": 2, "file": file.replace("-7-", "-07-")},
        ):
            self.entry["deletes"] = bad
            self.manifest()
            self.assertRaises(Corrupt, self.records)
        self.entry["deletes"] = {"cardinality": 2, "file": file}
        self.entry["deletes"]["cardinality"] = 3
        self.manifest()
        self.assertRaises(Corrupt, self.records)

    def test_damage(self):
        self.manifest()
        raw = self.wal(1, [(2, 0, b.text("a"))], previous=self.ANCHOR)
        self.assertEqual(sorted(self.records()), ["ab", "b", "ä"])
        for at in range(len(raw)):
            damaged = bytearray(raw)
            damaged[at] ^= 1
            with self.subTest(at), self.assertRaises((Corrupt, Unsupported)):
                slab_index.decode_wal(bytes(damaged), 1, "")
        self.assertRaises(Corrupt, slab_index.decode_wal, raw, 2, "")
        self.wal(1, [(2, 0, b.text("a"))], previous=b"\x07" * 16)
        self.assertRaises(Corrupt, self.records)
        os.rename(
            os.path.join(self.root, f"ns/__default__/wal/{1:020d}.wal"),
            os.path.join(self.root, f"ns/__default__/wal/{2:020d}.wal"),
        )
        with self.assertRaises(slab_index.Missing):
            self.records()

    def test_members_of_the_manifest(self):
        for changes in (
            {"timeMs": 1.5}, {"namespace": "other"}, {"lsnFlushed": "09"}, {"checkpoints": None}, {"writer": 1},
            {"slabs": [self.entry, self.entry]}, {"features": {"required": []}}, {"condemned": None},
            {"slabs": [{**self.entry, "level": 1}]}, {"slabs": [{**self.entry, "bytes": 1}]},
            {"slabs": [{**self.entry, "rows": 5}]}, {"slabs": [{**self.entry, "vintage": None}]},
            {"slabs": [{k: v for k, v in self.entry.items() if k != "deletes"}]},
            {"slabs": [{**self.entry, "columns": [{"field": "f", "type": "string", "rows": 1, "min": None}]}]},
        ):  # fmt: skip
            self.manifest(**changes)
            with self.subTest(changes), self.assertRaises(Corrupt):
                self.records()
        self.entry["hotOffset"] += 64
        self.manifest()
        self.assertEqual(len(self.records()), 4)

    def test_rules_of_the_log(self):
        self.manifest()
        for error, record in (
            (Unsupported, (7, 0, b.text("{}") + self.metadata(seen=True))),
            (Corrupt, (2, 0, b.text("a\0"))),
            (Corrupt, (2, 0, b.text(""))),
            (Corrupt, (4, 0, b.text('{"f":{"$xyz":1}}'))),
            (Corrupt, (4, 0, b.text('{"f":1,"f":2}'))),
        ):
            self.wal(1, [record])
            with self.subTest(record):
                self.assertRaises(error, self.records)

    def test_unknown_operation(self):
        self.manifest()
        self.wal(1, [(9, 0, b"")])
        self.assertRaises(Unsupported, self.records)

    def test_deleted_and_absent_namespaces(self):
        self.manifest(state="deleted")
        self.assertEqual(self.records(), {})
        self.assertEqual(slab_index.Index(self.root).namespace("other").records(), [])

    def test_names(self):
        for name, folder in (("", "__default__"), ("Tenant", "%54enant"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("ü", "%C3%BC")):
            self.assertEqual(slab_index.encode_name(name), folder)


if __name__ == "__main__":
    unittest.main()
