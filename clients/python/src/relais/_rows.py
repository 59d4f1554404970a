"""Rows as tuples of Python's own values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from relais.recordsql.v1 import recordsql_pb2 as pb


class Row(tuple):  # type: ignore[type-arg]  # of Any
    """A row: a tuple, whose values also have names, in any case: `row["MOUVNO"]`, `row[0]`.

    null is None; whole numbers are int, decimals `decimal.Decimal`, days `date`, days with time naive `datetime`, times
    `time`, else str and bool. A value that cannot be read as the type of its column is the upstream's text, a str.
    """
    __slots__ = ()
    #: Names of the columns as the upstream has them.
    columns: tuple[str, ...] = ()
    _places: dict[str, int] = {}

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            try:
                key = self._places[key.upper()]
            except KeyError:
                raise KeyError(f"no column {key}; there are {', '.join(self.columns)}") from None
        return tuple.__getitem__(self, key)

    def as_dict(self) -> dict[str, Any]:
        """Name -> value, in the order of the columns."""
        return dict(zip(self.columns, self))

    def __reduce__(self) -> Any:
        return _row, (self.columns, tuple(self))


def row_type(columns: tuple[str, ...]) -> type[Row]:
    """The class of the rows that have `columns`."""
    places = {name.upper(): place for place, name in reversed(list(enumerate(columns)))}
    return type("Row", (Row,), {"__slots__": (), "columns": columns, "_places": places})


def _row(columns: tuple[str, ...], values: Any) -> Any:
    return row_type(columns)(values)


def _date(day: Any) -> date:
    return date(day.year, day.month, day.day)


def _date_time(at: Any) -> datetime:
    return datetime(at.year, at.month, at.day, at.hours, at.minutes, at.seconds, at.nanos // 1000)


def _time(at: Any) -> time:
    return time(at.hours, at.minutes, at.seconds, at.nanos // 1000)


_OF_KIND: dict[Any, Callable[[Any], Any]] = {
    "null_value": lambda value: None, "decimal_value": Decimal, "date_value": _date, "date_time_value": _date_time,
    "time_value": _time}


def _any(value: Any) -> Any:
    """A value, whatever its column declares."""
    kind = value.WhichOneof("kind")
    made = kind and getattr(value, kind)
    return _OF_KIND[kind](made) if kind in _OF_KIND else made


# A value of the type that its column declares, by the shortest way: what is not zero is there.
_OF_TYPE: dict[int, Callable[[Any], Any]] = {
    pb.VALUE_TYPE_UNSPECIFIED: lambda value: value.string_value or _any(value),
    pb.VALUE_TYPE_STRING: lambda value: value.string_value or _any(value),
    pb.VALUE_TYPE_INTEGER: lambda value: value.integer_value or _any(value),
    pb.VALUE_TYPE_BOOL: lambda value: value.bool_value or _any(value),
    pb.VALUE_TYPE_DECIMAL: lambda value: Decimal(text) if (text := value.decimal_value) else _any(value),
    pb.VALUE_TYPE_DATE: lambda value: _date(day) if (day := value.date_value).year else _any(value),
    pb.VALUE_TYPE_DATE_TIME: lambda value: _date_time(at) if (at := value.date_time_value).year else _any(value),
    pb.VALUE_TYPE_TIME: lambda value: _time(value.time_value) if value.HasField("time_value") else _any(value)}


class Decoder:
    """Makes rows of batches with these columns."""

    def __init__(self, columns: list[pb.Column]) -> None:
        self.columns = columns
        self._make: Any = row_type(tuple(column.name for column in columns))
        self._readers = [_OF_TYPE.get(column.type, _any) for column in columns]

    def row(self, row: pb.Row) -> Row:
        values = [read(value) for read, value in zip(self._readers, row.values)]
        return self._make(values)  # type: ignore[no-any-return]
