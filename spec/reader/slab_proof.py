"""The records of a namespace as its slabs and log prove them, without manifests (spec/index.md, section 10)."""

import json
import os
import re

import slab_filter
from slab_bytes import ulid_bytes
from slab_file import RANGE_ALL, RANGE_FILTER, RANGE_FLUSHED, RANGE_OTHER_SLABS, RANGE_PREFIX, RANGE_RESTORED, Record, Slab
from slab_index import (
    DELETE,
    DELETE_ALL,
    DELETE_BY_FILTER,
    DELETE_BY_PREFIX,
    MAX_METADATA_BYTES,
    UPDATE,
    UPDATE_BY_FILTER,
    UPSERT,
    ZERO,
    decode_operations,
    decode_wal,
    encode_name,
    metadata_size,
    numbered,
    object_name,
    read_file,
)
from slab_json import strict_json

FOREVER = 1 << 64


class Proof:
    """What the files of a namespace's folder say, whether a manifest names them or not."""

    def __init__(self, index, namespace):
        self.spec = index.spec
        self.folder = os.path.join(index.root, "ns", encode_name(namespace))
        self.newest = {}  # id -> (LSN, record or None)
        self.ranges = []  # (LSN, kind, argument)
        self.settled = set()  # of these the deletes by filter that compactions took over
        slabs = [self._slab(name) for name in self._slab_names()]
        self.restored = max(
            (r for slab in slabs for r in slab.range_tombstones() if r[1] == RANGE_RESTORED), default=None
        )
        slabs = [slab for slab in slabs if not self._left_out(slab)]
        for slab in slabs:
            self.ranges += slab.range_tombstones()
            if slab.manifest["sources"]:
                self.settled.update(r for r in slab.range_tombstones() if r[1] == RANGE_FILTER)
            for ident, lsn in slab.tombstones():
                self._know(ident.decode(), lsn, None)
        for slab in slabs:
            if not self._void(slab):
                for record in slab.records():
                    self._know(record.id, record.lsn, record)
        flushed = max((lsn for lsn, kind, _ in self.ranges if kind == RANGE_FLUSHED), default=-1)
        replaced = self.restored[0] if self.restored else -1
        for wal, where in self._log():
            for operation in decode_operations(wal, self.spec, where):
                if operation.lsn > max(flushed, replaced):
                    self._apply(operation)

    def records(self):
        """The records that live, in id order."""
        live = [record for lsn, record in self.newest.values() if self._lives(lsn, record, FOREVER)]
        return sorted(live, key=lambda record: record.id.encode())

    def _slab_names(self):
        folder = os.path.join(self.folder, "slabs")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return [os.path.join(folder, n) for n in names if re.fullmatch(r"[0-9A-Z]{26}\.slab", n)]

    @staticmethod
    def _slab(name):
        return Slab(read_file(name), name)

    def _left_out(self, slab):
        """True of what the last restore left out."""
        if not self.restored:
            return False
        lsn, _, argument = self.restored
        if slab.id in {argument[at : at + 16] for at in range(0, len(argument), 16)}:
            return False
        since = (slab.lsn_as_of() or 0) if slab.manifest["sources"] else int(slab.manifest["lsnMin"])
        return since < lsn

    def _void(self, slab):
        as_of = slab.lsn_as_of()
        if as_of is None and not slab.manifest["sources"]:
            as_of = int(slab.manifest["lsnMax"])
        if as_of is None:
            return False
        own = [slab.id] + [ulid_bytes(source, slab.name) for source in slab.manifest["sources"]]
        for lsn, kind, argument in self.ranges:
            if kind == RANGE_OTHER_SLABS and as_of < lsn:
                named = {argument[at : at + 16] for at in range(0, len(argument), 16)}
                if not named & set(own):
                    return True
        return False

    def _log(self):
        """The end of the log without a hole and in chain, oldest first."""
        folder = os.path.join(self.folder, "wal")
        log, following = [], None
        for number in reversed([n for n in numbered(folder, ".wal") if n > 0]):
            where = object_name(folder, number, ".wal")
            wal = decode_wal(read_file(where), number, where)
            if following and (following[0] != number + 1 or following[1].previous not in (ZERO, wal.commit)):
                break
            following = number, wal
            log.insert(0, (wal, where))
        return log

    def _know(self, ident, lsn, record):
        known = self.newest.get(ident)
        if known is None or known[0] < lsn or known[0] == lsn and record is None:
            self.newest[ident] = lsn, record

    def _lives(self, lsn, record, until):
        return record is not None and not any(
            self._applies(delete, lsn, record)
            for delete in self.ranges
            if delete[0] <= until or delete in self.settled
        )

    @staticmethod
    def _applies(delete, lsn, record):
        above, kind, argument = delete
        if lsn >= above:
            return False
        if kind == RANGE_PREFIX:
            return record.id.encode().startswith(argument)
        if kind == RANGE_FILTER:
            return slab_filter.matches(strict_json(argument, "a filter"), record.metadata)
        return kind == RANGE_ALL

    def _apply(self, op):
        if op.op == UPSERT:
            self._know(op.id, op.lsn, Record(op.id, op.lsn, op.values, op.sparse, op.metadata or {}))
        elif op.op == DELETE:
            self._know(op.id, op.lsn, None)
        elif op.op == DELETE_ALL:
            self.ranges.append((op.lsn, RANGE_ALL, b""))
        elif op.op == DELETE_BY_PREFIX:
            prefix = op.id.encode()
            self.ranges.append((op.lsn, RANGE_PREFIX if prefix else RANGE_ALL, prefix))
        elif op.op == DELETE_BY_FILTER:
            self.ranges.append((op.lsn, RANGE_FILTER, json.dumps(op.filter).encode()))
        elif op.op == UPDATE:
            self._update(op.id, op)
        elif op.op == UPDATE_BY_FILTER:
            for ident, (_, record) in list(self.newest.items()):
                if record is not None and slab_filter.matches(op.filter, record.metadata):
                    self._update(ident, op)

    def _update(self, ident, op):
        lsn, record = self.newest.get(ident, (FOREVER, None))
        if lsn >= op.lsn or not self._lives(lsn, record, op.lsn):
            return
        changed = Record(
            ident,
            op.lsn,
            record.values if op.values is None else op.values,
            record.sparse if op.sparse is None else op.sparse,
            {**record.metadata, **(op.metadata or {})},
        )
        if op.metadata is None or metadata_size(changed.metadata) <= MAX_METADATA_BYTES:
            self._know(ident, op.lsn, changed)
