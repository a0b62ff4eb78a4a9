#!/usr/bin/env python3
"""Reads and searches the index over dense vectors of a slab, written from ann.md.

  slab_ann.py verify FILE                       recompute every code and factor
  slab_ann.py search FILE --vector '[..]' [-k 10] [--probes N] [--margin 1.9]

`search` prints rows, nearest first. All of it takes its time: it is there to be right.
"""

import argparse
import json
import math
import struct
import sys
from collections import namedtuple

from slab_bytes import SlabError, Unsupported, f32, need
from slab_file import ID_BLOCKS, IDS_IN_ROW_ORDER, open_slab
from slab_score import score

ROTATION, CENTROIDS, DIRECTORY, LISTS, CODEBOOK = 0x51, 0x52, 0x53, 0x54, 0x55
METRICS = {1: "cosine", 2: "euclidean", 3: "dotproduct"}
MASK = (1 << 64) - 1

Dense = namedtuple("Dense", "values sparse")


def splitmix(seed, n):
    z = (seed + (n + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def transform(x, start, width, scale):
    half = 1
    while half < width:
        for base in range(start, start + width, 2 * half):
            for i in range(base, base + half):
                a, b = x[i], x[i + half]
                x[i], x[i + half] = f32(a + b), f32(a - b)
        half *= 2
    for i in range(start, start + width):
        x[i] = f32(x[i] * scale)


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


class Cell:
    """A cell: its rows, the direction of each row's code, and the factors."""


class Ann:
    def __init__(self, slab):
        self.slab = slab
        entry = slab.find(ROTATION)
        need(entry is not None, slab.name, "no index in this slab")
        head = self._section(ROTATION, 1)
        fields = struct.unpack_from("<QIIIBBBBQfI", head)
        self.seed, self.dimension, self.padded, self.count = fields[:4]
        metric, self.quantizer, rounds, zero, length, self.grid, other = fields[4:]
        self.metric = METRICS.get(metric)
        where = slab.where(entry)
        if self.quantizer not in (1, 2) or rounds != 3:
            raise Unsupported(where, f"quantizer {self.quantizer}, {rounds} rounds")
        need(self.dimension == slab.dimension and self.metric == slab.metric, where, "another dimension or metric")
        need(self.padded == (self.dimension + 15) // 16 * 16, where, "padded dimension")
        need(len(head) == 40 + 4 * self.padded and zero == other == 0, where, "shape of the head")
        need(0 < self.grid < math.inf, where, f"grid {self.grid}")
        self.centre = struct.unpack_from(f"<{self.padded}f", head, 40)
        self.bits = 2 if self.quantizer == 1 else 1
        self.groups = self.padded // (4 if self.quantizer == 1 else 2)
        self.points = self._points() if self.quantizer == 2 else None
        lists = self._section(LISTS, slab.rows)
        need(len(lists) == length, where, "length of the lists")
        in_order = slab.find(ID_BLOCKS).encoding == IDS_IN_ROW_ORDER
        need(self.count == 1 or not in_order, where, "cells, but rows in id order")
        self.row_of = slab.rows_of_ids()
        self.cells = []
        first = 0
        for n in range(self.count):
            self.cells.append(self._cell(n, lists, first))
            first += len(self.cells[-1].rows)
        need(first == slab.rows, where, f"lists of {first} rows")

    def _section(self, kind, items):
        entry = self.slab.find(kind)
        need(entry is not None, self.slab.name, f"no section {kind:#x}")
        if entry.codec != 0 or entry.encoding != (2 if kind in (ROTATION, LISTS) else 1):
            raise Unsupported(self.slab.where(entry), f"encoding {entry.encoding}, codec {entry.codec}")
        need(entry.items == items, self.slab.where(entry), f"{entry.items} items, not {items}")
        return bytes(self.slab.bytes(entry))

    def _points(self):
        raw = struct.unpack(f"<{16 * self.padded}f", self._section(CODEBOOK, self.padded // 2))
        return [
            [(raw[32 * g + 2 * p], raw[32 * g + 2 * p + 1]) for p in range(16)]
            for g in range(self.padded // 2)
        ]

    def _cell(self, n, lists, first_row):
        cell = Cell()
        raw = self._section(DIRECTORY, self.count)
        offset, count, square, cell.spread, cell.radius, cell.along, zero = struct.unpack_from("<QIffffI", raw, 32 * n)
        need(zero == 0 and count > 0 and offset % 64 == 0, self.slab.name, f"cell {n}")
        panels = self._section(CENTROIDS, self.count)
        panel = n // 16 * 16 * self.padded + n % 16
        cell.centroid = [
            struct.unpack_from("<f", panels, 4 * (panel + 16 * d))[0] for d in range(self.padded)
        ]
        blocks = (count + 31) // 32
        codes = offset + 128 * blocks
        factors = codes + 16 * self.groups * blocks
        ranks = struct.unpack_from(f"<{32 * blocks}I", lists, offset)
        need(all(x == 0xFFFFFFFF for x in ranks[count:]), self.slab.name, f"padding of cell {n}")
        cell.rows = range(first_row, first_row + count)
        cell.ranks = ranks[:count]
        need(all(a < b for a, b in zip(cell.ranks, cell.ranks[1:])), self.slab.name, f"ranks of cell {n}")
        for row, rank in zip(cell.rows, cell.ranks):
            right = rank < self.slab.rows and self.row_of[rank] == row
            need(right, self.slab.name, f"cell {n}: rank {rank} for row {row}")
        cell.codes = [self._nibbles(lists, codes, i) for i in range(count)]
        cell.factors = []
        for i in range(count):
            at = factors + 384 * (i // 32) + 4 * (i % 32)
            cell.factors.append(tuple(struct.unpack_from("<f", lists, at + 128 * part)[0] for part in range(3)))
        size = self.padded * self.bits // 8
        stride = 12 + (size + 3) // 4 * 4
        start = factors + 384 * blocks
        cell.fine = [self._fine(lists, start + stride * i, size, stride) for i in range(count)]
        end = offset + self._list_bytes(count, stride)
        need(not any(lists[start + stride * count : end]), self.slab.name, f"padding of cell {n}")
        return cell

    def _list_bytes(self, count, stride):
        blocks = (count + 31) // 32
        return (128 + 16 * self.groups + 384) * blocks + (stride * count + 63) // 64 * 64

    def _fine(self, lists, at, size, stride):
        """The factors of a fine code and what it adds to the direction."""
        digits = lists[at + 12 : at + 12 + size]
        need(not any(lists[at + 12 + size : at + stride]), self.slab.name, "padding of a fine code")
        most = 2**self.bits - 1
        added = []
        for d in range(self.padded):
            plane, j = divmod(d, size)
            added.append(2 * (digits[j] >> (self.bits * plane) & most) - most)
        return struct.unpack_from("<3f", lists, at), added

    def _nibbles(self, lists, codes, i):
        slot = i % 32
        at = codes + 16 * self.groups * (i // 32) + 2 * (slot & 7) + (slot >> 3 & 1)
        shift = 0 if slot < 16 else 4
        return [lists[at + 16 * g] >> shift & 15 for g in range(self.groups)]

    def direction(self, nibbles):
        if self.quantizer == 1:
            return [1.0 if nibbles[d // 4] >> (d % 4) & 1 else -1.0 for d in range(self.padded)]
        return [number for g, p in enumerate(nibbles) for number in self.points[g][p]]

    def space(self, vector):
        x = [float(number) for number in vector]
        if self.metric == "cosine":
            square = 0.0
            for number in x:
                square += number * number
            scale = 1 / math.sqrt(square) if square > 0 else 0.0
            x = [f32(number * scale) for number in x]
        x += [0.0] * (self.padded - len(x))
        width = 1 << (self.padded.bit_length() - 1)
        scale = f32(1 / math.sqrt(width))
        words = (self.padded + 63) // 64
        for r in range(3):
            for i in range(self.padded):
                if splitmix(self.seed, r * words + i // 64) >> (i % 64) & 1:
                    x[i] = -x[i]
            transform(x, 0, width, scale)
            if width != self.padded:
                transform(x, self.padded - width, width, scale)
        return [f32(number - c) for number, c in zip(x, self.centre)]

    def verify(self):
        vectors = self.slab.vectors()
        for n, cell in enumerate(self.cells):
            for row, nibbles, factors, fine in zip(cell.rows, cell.codes, cell.factors, cell.fine):
                x = self.space(vectors[row])
                residual = [f32(a - b) for a, b in zip(x, cell.centroid)]
                self._verify_row(f"{self.slab.name} cell {n} row {row}", residual, nibbles, factors, fine, cell)

    def _verify_row(self, where, r, nibbles, factors, fine, cell):
        square = dot(r, r)
        if square == 0 or math.isinf(square):
            need(factors == fine[0] == (0, 0, 0), where, "factors of a row that is its centroid")
            need(not any(nibbles), where, "code of a row that is its centroid")
            need(set(fine[1]) <= {1 - 2**self.bits}, where, "fine code of a row that is its centroid")
            return
        need(math.sqrt(square) <= cell.radius, where, "a residual longer than the radius")
        u = self.direction(nibbles)
        if self.quantizer == 1:
            wrong = [d for d in range(self.padded) if (math.copysign(1, r[d]) > 0) != (u[d] > 0)]
            need(not wrong, where, f"sign of dimensions {wrong}")
        self._verify_factors(where, r, square, u, factors, cell)
        scale = f32(math.sqrt(self.padded / square) / (f32(1.172) if self.quantizer == 1 else 1))
        most = 2**self.bits - 1
        for d, v in enumerate(fine[1]):
            digit = math.floor((f32(r[d] * scale) - u[d]) / (2 * self.grid) + 1e-5)
            near = math.floor((f32(r[d] * scale) - u[d]) / (2 * self.grid) - 1e-5)
            right = {2 * min(max(x + 2 ** (self.bits - 1), 0), most) - most for x in (digit, near)}
            need(v in right, where, f"digit {v} of dimension {d}, not {right}")
        self._verify_factors(where, r, square, self.finer(u, fine[1]), fine[0], cell)

    def finer(self, u, added):
        return [a + self.grid * b for a, b in zip(u, added)]

    def _verify_factors(self, where, r, square, u, factors, cell):
        rho = square / dot(r, u)
        uc = dot(u, cell.centroid)
        error = math.sqrt(square) * math.sqrt(max(0, square * dot(u, u) / dot(r, u) ** 2 - 1))
        error /= math.sqrt(self.padded - 1)
        if self.metric == "dotproduct":
            expected = (rho * uc - dot(r, cell.centroid), -rho, error)
        else:
            expected = (square + 2 * rho * uc, -2 * rho, 2 * error)
        for found, right in zip(factors, expected):
            need(abs(found - right) <= 1e-5 * abs(right) + 1e-4 * error + 1e-9, where, f"factors {factors}, not {expected}")

    def aim(self, q, cell):
        """What is particular to a cell: order, base, tilt and spread."""
        qc, cc = dot(q, cell.centroid), dot(cell.centroid, cell.centroid)
        if self.metric != "dotproduct":
            distance = math.fsum((a - b) ** 2 for a, b in zip(q, cell.centroid))
            return distance, distance, 1.0, math.sqrt(distance)
        tilt = qc / cc if cc > 0 else 0.0
        along = qc * tilt
        across = max(0.0, dot(q, q) - along)
        side = max(0.0, cell.spread - cell.along)
        best = qc + 2.5 * math.sqrt(along * cell.along + across * side / min(64, self.padded))
        return -best, -qc, tilt, math.sqrt(across)

    def search(self, query, k, probes, margin):
        """The k nearest rows, approximately, and how many rows were scored."""
        q = self.space(query)
        vectors = self.slab.vectors()
        listed = []
        threshold = math.inf
        for number, (aim, cell) in enumerate(sorted(((self.aim(q, c), c) for c in self.cells), key=lambda x: x[0][0])):
            if number >= probes and len(listed) >= k:
                break
            _, base, tilt, spread = aim
            for place, (rank, row) in enumerate(zip(cell.ranks, cell.rows)):
                u = self.direction(cell.codes[place])
                if self._bound(u, cell.factors[place], q, tilt, base, margin * spread)[1] > threshold:
                    continue
                factors, added = cell.fine[place]
                estimate, bound = self._bound(self.finer(u, added), factors, q, tilt, base, margin * spread)
                listed.append((bound, estimate + (estimate - bound) / 4, rank, row))
                if len(listed) >= k:
                    threshold = sorted(entry[1] for entry in listed)[k - 1]
        return self._score(query, k, sorted(entry for entry in listed if entry[0] <= threshold), vectors)

    def _bound(self, u, factors, q, tilt, base, width):
        add, rescale, error = factors
        estimate = rescale * dot(u, q) + (add * tilt + base)
        return estimate, estimate - width * error

    def _score(self, query, k, listed, vectors):
        larger = self.metric != "euclidean"
        found = []
        scored = 0
        for bound, _, rank, row in listed:
            if len(found) >= k:
                worst = found[k - 1][0]
                if bound > (2 + 2 * worst if self.metric == "cosine" else worst):
                    break
            nearness = f32(score(self.metric, query, None, Dense(vectors[row], None)))
            scored += 1
            found.append((-nearness if larger else nearness, rank, row))
            found.sort()
            del found[k:]
        return [row for _, _, row in found], scored


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("verify", "search"))
    parser.add_argument("file")
    parser.add_argument("--vector")
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--probes", type=int, default=1 << 31)
    parser.add_argument("--margin", type=float, default=1.9)
    options = parser.parse_args(arguments)
    try:
        ann = Ann(open_slab(options.file))
        if options.command == "verify":
            ann.verify()
            print(f"intact: {ann.count} cells")
        else:
            query = [f32(x) for x in json.loads(options.vector)]
            rows, scored = ann.search(query, options.k, options.probes, options.margin)
            print(json.dumps({"rows": rows, "scored": scored}))
    except SlabError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
