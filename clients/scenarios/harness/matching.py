"""Compares what was answered with what is expected, part by part."""

import base64
import json
import re
import uuid

MATCHERS = ("$ge", "$le", "$between", "$any", "$absent", "$contains", "$length", "$each", "$some", "$none",
            "$unordered", "$same", "$different")


class Missing:
    """Stands for a value that is not there."""

    def __repr__(self):
        return "nothing"


MISSING = Missing()


def differences(expected, actual, seen, where=""):
    """Yields a sentence for each part of `actual` that is not as `expected` says.

    `seen` is a dict, the same for all comparisons of a scenario: what `$same` and `$different` have met.
    """
    if isinstance(expected, dict) and any(key.startswith("$") for key in expected):
        for key, operand in expected.items():
            if key not in MATCHERS:
                raise ValueError(f"{where}: there is no matcher {key}")
            yield from _MATCH[key](operand, actual, seen, where)
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            yield f"{where or 'it'} is {shown(actual)}, an object is expected"
            return
        for key, value in expected.items():
            yield from differences(value, actual.get(key, MISSING), seen, f"{where}.{key}" if where else key)
    elif isinstance(expected, list):
        yield from _list_differences(expected, actual, seen, where)
    elif not _equal(expected, actual):
        yield f"{where or 'it'} is {shown(actual)}, expected {shown(expected)}"


def matches(expected, actual, seen):
    """Whether there is no difference; `seen` changes only when there is none."""
    trial = {name: list(values) for name, values in seen.items()}
    if any(True for _ in differences(expected, actual, trial)):
        return False
    seen.clear()
    seen.update(trial)
    return True


def shown(value, most=300):
    text = repr(value) if value is MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[:most] + "…"


def _equal(expected, actual):
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return expected == actual


def _list_differences(expected, actual, seen, where):
    if not isinstance(actual, list):
        yield f"{where or 'it'} is {shown(actual)}, a list is expected"
        return
    if len(expected) != len(actual):
        yield f"{where or 'it'} has {len(actual)} instead of {len(expected)}: {shown(actual)}"
        return
    for number, value in enumerate(expected):
        yield from differences(value, actual[number], seen, f"{where}[{number}]")


def _number(operand, actual, where):
    """The number that `actual` is: texts of whole numbers count, since 64-bit numbers are texts in Protobuf JSON."""
    if isinstance(actual, str) and re.fullmatch(r"-?\d+", actual):
        return int(actual)
    return actual if isinstance(actual, (int, float)) and not isinstance(actual, bool) else None


def _ge(operand, actual, seen, where):
    number = _number(operand, actual, where)
    if number is None or number < operand:
        yield f"{where} is {shown(actual)}, expected at least {operand}"


def _le(operand, actual, seen, where):
    number = _number(operand, actual, where)
    if number is None or number > operand:
        yield f"{where} is {shown(actual)}, expected at most {operand}"


def _between(operand, actual, seen, where):
    number = _number(operand, actual, where)
    if number is None or not operand[0] <= number <= operand[1]:
        yield f"{where} is {shown(actual)}, expected {operand[0]} to {operand[1]}"


def _any(operand, actual, seen, where):
    if actual is MISSING or actual in (None, "", [], {}):
        yield f"{where} is {shown(actual)}, expected something"


def _absent(operand, actual, seen, where):
    if actual is not MISSING and actual not in (None, "", [], {}):
        yield f"{where} is {shown(actual)}, expected nothing"


def _contains(operand, actual, seen, where):
    if not isinstance(actual, str) or operand not in actual:
        yield f"{where} is {shown(actual)}, expected to contain {shown(operand)}"


def _items(actual):
    """Absent lists are empty ones: answers leave out what is empty."""
    return [] if actual is MISSING else actual if isinstance(actual, list) else None


def _length(operand, actual, seen, where):
    items = _items(actual)
    if items is None:
        yield f"{where} is {shown(actual)}, a list is expected"
    else:
        yield from differences(operand, len(items), seen, f"the length of {where}")


def _each(operand, actual, seen, where):
    items = _items(actual)
    if items is None:
        yield f"{where} is {shown(actual)}, a list is expected"
        return
    for number, item in enumerate(items):
        yield from differences(operand, item, seen, f"{where}[{number}]")


def _some(operand, actual, seen, where):
    if not any(matches(operand, item, seen) for item in _items(actual) or []):
        yield f"{where} has none like {shown(operand)}: {shown(actual)}"


def _none(operand, actual, seen, where):
    for item in _items(actual) or []:
        if matches(operand, item, seen):
            yield f"{where} has {shown(item)}, which is not expected"
            return


def _unordered(operand, actual, seen, where):
    items = _items(actual)
    if items is None or len(items) != len(operand):
        yield f"{where} is {shown(actual)}, expected in any order {shown(operand)}"
        return
    left = list(items)
    for expected in operand:
        found = next((number for number, item in enumerate(left) if matches(expected, item, seen)), None)
        if found is None:
            yield f"{where} has none like {shown(expected)}: {shown(left)}"
            return
        left.pop(found)


def _same(operand, actual, seen, where):
    known = seen.setdefault(operand, [])
    if actual is MISSING or actual == "":
        yield f"{where} is {shown(actual)}, expected the {operand} of elsewhere"
    elif known and not _equal(known[0], actual):
        yield f"{where} is {shown(actual)}, but {operand} was {shown(known[0])} elsewhere"
    elif not known:
        known.append(actual)


def _different(operand, actual, seen, where):
    known = seen.setdefault(operand, [])
    if actual is MISSING or actual == "":
        yield f"{where} is {shown(actual)}, expected another {operand}"
    elif actual in known:
        yield f"{where} is {shown(actual)} a second time"
    known.append(actual)


_MATCH = {"$" + name: globals()["_" + name] for name in (matcher[1:] for matcher in MATCHERS)}


def set_of(changes):
    """What a caller that heeds changes knows: names `at_complete` (when the set was first complete) and at the `end`;
    how often it was `restarted`, and the names that were told since the set was first complete, each time."""
    known, told, at_complete, empty = set(), [], None, 0
    for change in changes:
        changed = change.get("changed", [])
        news = changed or change.get("removed") or change.get("restarted")
        empty += not news and (at_complete is not None or not change.get("complete"))
        known |= set(changed)
        known -= set(change.get("removed", []))
        if at_complete is not None:
            told += changed
        elif change.get("complete"):
            at_complete = sorted(known)
    return {"at_complete": at_complete or [], "end": sorted(known), "told_later": told,
            "removed": [name for change in changes for name in change.get("removed", [])],
            "restarted": sum(1 for change in changes if change.get("restarted")),
            "empty": empty}


class Values:
    """Replaces `${name}` and `${name.member.0}` in texts by values, `${uuid:NAME}` and `${base64:TEXT}` by themselves."""

    _PATTERN = re.compile(r"\$\{([^}]+)\}")

    def __init__(self, **known):
        self._known = known
        self._uuids = {}

    def set(self, name, value):
        self._known[name] = value

    def filled(self, value):
        """`value` with everything replaced. A text that is nothing but one `${…}` becomes the value itself."""
        if isinstance(value, dict):
            return {self.filled(key): self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = self._PATTERN.fullmatch(value)
        if whole:
            return self._value(whole.group(1))
        return self._PATTERN.sub(lambda found: str(self._value(found.group(1))), value)

    def _value(self, path):
        if path.startswith("uuid:"):
            return self._uuids.setdefault(path, str(uuid.uuid4()))
        if path.startswith("base64:"):
            return base64.urlsafe_b64encode(path[7:].encode()).decode().rstrip("=")
        value = self._known
        for word in path.split("."):
            try:
                value = value[int(word)] if isinstance(value, list) else value[word]
            except (KeyError, IndexError, TypeError, ValueError):
                raise KeyError(f"${{{path}}} is not known (at {word!r})") from None
        return value
