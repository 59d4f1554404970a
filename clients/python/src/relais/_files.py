"""Files that are sent and received."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Union

Source = Union["os.PathLike[str]", bytes, BinaryIO]
_PIECE = 256 << 10
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(?=\.|$)", re.I)


@contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` at once, when the block ends well; else it is removed."""
    part = f"{path}.{os.urandom(6).hex()}.part"
    try:
        with open(part, "xb") as file:
            yield file
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


def safe_names(names: list[str]) -> list[str]:
    """Names for one folder of any system: without folders and reserved words, each different."""
    safe: dict[str, str] = {}
    for name in names:
        name = re.sub(r'[\x00-\x1f<>:"|?*]', "_", re.split(r"[\\/]", name)[-1]).rstrip(". ") or "file"
        stem, extension = os.path.splitext(_RESERVED.sub(r"\1_", name, count=1) if _RESERVED.match(name) else name)
        number, unique = 1, stem + extension
        while unique.lower() in safe:
            number += 1
            unique = f"{stem} ({number}){extension}"
        safe[unique.lower()] = unique
    return list(safe.values())


def pieces(source: Any) -> Iterator[bytes]:
    """The bytes of a source, piece by piece."""
    if isinstance(source, bytes):
        yield from (source[at:at + _PIECE] for at in range(0, len(source), _PIECE))
    elif hasattr(source, "read"):
        yield from iter(lambda: source.read(_PIECE), b"")
    else:
        with open(source, "rb") as file:
            yield from iter(lambda: file.read(_PIECE), b"")
