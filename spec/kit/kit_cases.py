"""What the cases of slabs have in common: bases, kinds of sections, verdicts."""

from slab_edit import Edit

PLAIN, BLOCKS, CELLS, LONG, GONE, PQ, WORDS = (
    f"golden/{name}.slab" for name in ("cosine", "euclidean", "cells", "wide", "deletes", "pqfs", "words")
)
NAMED = "kit/slabs/named.slab"

(MANIFEST, CHUNK_CRCS, ID_BLOCKS, ID_TOP, ID_BLOOM, ROW_LSN, TOMBSTONES, TOMBSTONE_LSN, RANGES) = (
    0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16)  # fmt: skip
RAW_VECTORS, SPARSE_ROWS, SPARSE_DICT, SPARSE_POSTINGS, NORMS = 0x20, 0x21, 0x22, 0x23, 0x24
META_ROWS, META_BLOCKS = 0x30, 0x31
COLUMN_DICT, COLUMN_CODES, BITMAP_DICT, BITMAP_DATA, SLICES = 0x40, 0x41, 0x42, 0x43, 0x44
ROTATION, CENTROIDS, IVF_DIR, IVF_LISTS, CODEBOOK = 0x51, 0x52, 0x53, 0x54, 0x55
NEW_KIND = 0x7E
REQUIRED, HOT = 1, 2

# What every query of rows reads; what it need not read; what opening reads. Everything else is derived.
READ = (ID_BLOCKS, RAW_VECTORS, SPARSE_ROWS, META_ROWS, META_BLOCKS)
ASIDE = (ROW_LSN, TOMBSTONES, TOMBSTONE_LSN, RANGES, ID_TOP)

ACCEPTED = ("ok", "ok", "ok")


def refused(verdict):
    """By each reader that opens the slab."""
    return verdict, verdict, verdict


def of_section(kind, verdict):
    """What is wrong in a section, met by each reader of it."""
    maybe = f"ok|{verdict}"
    if kind == MANIFEST:
        return refused(verdict)
    if kind == CHUNK_CRCS or kind in READ:
        return maybe, verdict, verdict
    return (maybe, verdict, maybe) if kind in ASIDE else ("ok", verdict, "ok")


def unseen(verdict):
    """Sections that contradict each other, which only a verifier compares."""
    return "ok", verdict, f"ok|{verdict}"


class Cases:
    """Cases as they are added, each by what it changes in a base."""

    def __init__(self):
        self.cases = []

    def keep(self, name, what, rule, verdicts, content, facts):
        names = ("open", "verify", "query")
        level = 1 if verdicts[0] == verdicts[2] or "|" not in verdicts[2] else 4
        case = {"id": name, "kind": "slab", "what": what}
        if rule:
            case["rule"] = rule
        case.update(level=level, **content, facts=facts, **dict(zip(names, verdicts)))
        if any(other["id"] == name for other in self.cases):
            raise ValueError(name)
        self.cases.append(case)

    def add(self, name, what, rule, verdicts, change, base=PLAIN):
        edit = Edit(base)
        change(edit)
        self.keep(name, what, rule, verdicts, edit.case(), base[:-5] + ".json")

    def entry(self, name, what, rule, kind, at, form, value, base=PLAIN, verdicts=None):
        """One field of the directory entry of a section."""
        self.add(
            name, what, rule, verdicts or refused("corrupt"),
            lambda e: e.number(form, e.entry(kind) + at, value).seal_directory(), base,
        )  # fmt: skip

    def content(self, name, what, rule, kind, change, verdicts=None, base=PLAIN):
        verdicts = verdicts or of_section(kind, "corrupt")
        self.add(name, what, rule, verdicts, lambda e: change(e, e.section(kind)).seal_section(kind), base)
