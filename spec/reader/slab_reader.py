#!/usr/bin/env python3
"""An independent reader of slabs and slab indexes, written from the specification beside it.

  slab_reader.py verify FILE...                one JSON object per file
  slab_reader.py dump FILE                     one JSON object per record, in id order
  slab_reader.py query FILE --vector '[..]' [--sparse JSON] [-k 10] [--filter JSON] [--metric NAME]
  slab_reader.py index DIR [--namespace N] verify | dump | prove | query ...

Exit status: 0 fine, 1 wrong usage, 2 corrupt, 3 unsupported, 4 missing.
"""

import argparse
import json
import struct
import sys

import slab_filter
import slab_json
from slab_bytes import Corrupt, Missing, SlabError, Unsupported, Usage, f32
from slab_file import open_slab
from slab_index import Index
from slab_proof import Proof
from slab_score import best
from slab_verify import verify

STATUS = {"usage": 1, "corrupt": 2, "unsupported": 3, "missing": 4}
FAILED = {error.kind: error for error in (Usage, Corrupt, Unsupported, Missing)}


def bits(value):
    """The bits of a 32-bit float as eight hexadecimal digits."""
    return struct.pack(">f", value).hex()


def sparse_json(sparse):
    return {"indices": sparse[0], "values": sparse[1]}


def record_json(record):
    out = {"id": record.id, "lsn": str(record.lsn)}
    if record.values is not None:
        out["values"] = record.values
    if record.sparse is not None:
        out["sparse_values"] = sparse_json(record.sparse)
    out["metadata"] = {name: record.metadata[name] for name in sorted(record.metadata, key=str.encode)}
    return out


def print_json(value):
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def argument_json(text, what):
    try:
        return None if text is None else slab_json.parse(text)
    except ValueError as error:
        raise Usage(what, f"malformed JSON: {error}") from error


def query_vectors(options, dimension, vector_type):
    """Dense and sparse values of the query, as 32-bit floats; None where there are none."""
    values = argument_json(options.vector, "--vector")
    sparse = argument_json(options.sparse, "--sparse")
    if (values is None) != (vector_type == "sparse") or (values and len(values) != dimension):
        raise Usage("--vector", f"a {vector_type} index of dimension {dimension} needs another vector")
    if sparse is not None and vector_type == "dense" or sparse is None and vector_type == "sparse":
        raise Usage("--sparse", f"wrong for a {vector_type} index")
    if sparse is not None:
        pairs = sorted(zip(sparse["indices"], sparse["values"]))
        sparse = ([index for index, _ in pairs], [f32(weight) for _, weight in pairs])
    return None if values is None else [f32(value) for value in values], sparse


def query(options, records, metric, dimension, vector_type):
    wanted = argument_json(options.filter, "--filter")
    slab_filter.check(wanted)
    values, sparse = query_vectors(options, dimension, vector_type)
    matching = [record for record in records if slab_filter.matches(wanted, record.metadata)]
    for score, record in best(metric, values, sparse, matching, options.k):
        print_json({"id": record.id, "score": score, "bits": bits(score)})


def dump(records):
    for record in sorted(records, key=lambda record: record.id.encode()):
        print_json(record_json(record))


def guarded(action):
    """Runs an action; returns None, or the error that it ended with as (kind, message, rule or None)."""
    try:
        action()
        return None
    except SlabError as error:
        return error.kind, str(error), error.rule
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error) as error:
        # A manifest member of a wrong type, a table shorter than its entry says, and the like.
        return "corrupt", f"corrupt: {type(error).__name__}: {error}", None


def run_verify(options):
    failures = []
    for name in options.file:
        facts = {}
        failure = guarded(lambda: facts.update(verify(open_slab(name))))
        if failure:
            failures.append(failure)
            facts = {"error": failure[0], "message": failure[1]}
        print_json({"file": name, "ok": not failure, **facts})
    if failures:
        raise FAILED[failures[0][0]]("verify", f"{len(failures)} of {len(options.file)} files: {failures[0][1]}")


def run_file(options):
    slab = open_slab(options.file)
    if options.command == "dump":
        dump(slab.records())
    else:
        metric = options.metric or slab.metric
        query(options, slab.records(), metric, slab.dimension, slab.vector_type)


def run_index(options):
    index = Index(options.dir)
    if options.command == "prove":
        dump(Proof(index, options.namespace).records())
        return
    state = index.namespace(options.namespace)
    if options.command == "verify":
        for slab, _ in state.slabs:
            verify(slab)
        print_json({"ok": True, "slabs": len(state.slabs), "records": len(state.records())})
    elif options.command == "dump":
        dump(state.records())
    else:
        index.check_filter(argument_json(options.filter, "--filter"))
        spec = index.spec
        metric = options.metric or spec["metric"]
        query(options, state.records(), metric, spec["dimension"], spec["vectorType"])


def add_query_options(parser):
    parser.add_argument("--vector", help="dense values as a JSON array")
    parser.add_argument("--sparse", help='{"indices":[..],"values":[..]}')
    parser.add_argument("--metric", choices=("cosine", "euclidean", "dotproduct"))
    parser.add_argument("--filter", help="filter JSON")
    parser.add_argument("-k", type=int, default=10, help="number of matches")


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)
    for name in ("verify", "dump", "query"):
        command = commands.add_parser(name)
        command.add_argument("file", nargs="+" if name == "verify" else None)
        command.set_defaults(run=run_verify if name == "verify" else run_file)
        if name == "query":
            add_query_options(command)
    index = commands.add_parser("index")
    index.add_argument("dir")
    index.add_argument("--namespace", default="")
    below = index.add_subparsers(dest="command", required=True)
    for name in ("verify", "dump", "query", "prove"):
        command = below.add_parser(name)
        command.set_defaults(run=run_index)
        if name == "query":
            add_query_options(command)
    return top


def main(arguments):
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    options = parser().parse_args(arguments)
    failure = guarded(lambda: options.run(options))
    if failure is None:
        return 0
    print(failure[1], file=sys.stderr)
    return STATUS[failure[0]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
