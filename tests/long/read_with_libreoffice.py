#!/usr/bin/env python3
"""Lets LibreOffice open a file of an export, and prints as JSON what it has understood.

    read_with_libreoffice.py xlsx PATH
    read_with_libreoffice.py csv PATH COLUMNS     COLUMNS: a letter for each column, t: text, n: number, d: day

Sheets with their names and rows. A cell is null, ["s", text], ["n", number], ["d", day or time of a day],
["t", duration], or ["b", true]; empty cells at the end of a row are left out. LibreOffice has a profile of its own, made anew.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
PATIENCE = 300  # seconds
# Of LibreOffice's import of texts: how a column is taken.
COLUMN_TYPES = {"t": 2, "n": 1, "d": 5}

# What its import makes of a boolean of a workbook: a formula.
BOOLEANS = {"of:=TRUE()": True, "of:=FALSE()": False}


def converted(path, kind, columns, folder):
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
               "--convert-to", "fods", "--outdir", folder]
    if kind == "csv":
        types = "/".join(f"{i}/{COLUMN_TYPES[letter]}" for i, letter in enumerate(columns, 1))
        # Comma, quotation mark, UTF-8, from the first row, English; what is in quotes need not be a text.
        command.append(f"--infilter=CSV:44,34,76,1,{types},1033,false,false")
    subprocess.run([*command, path], check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    return pathlib.Path(folder) / (pathlib.Path(path).stem + ".fods")


def text_of(paragraph):
    text = paragraph.text or ""
    for part in paragraph:
        if part.tag == TEXT + "s":
            text += " " * int(part.get(TEXT + "c", "1"))
        elif part.tag == TEXT + "tab":
            text += "\t"
        elif part.tag == TEXT + "line-break":
            text += "\n"
        else:
            text += text_of(part)
        text += part.tail or ""
    return text


def cell_of(element):
    formula = element.get(TABLE + "formula")
    if formula in BOOLEANS:
        return ["b", BOOLEANS[formula]]
    assert formula is None, "a formula"
    kind = element.get(OFFICE + "value-type")
    if kind is None:
        return None
    if kind == "string":
        return ["s", "\n".join(text_of(paragraph) for paragraph in element.iter(TEXT + "p"))]
    if kind == "date":
        return ["d", element.get(OFFICE + "date-value")]
    if kind == "time":
        return ["t", element.get(OFFICE + "time-value")]
    return ["n", float(element.get(OFFICE + "value"))]


def row_of(element):
    row = []
    for cell in element.iterfind(TABLE + "table-cell"):
        row += [cell_of(cell)] * int(cell.get(TABLE + "number-columns-repeated", "1"))
    while row and row[-1] is None:
        row.pop()
    return row


def sheet_of(table):
    rows = []
    for element in table.iter(TABLE + "table-row"):
        row = row_of(element)
        rows += [row] * (int(element.get(TABLE + "number-rows-repeated", "1")) if row else 1)
    while rows and not rows[-1]:
        rows.pop()
    return {"name": table.get(TABLE + "name"), "rows": rows}


def main():
    kind, path, *columns = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        tree = ElementTree.parse(converted(path, kind, "".join(columns), folder))
    json.dump([sheet_of(table) for table in tree.iter(TABLE + "table")], sys.stdout)


main()
