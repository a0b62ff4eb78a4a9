"""Strict JSON, and typed members of stored objects (spec/index.md, section 3)."""

import json
import math
import re

from slab_bytes import Corrupt, need, ulid_bytes, utf8

MAX_DEPTH = 100


def _members(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member name twice")
    return dict(pairs)


def _constant(name):
    raise ValueError(f"{name} is no JSON")


def _whole(text):
    # "-0" is the minus zero of a float; a whole number would drop the sign.
    return -0.0 if text == "-0" else _finite(int(text))


def _finite(number):
    try:
        if math.isfinite(number):
            return number
    except OverflowError:
        pass
    raise ValueError("a number beyond the range of a 64-bit float")


def _check(value, depth):
    """Depth, and text without half a surrogate pair."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("half a surrogate pair") from error
    elif isinstance(value, (dict, list)):
        if depth == MAX_DEPTH:
            raise ValueError(f"more than {MAX_DEPTH} levels of arrays and objects")
        for child in value:
            _check(child, depth + 1)
        if isinstance(value, dict):
            for child in value.values():
                _check(child, depth + 1)


def parse(text):
    """The value of a strict JSON text; ValueError for any other text."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=lambda number: _finite(float(number)),
        )
        _check(value, 0)
        return value
    except RecursionError as error:
        raise ValueError(f"more than {MAX_DEPTH} levels of arrays and objects") from error


def strict_json(raw, where):
    """The value of stored JSON."""
    try:
        return parse(utf8(raw, where))
    except ValueError as error:
        raise Corrupt(where, f"malformed JSON: {error}") from error


def is_whole(value):
    """A whole number from 0 up, written as digits alone."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def is_decimal(value, limit=1 << 63):
    return isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]*", value) is not None and int(value) < limit


def is_texts(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


FORMS = {
    "text": lambda value: isinstance(value, str),
    "whole": is_whole,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
    "decimal": is_decimal,
    "lsn": lambda value: is_decimal(value, 1 << 64),
    "hex": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None,
    "ulid": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "texts": is_texts,
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def require(value, members, where, optional=(), table=None, rule=None):
    """
    Refuses what is no object, or lacks a member, or has one of another form. `members` holds lines of
    "name form"; forms joined by "|" are alternatives. `table` is what the ids of the members' rows begin with; where
    one row has them all, `rule` is its id.
    """
    need(isinstance(value, dict), where, "no object", rule)
    for line in members:
        name, forms = line.split()
        row = table + name if table else rule
        if name not in value:
            need(name in optional, where, f"no member {name}", row)
            continue
        found = value[name]
        need(any(FORMS[form](found) for form in forms.split("|")), where, f"{name} = {found!r}", row)
        if forms == "ulid":
            ulid_bytes(found, where)
    return value


def check_header(value, form, where, unsupported, table, features=()):
    """Format, version and features of index.json, settings and namespace manifests."""
    require(value, ["format text", "version array", "features object"], where, table=table)
    need(value["format"] == form, where, f"not a {form}", table + "format")
    version = value["version"]
    need(len(version) == 2 and all(map(is_whole, version)), where, f"version {version}", table + "version")
    if version[0] != 1:
        raise unsupported(where, f"version {version}", table + "version")
    require(value["features"], ["required texts", "optional texts"], where)
    if set(value["features"]["required"]) - set(features):
        raise unsupported(where, f"required features {value['features']['required']}", "Y-9")
