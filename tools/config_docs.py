#!/usr/bin/env python3
"""Writes the table of keys in docs/configuration.md.

Usage: relaisd config schema | tools/config_docs.py docs/configuration.md
"""
import json
import re
import sys

BEGIN = "<!-- keys: begin -->"
END = "<!-- keys: end -->"


def type_name(key):
    if "enum" in key:
        return "one of " + ", ".join(f"`{v}`" for v in key["enum"] if v.islower())
    if "pattern" in key:
        return "duration"
    if key["type"] == "array":
        return "list of " + ("integers" if key["items"]["type"] == "integer" else "texts")
    return {"string": "text", "boolean": "boolean", "integer": "integer"}[key["type"]]


def range_text(key):
    least = key.get("minimum", key.get("x-minimum"))
    most = key.get("maximum", key.get("x-maximum"))
    return "" if least is None else f"{least} to {most}"


def default_text(key, required):
    if required:
        return "**required**"
    if "default" not in key:
        return ""
    value = key["default"]
    return f"`{json.dumps(value) if not isinstance(value, str) else value}`"


def rows(schema, section, path):
    for name, key in section["properties"].items():
        here = f"{path}.{name}" if path else name
        target = key.get("$ref")
        if target is None and "additionalProperties" in key:
            target = key["additionalProperties"]["$ref"]
            here += ".ID"
        if target is not None:
            yield from rows(schema, schema["$defs"][target.rsplit("/", 1)[1]], here)
            continue
        required = name in section.get("required", [])
        meaning = key["description"].replace("|", "\\|")
        cells = [f"`{here}`", type_name(key), range_text(key), default_text(key, required), meaning]
        yield "| " + " | ".join(cells) + " |"


def main():
    schema = json.load(sys.stdin)
    table = ["| key | type | range | default | meaning |", "|---|---|---|---|---|"]
    table += rows(schema, schema, "")
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    if not pattern.search(text):
        sys.exit(f"{sys.argv[1]} has no {BEGIN} … {END}")
    block = "\n".join([BEGIN, *table, END])
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(pattern.sub(lambda _: block, text))


if __name__ == "__main__":
    main()
