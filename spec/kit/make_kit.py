#!/usr/bin/env python3
"""Writes the files of spec/kit. The same bytes each time; `--check` compares instead of writing."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "reader")]

from index_cases import IndexCases, slabs  # noqa: E402
from object_cases import ObjectCases  # noqa: E402
from slab_cases import slab_cases  # noqa: E402
from vector_cases import vectors  # noqa: E402


def lines(items):
    """A JSON array with an element on each line."""
    rows = ",\n".join(map(compact, items))
    return f"[\n{rows}\n]"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def files():
    """Name, relative to the folder spec, and bytes of each file."""
    index = IndexCases()
    cases = slab_cases() + index.cases + ObjectCases().cases
    kit = f'{{"format":"slab-kit","version":1,\n"index":{compact(index.base())},\n"cases":{lines(cases)}}}\n'
    groups = ",\n".join(f'"{name}":{lines(items)}' for name, items in vectors())
    values = f'{{"format":"slab-kit-vectors","version":1,\n{groups}}}\n'
    return {"kit/kit.json": kit.encode(), "kit/vectors.json": values.encode(), **slabs()}


def write(made):
    for name, content in made.items():
        path = os.path.join(HERE, "..", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


def main(arguments):
    stale = []
    if arguments == ["--check"]:
        for name, content in files().items():
            with open(os.path.join(HERE, "..", name), "rb") as file:
                stale += [name] if file.read() != content else []
    else:
        # Some cases change these, and read them for it.
        write(slabs())
        write(files())
    if stale:
        print(f"not what make_kit.py makes: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
