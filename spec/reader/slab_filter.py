"""The filter language (spec/semantics.md, section 4)."""

import json
import re

import slab_json
from slab_bytes import Usage, counts

MAX_IN = 10_000
COMPARISONS = {
    "$gt": lambda value, operand: value > operand,
    "$gte": lambda value, operand: value >= operand,
    "$lt": lambda value, operand: value < operand,
    "$lte": lambda value, operand: value <= operand,
}
FIELD_OPERATORS = (*COMPARISONS, "$eq", "$ne", "$in", "$nin", "$exists", "$not")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def parse(text):
    """A filter from its text, checked."""
    try:
        wanted = slab_json.parse(text)
    except ValueError as error:
        raise Usage("filter", f"not valid JSON: {error}") from error
    check(wanted)
    return wanted


def check(filter_json):
    """Refuses a filter that breaks a rule, with every problem that it has."""
    found = problems(filter_json)
    if found:
        raise Usage("filter", "; ".join(f"{path}: {message}" for path, message in found))


def problems(filter_json):
    """What is wrong with a filter, as (path, message) with the messages of the spec's table."""
    return [] if filter_json is None else list(_object("$", filter_json))


def _member(path, name):
    plain = re.fullmatch(r"(?:[$_-]|[^\W_])+", name)
    return f"{path}.{name}" if plain else f"{path}[{json.dumps(name, ensure_ascii=False)}]"


def _brief(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 60 else text[:57] + "..."


def _object(path, value):
    if not isinstance(value, dict):
        yield path, f"a filter must be a JSON object, got {_brief(value)} instead"
        return
    for name, part in value.items():
        at = _member(path, name)
        if name in ("$and", "$or"):
            if not isinstance(part, list) or not part:
                yield at, f"the {name} operator must be followed by a non-empty list of filters"
                continue
            for i, one in enumerate(part):
                yield from _object(f"{at}[{i}]", one)
        elif name in FIELD_OPERATORS:
            yield at, f"the {name} operator must be inside a field"
        elif name.startswith("$"):
            yield at, f"{name} is not a valid operator"
        elif isinstance(part, dict):
            yield from _operators(at, part)
        elif isinstance(part, list):
            yield at, "invalid filter (compilation error): a field cannot be followed by a list"
        else:
            yield from _scalar(at, "$eq", part)


def _scalar(path, name, value):
    if not (isinstance(value, (str, bool)) or is_number(value)):
        yield path, (
            f"the {name} operator must be followed by a string, boolean or a number, got {_brief(value)} instead"
        )


def _operators(path, operators):
    for name, value in operators.items():
        at = _member(path, name)
        if name in ("$eq", "$ne"):
            yield from _scalar(at, name, value)
        elif name in COMPARISONS:
            if not is_number(value):
                yield at, f"the {name} operator must be followed by a number"
        elif name in ("$in", "$nin"):
            strings = isinstance(value, list) and all(isinstance(item, str) for item in value)
            numbers = isinstance(value, list) and all(map(is_number, value))
            if not strings and not numbers:
                yield at, f"the {name} operator must be followed by a list of strings or a list of numbers"
            elif len(value) > MAX_IN:
                yield at, f"the {name} operator must be followed by at most {MAX_IN} values, got {len(value)}"
        elif name == "$exists":
            if not isinstance(value, bool):
                yield at, "the $exists operator must be followed by a boolean"
        elif name == "$not":
            if not isinstance(value, dict) or not value:
                yield at, "the $not operator must be followed by an object of operators"
            else:
                yield from _operators(at, value)
        else:
            yield at, f"{name} is not a valid operator"


def fields(filter_json):
    """The names of all fields that a filter looks at."""
    names = set()
    for name, value in (filter_json or {}).items():
        if name in ("$and", "$or"):
            for part in value:
                names |= fields(part)
        else:
            names.add(name)
    return names


def matches(filter_json, metadata):
    """Whether a record with this metadata matches a checked filter."""
    for name, value in (filter_json or {}).items():
        if name == "$and":
            held = all(matches(part, metadata) for part in value)
        elif name == "$or":
            held = any(matches(part, metadata) for part in value)
        else:
            found = metadata.get(name)
            if not counts(found):
                # No writer lets in such a value any more; for filters the record lacks the field.
                found = None
            held = _holds(value if isinstance(value, dict) else {"$eq": value}, found)
        if not held:
            return False
    return True


def _holds(operators, value):
    return all(_operator(name, operand, value) for name, operand in operators.items())


def _operator(name, operand, value):
    if name == "$eq":
        return _equal(value, operand)
    if name == "$ne":
        return not _equal(value, operand)
    if name == "$in":
        return any(_equal(value, item) for item in operand)
    if name == "$nin":
        return not any(_equal(value, item) for item in operand)
    if name == "$exists":
        return (value is not None) == operand
    if name == "$not":
        return not _holds(operand, value)
    return is_number(value) and COMPARISONS[name](value, float(operand))


def _equal(value, operand):
    """Equality without coercion; a list equals its elements; None stands for an absent field."""
    if isinstance(value, list):
        return operand in value if isinstance(operand, str) else False
    if is_number(operand):
        return is_number(value) and value == float(operand)
    return type(value) is type(operand) and value == operand
