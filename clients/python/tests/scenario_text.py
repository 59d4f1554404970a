"""How clients/scenarios writes messages, rows, errors and events."""

import datetime
import decimal
import hashlib

from google.protobuf import json_format
import relais


def message_as_json(message):
    return json_format.MessageToDict(message)


def error_as_json(error):
    if isinstance(error, OSError):
        return {"local": "file", "message": str(error)}
    if isinstance(error, ValueError) and "plain text" in str(error):
        return {"local": "refused", "message": str(error)}
    if not isinstance(error, relais.RelaisError):
        return {"local": "other", "message": f"{type(error).__name__}: {error}"}
    members = {
        "code": error.code.name, "reason": error.reason.name if error.reason else "", "raw_reason": error.raw_reason,
        "message": str(error), "upstream_message": error.upstream_message,
        "violations": [violation._asdict() for violation in error.violations],
        "metadata": error.metadata, "call_id": error.call_id, "request_id": error.request_id, "attempts": error.attempts}
    made = {name: value for name, value in members.items() if value}
    if error.retry_after is not None:
        made["retry_after_ms"] = round(error.retry_after * 1000)
    if error.last is not None:
        made["last"] = message_as_json(error.last)
    return made


def event_as_json(event):
    return {"kind": event.kind, "code": event.code.name, "reason": event.reason, "attempt": event.attempt,
            "wait_ms": round(event.wait * 1000), "request_id": event.request_id, "call_id": event.call_id}


def _with_fraction(at):
    text = at.replace(microsecond=0).isoformat()
    return text + (f".{at.microsecond:06}".rstrip("0") if at.microsecond else "")


def cell(value):
    """A value of a row as text."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (datetime.datetime, datetime.time)):
        return _with_fraction(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "\\~" if value == "~" else str(value)


class Digest:
    """SHA-256 over rows, with the first of them."""

    def __init__(self):
        self._hash, self.values, self.count = hashlib.sha256(), [], 0

    def add(self, row):
        cells = [cell(value) for value in row]
        self._hash.update("\x1f".join(cells).encode() + b"\n")
        self.count += 1
        if len(self.values) < 20:
            self.values.append(cells)

    def hexdigest(self):
        return self._hash.hexdigest()


_TYPES = {"integer": int, "text": str, "bool": bool, "decimal": decimal.Decimal, "date": datetime.date,
          "datetime": datetime.datetime, "time": datetime.time}


def got(row, column, type_name):
    """What a caller gets who expects a type; `row[column]` is that or, in Python, says by its own type that it is not."""
    try:
        value = row[column]
    except (KeyError, IndexError) as error:
        return {"error": True, "message": str(error)}
    if value is None and type_name.endswith("?"):
        return {"null": True}
    if type(value) is not _TYPES[type_name.rstrip("?")]:
        return {"error": True, "message": f"column {column}: {value!r} is no {type_name}"}
    return {"value": cell(value)}
