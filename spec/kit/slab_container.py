"""Cases of the container: length, header, trailer, directory, checksums, manifest."""

from kit_cases import (
    ACCEPTED, BITMAP_DICT, BLOCKS, CELLS, CHUNK_CRCS, COLUMN_CODES, COLUMN_DICT, Cases, HOT, ID_BLOCKS,
    ID_BLOOM, ID_TOP, LONG, MANIFEST, META_BLOCKS, META_ROWS, NEW_KIND, NORMS, PLAIN, PQ, RAW_VECTORS,
    REQUIRED, ROW_LSN, SLICES, TOMBSTONES, TOMBSTONE_LSN, of_section, refused, unseen,
)  # fmt: skip
from slab_edit import Edit, label
from slab_file import CHUNK


class Container(Cases):
    def lengths(self):
        def cut(length):
            return lambda e: setattr(e, "length", length)

        e = Edit(PLAIN)
        self.add("empty", "no byte at all", None, refused("corrupt"), cut(0))
        ends = {1, 63, 64, 143, e.slab.hot_offset, e.directory, e.trailer, e.trailer + 79}
        ends |= {e.section(ID_BLOCKS), e.end(RAW_VECTORS)}
        for end in sorted(ends):
            rule = "T-72" if end >= 144 else None
            self.add(f"cut-{end}", f"cut after {end} bytes", rule, refused("corrupt"), cut(end))
        longer = cut(e.trailer + 81)
        self.add("longer", "one byte more at the end", "T-72", refused("corrupt"), longer)

    def flips(self):
        """One bit in the first and the last byte of every section, of one column's for those of columns."""
        seen = set()
        for base in (PLAIN, LONG, CELLS, PQ):
            for n, entry in enumerate(Edit(base).slab.entries):
                if not entry.stored or entry.kind in seen:
                    continue
                seen.add(entry.kind)
                for where, at in (("first", entry.offset), ("last", entry.offset + entry.stored - 1)):
                    name = f"flip-{label(entry)}-{where}".lower()
                    what = f"a bit of the {where} byte of {label(entry)} changed"
                    self.add(name, what, "D-48", of_section(entry.kind, "corrupt"), lambda e, at=at: e.flip(at), base)
        refuse = refused("corrupt")
        self.add("flip-header", "a bit of the header changed", "H-60", refuse, lambda e: e.flip(33))
        self.add("flip-trailer", "a bit of the trailer changed", "T-68", refuse, lambda e: e.flip(e.trailer + 57))
        self.add("flip-directory", "a bit of the directory changed", "T-12", refuse, lambda e: e.flip(e.directory + 56))
        self.add("flip-gap", "a byte between two sections set", "H-64", unseen("corrupt"), lambda e: e.flip(4096 + 62))
        self.cases[-1].pop("rule")

    def header(self):
        corrupt, newer = refused("corrupt"), refused("unsupported")
        seal = lambda e: e.seal("header")
        self.add("magic", "another first byte", "H-0", corrupt, lambda e: seal(e.flip(0)))
        for at in (12, 40, 59):
            self.add(
                f"header-reserved-{at}", f"byte {at} of the header set", "H-12" if at < 40 else "H-40", corrupt,
                lambda e, at=at: seal(e.u8(at, 1)),
            )  # fmt: skip
        self.add("major-header", "major 2 in the header", "H-8", newer, lambda e: seal(e.u16(8, 2)))
        self.add("major-header-unsealed", "major 2, and the checksum of major 1", "H-8", newer, lambda e: e.u16(8, 2))
        self.add("minor-header", "minor 1 in the header alone", "H-10", corrupt, lambda e: seal(e.u16(10, 1)))
        self.add("id-header", "another slab id in the header", "H-16", corrupt, lambda e: seal(e.flip(20)))
        self.add(
            "minor-7", "minor 7 in header and trailer", "Y-3", ACCEPTED,
            lambda e: e.u16(10, 7).u16(e.trailer + 66, 7).seal("header", "trailer"),
        )  # fmt: skip
        self.cases[-1]["rule"] = "T-66"
        self.add(
            "id-both", "another slab id in header and trailer: the checksum of the directory is of the old one",
            "T-12", corrupt, lambda e: e.flip(20).flip(e.trailer + 20).seal("header", "trailer"),
        )  # fmt: skip
        self.add(
            "id-all", "another slab id everywhere but in the checksums of sections", "D-48", corrupt,
            lambda e: e.flip(20).flip(e.trailer + 20).seal("header").seal_directory(),
        )  # fmt: skip

    def trailer(self):
        corrupt, newer = refused("corrupt"), refused("unsupported")

        def forged(name, what, rule, verdicts, change):
            self.add(name, what, rule, verdicts, lambda e: change(e, e.trailer).seal("trailer"))

        forged("end-magic", "another last byte", "T-72", corrupt, lambda e, t: e.flip(t + 79))
        forged("major-trailer", "major 2 in the trailer", "T-64", newer, lambda e, t: e.u16(t + 64, 2))
        self.add(
            "major-trailer-unsealed", "major 2, and the checksum of major 1", "T-64", newer,
            lambda e: e.u16(e.trailer + 64, 2),
        )  # fmt: skip
        forged("file-length", "64 bytes more in the trailer", "T-40", corrupt, lambda e, t: e.u64(t + 40, t + 144))
        for bit in (5, 47, 48, 63):
            what = f"{'private ' if bit >= 48 else ''}required feature bit {bit}"
            forged(f"required-{bit}", what, "T-48", newer, lambda e, t, bit=bit: e.u64(t + 48, 1 << bit))
        forged("optional-9", "optional feature bit 9", "T-56", ACCEPTED, lambda e, t: e.u64(t + 56, 1 << 9))
        forged("optional-63", "private optional feature bit 63", "T-56", ACCEPTED, lambda e, t: e.u64(t + 56, 1 << 63))
        forged("directory-place", "another place", "T-0", corrupt, lambda e, t: e.u64(t, e.directory - 64))
        for name, count in (("more", 45), ("many", 0xFFFFFFFF), ("none", 0)):
            what, rule = f"{count} directory entries", "T-8" if count > 65535 else "T-0"
            forged(f"entries-{name}", what, rule, corrupt, lambda e, t, count=count: e.u32(t + 8, count))
        forged("hot-behind", "hot_offset at the trailer", "T-32", corrupt, lambda e, t: e.u64(t + 32, t))
        forged("hot-odd", "hot_offset no multiple of 64", "T-32", corrupt, lambda e, t: e.u64(t + 32, e.slab.hot_offset + 8))
        forged("hot-header", "hot_offset in the header", "T-32", corrupt, lambda e, t: e.u64(t + 32, 0))
        forged("id-trailer", "another slab id in the trailer", "H-16", corrupt, lambda e, t: e.flip(t + 20))

    def directory(self):
        e = Edit(PLAIN)
        place = e.section(META_BLOCKS)
        for at, form, rule in ((42, "H", "D-42"), (45, "B", "D-45"), (47, "B", "D-45")):
            self.entry(f"entry-reserved-{at}", f"byte {at} of an entry set", rule, META_ROWS, at, form, 1)
        self.entry("entry-flag", "an unknown flag", "D-7", META_ROWS, 7, "B", 0x21)
        self.entry("place-odd", "a section no multiple of 64", "D-44", META_BLOCKS, 8, "Q", place + 8)
        self.entry("place-header", "a section in the header", "D-16", META_BLOCKS, 8, "Q", 0)
        self.entry("place-behind", "a section behind the directory", "D-16", META_BLOCKS, 8, "Q", e.directory + 64)
        self.entry("place-huge", "a stored length of nearly 2^63", "D-16", META_BLOCKS, 16, "Q", (1 << 63) - 11)
        self.entry("place-negative", "a stored length of 2^64 - 1", "D-16", META_BLOCKS, 16, "Q", (1 << 64) - 1)
        for log2 in (0, 5, 31, 200):
            self.entry(f"alignment-{log2}", f"log2 alignment {log2}", "D-44", META_BLOCKS, 44, "B", log2)
        self.entry("page", "vectors with alignment 64", "D-44", RAW_VECTORS, 44, "B", 6)
        self.entry("items-negative", "items with the top bit set", "D-32", ROW_LSN, 32, "Q", (1 << 64) - 5)
        maybe = of_section(ROW_LSN, "corrupt")
        self.entry("items-more", "an LSN more than rows", "D-32", ROW_LSN, 32, "Q", 6, verdicts=maybe)
        self.entry("raw-length", "a raw length without codec", "D-24", ROW_LSN, 24, "Q", 1 << 40)
        self.entry("overlap", "two sections at one place", "D-8", META_BLOCKS, 8, "Q", e.section(MANIFEST))
        self.entry("hot-cleared", "the manifest without the hot flag", "F-HOT", MANIFEST, 7, "B", REQUIRED)
        self.entry("hot-set", "a cold section with the hot flag", "F-HOT", ROW_LSN, 7, "B", REQUIRED | HOT)
        self.entry("chunked-set", "a short section with the chunked flag", "F-CHUNKED", ROW_LSN, 7, "B", REQUIRED | 4)
        self.entry("chunked-cleared", "a long one without", "F-CHUNKED", RAW_VECTORS, 7, "B", REQUIRED, LONG)
        self.entry("first-chunk-beyond", "chunks beyond CHUNK_CRCS", "D-52", RAW_VECTORS, 52, "I", 1 << 20, LONG)
        self.entry("first-chunk-unused", "a checksum that no section has", "D-52", RAW_VECTORS, 52, "I", 1, LONG)
        self.entry("first-chunk-unchunked", "a first chunk without chunks", "D-52", ROW_LSN, 52, "I", 7)
        one, two = e.directory, e.directory + 64
        refuse = refused("corrupt")
        self.add("order", "two directory entries swapped", "D-0", refuse, lambda e: e.swap(one, two, 64).seal_directory())
        twice = lambda e: e.put(two, bytes(e.data[one:two])).seal_directory()
        self.add("twice", "one directory entry twice", "D-0", refuse, twice)

    def chunks(self):
        def swapped(e, bytes_too, sums_too):
            at, table = e.section(RAW_VECTORS), e.section(CHUNK_CRCS)
            if bytes_too:
                e.swap(at, at + CHUNK, CHUNK)
            if sums_too:
                e.swap(table, table + 4, 4).seal(f"section {e.number_of(CHUNK_CRCS)}").seal_directory()

        verdicts = of_section(RAW_VECTORS, "corrupt")
        for name, parts in (("bytes", (1, 0)), ("sums", (0, 1)), ("both", (1, 1))):
            what = f"two chunks swapped: {name}"
            self.add(f"chunks-{name}", what, "D-48", verdicts, lambda e, parts=parts: swapped(e, *parts), LONG)

    def retype(self, e, kind, code, flags):
        entry = e.entry(kind)
        e.u8(entry + 7, e.data[entry + 7] & HOT | flags).u16(entry, code)
        return e.sort().seal_directory()

    def kinds(self):
        newer, corrupt = refused("unsupported"), refused("corrupt")
        self.add("kind-critical", "an unknown kind, critical", "Y-4", newer, lambda e: self.retype(e, ID_BLOOM, NEW_KIND, 9))
        self.add("kind-optional", "an unknown kind", "Y-5", ACCEPTED, lambda e: self.retype(e, ID_BLOOM, NEW_KIND, 8))
        for kind in (0x8001, 0xFFFF):
            of = lambda flags, kind=kind: lambda e: self.retype(e, ID_BLOOM, kind, flags)
            self.add(f"kind-{kind:04x}-critical", f"the private kind {kind:#06x}, critical", "Y-4", newer, of(9))
            self.add(f"kind-{kind:04x}", f"the private kind {kind:#06x}", "Y-5", ACCEPTED, of(8))
        self.add("kind-reserved", "a reserved kind", "Y-5", ACCEPTED, lambda e: self.retype(e, ID_BLOOM, 0x56, 8))
        self.add(
            "kind-optional-damaged", "an unknown kind with a wrong checksum", "D-48", ("ok", "corrupt", "ok"),
            lambda e: self.retype(e.flip(e.section(ID_BLOOM)), ID_BLOOM, NEW_KIND, 8),
        )  # fmt: skip
        for kind, rule in ((MANIFEST, "K-0x01"), (ID_BLOCKS, "K-0x10")):
            name = f"lacking-{rule[4:]}"
            self.add(name, f"no section {rule}", rule, corrupt, lambda e, kind=kind: self.retype(e, kind, NEW_KIND, 0))
        for kind, rule in ((ROW_LSN, "K-0x13"), (ID_TOP, "K-0x11"), (RAW_VECTORS, "K-0x20"), (META_ROWS, "K-0x30"),
                           (META_BLOCKS, "K-0x31"), (TOMBSTONE_LSN, "K-0x15"), (COLUMN_CODES, "K-0x41")):  # fmt: skip
            name, verdicts = f"lacking-{rule[4:]}", of_section(kind, "corrupt")
            self.add(name, f"no section {rule}", rule, verdicts, lambda e, kind=kind: self.retype(e, kind, NEW_KIND, 0))
        for kind in (ID_BLOCKS, ROW_LSN, META_BLOCKS, COLUMN_CODES, BITMAP_DICT, ID_BLOOM, NORMS, TOMBSTONES):
            name, verdicts = f"encoding-{kind:02x}", of_section(kind, "unsupported")
            self.entry(name, f"encoding 99 of kind {kind:#04x}", "D-40", kind, 40, "H", 99, verdicts=verdicts)
        for kind in (META_ROWS, ID_BLOCKS, RAW_VECTORS):
            name, verdicts = f"codec-{kind:02x}", of_section(kind, "unsupported")
            self.entry(name, f"codec 7 of kind {kind:#04x}", "D-6", kind, 6, "B", 7, verdicts=verdicts)
        for kind in (META_BLOCKS, NORMS):
            verdicts = of_section(kind, "unsupported")
            name, what = f"encoding-private-{kind:02x}", f"the private encoding 0x8001 of kind {kind:#04x}"
            self.entry(name, what, "D-40", kind, 40, "H", 0x8001, verdicts=verdicts)
            name, what = f"codec-private-{kind:02x}", f"the private codec 0x80 of kind {kind:#04x}"
            self.entry(name, what, "D-6", kind, 6, "B", 0x80, verdicts=verdicts)

    def meanings(self):
        """Fields that mean nothing, or another thing, for the kind of the section."""
        part = lambda kind: lambda e: e.u16(e.entry(kind) + 4, 1).sort().seal_directory()
        self.add("part-critical", "part 1 of a critical kind", "Y-4", refused("unsupported"), part(META_ROWS))
        self.add("part-vectors", "dense values of a vector with number 1 alone", "Y-4", refused("unsupported"), part(RAW_VECTORS))
        self.add("part-norms", "norms of a vector with number 1", "Y-5", ACCEPTED, part(NORMS))
        self.add("part-derived", "part 1 of a kind that is not critical", "Y-5", ACCEPTED, part(ID_BLOOM))
        corrupt = refused("corrupt")

        def column(kind, number):
            return lambda e: e.u16(e.entry(kind) + 2, number).sort().seal_directory()

        self.add("column-stray", "a column on a section that has none", "D-2", corrupt, column(ID_BLOOM, 0))
        self.add("column-none", "a column's section without one", "D-2", corrupt, column(COLUMN_CODES, 0xFFFF))
        self.add("column-beyond", "a column that the manifest lacks", "D-2", corrupt, column(COLUMN_CODES, 500))

        def of_column(kind, number):
            def change(e):
                entry = e.entry(ID_BLOOM)
                e.u16(entry, kind).u16(entry + 2, number).u64(entry + 56, 0).sort().seal_directory()

            return change

        self.add("boolean-dictionary", "a dictionary of a boolean column", "K-0x40", corrupt, of_column(COLUMN_DICT, 2))
        self.add("string-slices", "slices of a string column", "K-0x44", corrupt, of_column(SLICES, 4))
        self.entry("param-lsn", "a param that means nothing", "D-56", ROW_LSN, 56, "Q", 1)
        numbers = lambda e: e.u64(e.entry(COLUMN_DICT, 7) + 56, 64).seal_directory()
        self.add("param-numbers", "a param of a dictionary of numbers", "D-56", corrupt, numbers)

    def manifest(self):
        corrupt, newer = refused("corrupt"), refused("unsupported")
        for name, rule, verdicts, old, new in (
            ("rows", "SM-rows", corrupt, '"rows":5,"dim', '"rows":4,"dim'),
            ("json", None, corrupt, '"rows":5,"dim', '"rows";5,"dim'),
            ("leading-zero", "SM-lsnMax", corrupt, '"lsnMax":"1099', '"lsnMax":"0099'),
            ("surrogate", None, corrupt, '"name/s', '"\\ud800'),
            ("no-writer", "SM-writer", corrupt, '"writer":', '"author":'),
            ("no-sources", "SM-sources", corrupt, '"sources":', '"Sources":'),
            ("no-version", "SM-version", corrupt, '"version":', '"Version":'),
            ("twice", None, corrupt, '"namespace":', '"dimension":'),
            ("format", "SM-format", corrupt, '"slab"', '"slob"'),
            ("id", "SM-id", corrupt, '"id":"0', '"id":"1'),
            ("metric", "SM-metric", newer, '"cosine"', '"cosime"'),
            ("vector-type", "SM-vectorType", newer, '"dense"', '"dance"'),
            ("column-type", "SC-type", newer, '"type":"boolean"', '"type":"bootean"'),
            ("column-id", "SC-id", corrupt, '{"id":1,', '{"id":2,'),
            ("column-rows", "SC-rows", corrupt, '"rows":1,"distinct":1}', '"rows":0,"distinct":1}'),
            ("column-field", "SC-field", corrupt, '"field":"year"', '"field":"yeah"'),
            ("field-order", "SM-fields", corrupt, '["any","genre"', '["zny","genre"'),
            ("no-ledger", "SM-ledger", corrupt, '"ledger":', '"Ledger":'),
            ("ledger-form", "SM-ledger", corrupt, '"ledger":"d', '"ledger":"G'),
        ):  # fmt: skip
            what = f"{old} is {new} in the manifest"
            self.add(f"manifest-{name}", what, rule, verdicts, lambda e, old=old, new=new: e.text(MANIFEST, old, new))
        for name, rule, verdicts, old, new in (
            ("algorithm", "Y-13", ACCEPTED, '"exact"', '"later"'),
            ("version-9", "SM-version", ACCEPTED, "[1,0]", "[9,9]"),
            ("ledger", "SM-ledger", unseen("corrupt"), '"ledger":"d', '"ledger":"0'),
            ("as-of", "SM-lsnAsOf", unseen("corrupt"), '"lsnAsOf":"1099', '"lsnAsOf":"1098'),
            ("lsn-max", "SM-lsnMax", unseen("corrupt"), '"lsnMax":"1099', '"lsnMax":"1098'),
        ):  # fmt: skip
            what = f"{old} is {new} in the manifest"
            self.add(f"manifest-{name}", what, rule, verdicts, lambda e, old=old, new=new: e.text(MANIFEST, old, new))
        exponent = lambda e: e.text(MANIFEST, '"rows":300', '"rows":3e2')
        self.add("manifest-exponent", "300 rows as 3e2", "SM-rows", corrupt, exponent, BLOCKS)
        wrong = lambda e: e.u16(e.section(MANIFEST), 0xBBEF).u8(e.section(MANIFEST) + 2, 0xBF).seal_section(MANIFEST)
        self.add("manifest-byte-order-mark", "a byte order mark", None, corrupt, wrong)
        self.add(
            "manifest-dimension", "another dimension than the vectors have", "SM-dimension",
            of_section(RAW_VECTORS, "corrupt"), lambda e: e.text(MANIFEST, '"dimension":3', '"dimension":4'),
        )  # fmt: skip
