"""The slab cases of the kit: good ones, and damaged or forged ones by one change each."""

from kit_cases import ACCEPTED, NAMED
from slab_container import Container
from slab_contents import Contents

GOOD = ("cells", "cosine", "deletes", "dot", "euclidean", "flat", "hybrid", "ivf", "keys", "large", "late", "one",
        "pqfs", "pqodd", "sparse", "wide", "words")  # fmt: skip


class Slabs(Container, Contents):
    def __init__(self):
        super().__init__()
        for name in GOOD:
            self.keep(f"good-{name}", "a golden slab", None, ACCEPTED, {"file": f"golden/{name}.slab"}, f"golden/{name}.json")
        self.keep("good-named", "vectors with names, which mean nothing yet", "SM-vectors", ACCEPTED, {"file": NAMED}, NAMED[:-5] + ".json")
        self.lengths()
        self.flips()
        self.header()
        self.trailer()
        self.directory()
        self.chunks()
        self.kinds()
        self.meanings()
        self.manifest()
        self.ids()
        self.contents()
        self.tombstones()
        self.columns()
        self.bitmaps()
        self.blocks()
        self.index()
        self.words()
        self.named()


def slab_cases():
    return Slabs().cases
