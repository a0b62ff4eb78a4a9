"""The filter language (spec/semantics.md, section 4)."""

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


def _refuse(message):
    raise Usage("filter", message)


def check(filter_json):
    """Refuses a filter that breaks a rule, with the message of the spec's table."""
    if filter_json is None:
        return
    if not isinstance(filter_json, dict):
        _refuse("a filter must be a JSON object")
    for name, value in filter_json.items():
        if name in ("$and", "$or"):
            if not isinstance(value, list) or not value:
                _refuse(f"the {name} operator must be followed by a non-empty list of filters")
            for part in value:
                if part is None:
                    _refuse("a filter must be a JSON object")
                check(part)
        elif name in FIELD_OPERATORS:
            _refuse(f"the {name} operator must be inside a field")
        elif name.startswith("$"):
            _refuse(f"{name} is not a valid operator")
        elif isinstance(value, dict):
            _check_operators(value)
        elif isinstance(value, list):
            _refuse("invalid filter (compilation error): a field cannot be followed by a list")
        else:
            _check_scalar("$eq", value)


def _check_scalar(name, value):
    if not (isinstance(value, (str, bool)) or is_number(value)):
        _refuse(f"the {name} operator must be followed by a string, boolean or a number")


def _check_operators(operators):
    for name, value in operators.items():
        if name in ("$eq", "$ne"):
            _check_scalar(name, value)
        elif name in COMPARISONS:
            if not is_number(value):
                _refuse(f"the {name} operator must be followed by a number")
        elif name in ("$in", "$nin"):
            strings = isinstance(value, list) and all(isinstance(item, str) for item in value)
            numbers = isinstance(value, list) and all(map(is_number, value))
            if not strings and not numbers:
                _refuse(f"the {name} operator must be followed by a list of strings or a list of numbers")
            if len(value) > MAX_IN:
                _refuse(f"the {name} operator must be followed by at most {MAX_IN} values")
        elif name == "$exists":
            if not isinstance(value, bool):
                _refuse("the $exists operator must be followed by a boolean")
        elif name == "$not":
            if not isinstance(value, dict) or not value:
                _refuse("the $not operator must be followed by an object of operators")
            _check_operators(value)
        else:
            _refuse(f"{name} is not a valid operator")


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
