#!/usr/bin/env python3
"""Writes docs/exports-reference.md: the fields of a definition, from the comments of the proto.

Usage: tools/export_docs.py [--check]

With --check nothing is written, and a page that is out of date is an error.
"""
import pathlib
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/exports-reference.md"
PROTO = "relais/exports/v1/exports.proto"
PACKAGE = ".relais.exports.v1."
# What is asked of other services, and common types: where their fields are told.
OTHERS = {
    ".relais.recordsql.v1.": "../protos/relais/recordsql/v1/recordsql.proto",
    ".relais.jobqueue.v1.": "../protos/relais/jobqueue/v1/jobqueue.proto",
    ".relais.robot.v1.": "../protos/relais/robot/v1/robot.proto",
    ".relais.campaign.v1.": "../protos/relais/campaign/v1/campaign.proto",
}
WRITTEN = {
    ".google.protobuf.Duration": "duration, e.g. `3600s`",
    ".google.protobuf.Timestamp": "instant, e.g. `2024-03-31T02:00:00Z`",
    ".google.type.TimeOfDay": "time of day, e.g. `{hours: 4, minutes: 30}`",
}
SCALARS = {1: "number", 3: "integer", 5: "integer", 8: "boolean", 9: "text"}
MESSAGE, ENUM = 11, 14
REQUIRED, OUTPUT_ONLY = 2, 3

HEAD = """# Exports: every field of a definition

Made by `tools/export_docs.py` from the comments of [exports.proto](../protos/relais/exports/v1/exports.proto); change
those, not this page. [exports.md](exports.md) explains how the fields work together. In JSON and YAML a field may be written
as here or in camel case; enum values are written by their whole names.
"""


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields_of(data):
    """The fields of a message in wire format: number to the list of its values."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            size = {1: 8, 5: 4}[tag & 7]
            value, at = data[at : at + size], at + size
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def numbers(values):
    """A repeated number, packed or not."""
    result = []
    for value in values:
        if isinstance(value, int):
            result.append(value)
            continue
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            result.append(number)
    return result


def text(fields, number):
    return fields.get(number, [b""])[0].decode()


class Proto:
    """The messages and enums of the file with their comments, by their full names."""

    def __init__(self, data):
        self.file = fields_of(data)
        self.comments = {}
        for location in fields_of(self.file[9][0]).get(1, []):
            location = fields_of(location)
            self.comments[tuple(numbers(location.get(1, [])))] = text(location, 3)
        self.messages, self.enums = {}, {}
        for i, message in enumerate(self.file.get(4, [])):
            self.add(PACKAGE, fields_of(message), (4, i))
        for i, enum in enumerate(self.file.get(5, [])):
            enum = fields_of(enum)
            self.enums[PACKAGE + text(enum, 1)] = (enum, (5, i))

    def add(self, prefix, message, path):
        name = prefix + text(message, 1)
        self.messages[name] = (message, path)
        for i, enum in enumerate(message.get(4, [])):
            enum = fields_of(enum)
            self.enums[f"{name}.{text(enum, 1)}"] = (enum, (*path, 4, i))
        for i, nested in enumerate(message.get(3, [])):
            self.add(name + ".", fields_of(nested), (*path, 3, i))

    def comment(self, path):
        paragraphs = self.comments.get(path, "").strip().split("\n\n")
        return [" ".join(line.strip() for line in p.split("\n")) for p in paragraphs if p]


def title(name):
    return name[len(PACKAGE) :].replace(".", " ")


def anchor(name):
    return title(name).lower().replace(" ", "-")


def type_text(proto, field):
    kind, name = field[5][0], text(field, 6)
    if kind in SCALARS:
        shown = SCALARS[kind]
    elif name in WRITTEN:
        shown = WRITTEN[name]
    elif name in proto.messages and 7 in proto.messages[name][0]:
        entry = fields_of(proto.messages[name][0][7][0])
        return "map of texts" if 7 in entry else name
    elif name.startswith(PACKAGE):
        shown = f"[{title(name)}](#{anchor(name)})"
    else:
        target = next((link for prefix, link in OTHERS.items() if name.startswith(prefix)), "")
        short = name.rsplit(".", 1)[1]
        shown = f"[{short}]({target})" if target else f"`{name[1:]}`"
    return f"list of {shown}" if field[4][0] == 3 else shown


def behaviour(field):
    options = fields_of(field.get(8, [b""])[0])
    return numbers(options.get(1052, []))


def cell(words):
    return words.replace("|", "\\|")


def table(proto, message, path, told):
    """Rows for the fields that callers set, or for those that they are told."""
    oneofs = [text(fields_of(one), 1) for one in message.get(8, [])]
    rows = []
    for i, field in enumerate(message.get(2, [])):
        field = fields_of(field)
        if (OUTPUT_ONLY in behaviour(field)) != told:
            continue
        words = " ".join(proto.comment((*path, 2, i)))
        if 9 in field and 17 not in field:
            words = f"*One of `{oneofs[field[9][0]]}`.* {words}"
        rows.append(f"| `{text(field, 1)}` | {type_text(proto, field)} | {cell(words)} |")
    return ["| field | type | meaning |", "|---|---|---|", *rows, ""] if rows else []


def referred(proto, message):
    for field in message.get(2, []):
        name = text(fields_of(field), 6)
        if OUTPUT_ONLY in behaviour(fields_of(field)):
            continue
        if name in proto.enums or (name in proto.messages and 7 not in proto.messages[name][0]):
            yield name


def reachable(proto, first):
    """What a definition is made of, each behind what names it first."""
    order, waiting = [], [first]
    while waiting:
        name = waiting.pop(0)
        if name in order:
            continue
        order.append(name)
        if name in proto.messages:
            waiting = list(referred(proto, proto.messages[name][0])) + waiting
    return order


def section(proto, name):
    if name in proto.enums:
        enum, path = proto.enums[name]
        rows = [
            f"| `{text(fields_of(value), 1)}` | {cell(' '.join(proto.comment((*path, 2, i))))} |"
            for i, value in enumerate(enum[2])
        ]
        body = ["| value | meaning |", "|---|---|", *rows, ""]
    else:
        message, path = proto.messages[name]
        body = table(proto, message, path, told=False)
        told = table(proto, message, path, told=True)
        if told:
            body += ["Told by the gateway, and not looked at in requests:", "", *told]
    words = []
    for paragraph in proto.comment(path):
        words += textwrap.wrap(paragraph, 120, break_long_words=False, break_on_hyphens=False) + [""]
    return [f"## {title(name)}", "", *words, *body]


def descriptor():
    with tempfile.NamedTemporaryFile() as out:
        includes = ["-I", str(ROOT / "protos"), "-I", str(ROOT / ".deps/googleapis")]
        options = ["--include_source_info", f"--descriptor_set_out={out.name}"]
        subprocess.run(["protoc", *includes, *options, PROTO], check=True)
        return fields_of(pathlib.Path(out.name).read_bytes())[1][-1]


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    proto = Proto(descriptor())
    lines = [HEAD]
    for name in reachable(proto, PACKAGE + "Export"):
        lines += section(proto, name)
    page = "\n".join(lines).rstrip("\n") + "\n"
    if not sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.exit("docs/exports-reference.md is out of date: run tools/export_docs.py")


if __name__ == "__main__":
    main()
