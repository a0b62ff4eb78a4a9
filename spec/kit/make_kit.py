#!/usr/bin/env python3
"""Writes spec/kit/kit.json and vectors.json. The same bytes each time; `--check` compares instead of writing."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "reader")]

from slab_cases import slab_cases  # noqa: E402


def lines(items):
    """A JSON array with an element on each line."""
    rows = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)
    return f"[\n{rows}\n]"


def files():
    """Name and text of each file."""
    return {
        "kit.json": f'{{"format":"slab-kit","version":1,"cases":{lines(slab_cases())}}}\n',
    }


def main(arguments):
    stale = []
    for name, text in files().items():
        path = os.path.join(HERE, name)
        if arguments == ["--check"]:
            with open(path, encoding="utf-8") as file:
                stale += [name] if file.read() != text else []
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    if stale:
        print(f"not what make_kit.py makes: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
