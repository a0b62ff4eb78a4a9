"""Changes of a slab, written down as edits and reseal steps of a case."""

import struct

from slab_bytes import crc32c
from slab_file import Slab, label
from slab_kit import read, slab_of

ENTRY = 64


class Edit:
    """A base and what a case changes in it. Numbers are written as the tables of slab-file.md say."""

    def __init__(self, base):
        self.base = base
        self.data = bytearray(read(base))
        self.slab = Slab(bytes(self.data), base)
        self.edits, self.steps, self.length = [], [], None
        self.trailer = len(self.data) - 80
        self.directory = self.slab.dir_offset

    def put(self, at, new):
        if self.data[at : at + len(new)] != new:
            self.data[at : at + len(new)] = new
            self.edits.append({"at": at, "bytes": new.hex()})
        return self

    def number(self, form, at, value):
        return self.put(at, struct.pack("<" + form, value))

    def u8(self, at, value):
        return self.number("B", at, value)

    def u16(self, at, value):
        return self.number("H", at, value)

    def u32(self, at, value):
        return self.number("I", at, value)

    def u64(self, at, value):
        return self.number("Q", at, value)

    def flip(self, at):
        return self.u8(at, self.data[at] ^ 0x10)

    def swap(self, a, b, length):
        """Swaps two stretches that nothing changed before."""
        self.data[a : a + length], self.data[b : b + length] = self.data[b : b + length], self.data[a : a + length]
        self.edits += [{"at": a, "from": b, "length": length}, {"at": b, "from": a, "length": length}]
        return self

    def get(self, form, at):
        return struct.unpack_from("<" + form, self.data, at)[0]

    # ------------------------------------------------------------ places

    def number_of(self, kind, column=None):
        """Which directory entry a section has: of a column, or the first of its kind with stored bytes."""
        for n, entry in enumerate(self.slab.entries):
            if entry.kind == kind and (entry.column == column if column is not None else entry.stored):
                return n
        raise KeyError(kind)

    def entry(self, kind, column=None):
        """Where the directory entry of a section begins."""
        return self.directory + ENTRY * self.number_of(kind, column)

    def section(self, kind, column=None):
        """Where a section begins."""
        return self.slab.entries[self.number_of(kind, column)].offset

    def end(self, kind, column=None):
        found = self.slab.entries[self.number_of(kind, column)]
        return found.offset + found.stored

    # ------------------------------------------------------------ checksums

    def seal(self, *steps):
        self.steps += [step for step in steps if step not in self.steps]
        return self

    def seal_directory(self):
        return self.seal("directory", "trailer")

    def seal_section(self, kind, column=None):
        """The checksums of a section and those above them."""
        number = self.number_of(kind, column)
        self.seal(f"section {number}")
        if self.slab.entries[number].flags & 4:
            self.seal(f"section {self.number_of(2)}")
        return self.seal_directory()

    def _rank(self, step):
        """Checksums before those that cover them."""
        names = (f"section {self.number_of(2)}" if self.slab.find(2) else None, "directory", "trailer", "header")
        return names.index(step) if step in names else -1

    def sort(self):
        """Sorts the directory again after kinds were changed."""
        entries = [bytes(self.data[at : at + ENTRY]) for at in range(self.directory, self.trailer, ENTRY)]
        entries.sort(key=lambda raw: struct.unpack_from("<HHH", raw))
        for n, raw in enumerate(entries):
            self.put(self.directory + ENTRY * n, raw)
        return self

    def text(self, kind, old, new):
        """Replaces text inside a section by text of the same length."""
        old, new = old.encode(), new.encode()
        at = self.data.find(old, self.section(kind), self.end(kind))
        if at < 0 or len(old) != len(new):
            raise ValueError(f"no {old} or another length")
        return self.put(at, new).seal_section(kind)

    def case(self):
        """What the case says about its bytes."""
        case = {"base": self.base, "edits": self.edits}
        if self.length is not None:
            case["length"] = self.length
        if self.steps:
            case["reseal"] = sorted(self.steps, key=self._rank)
        made = slab_of(case)
        if made == read(self.base):
            raise ValueError("nothing changes")
        return {**case, "crc32c": f"{crc32c(made):08x}"}


__all__ = ["Edit", "label"]
