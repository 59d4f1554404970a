"""Reads a file of an export as an independent reader does, and prints it as JSON.

    read_table.py csv PATH DELIMITER ENCODING     rows of texts
    read_table.py ndjson PATH                     rows of [key, value]
    read_table.py xlsx PATH                       sheets: name, frozen, widths, rows of cells

A cell of a workbook is null, ["s", text], ["n", number, number format] or ["b", true]; bold ones have "bold" behind.
Files that end with .gz are unpacked. Only Python's own library is used.
"""

import csv
import gzip
import json
import re
import sys
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def opened(path, **how):
    return gzip.open(path, "rt", **how) if path.endswith(".gz") else open(path, **how)


def read_csv(path, delimiter, encoding):
    csv.field_size_limit(1 << 30)
    with opened(path, encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


def read_ndjson(path):
    with opened(path, encoding="utf-8", newline="") as file:
        text = file.read()
    assert text == "" or text.endswith("\n")
    # Numbers stay as they are written.
    return [json.loads(line, object_pairs_hook=list, parse_int=lambda n: "#" + n, parse_float=lambda n: "#" + n)
            for line in text.split("\n")[:-1]]


def unescaped(text):
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def column_of(reference):
    column = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def cell_of(element, styles):
    kind = element.get("t", "n")
    assert element.find(MAIN + "f") is None, "a formula"
    number_format, bold = styles[int(element.get("s", "0"))]
    if kind == "inlineStr":
        cell = ["s", unescaped(element.find(f"{MAIN}is/{MAIN}t").text or "")]
    elif kind == "b":
        cell = ["b", element.find(MAIN + "v").text == "1"]
    else:
        assert kind == "n", kind
        cell = ["n", repr(float(element.find(MAIN + "v").text)), number_format]
    return cell + ["bold"] if bold else cell


def styles_of(book):
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    formats = {f.get("numFmtId"): f.get("formatCode") for f in root.iter(MAIN + "numFmt")}
    fonts = [font.find(MAIN + "b") is not None for font in root.find(MAIN + "fonts")]
    return [(formats.get(xf.get("numFmtId"), xf.get("numFmtId")), fonts[int(xf.get("fontId"))])
            for xf in root.find(MAIN + "cellXfs")]


def sheet_of(book, part, name, styles):
    root = ElementTree.fromstring(book.read(part))
    rows = []
    for row in root.iter(MAIN + "row"):
        rows.extend([] for _ in range(int(row.get("r")) - 1 - len(rows)))  # rows without cells are left out
        cells = {column_of(c.get("r")): cell_of(c, styles) for c in row.iter(MAIN + "c")}
        rows.append([cells.get(column) for column in range(max(cells, default=-1) + 1)])
    pane = root.find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
    return {"name": name, "frozen": 0 if pane is None else int(pane.get("ySplit")), "rows": rows,
            "widths": [float(col.get("width")) for col in root.iter(MAIN + "col")]}


def read_xlsx(path):
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        relations = {r.get("Id"): r.get("Target") for r in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))}
        styles = styles_of(book)
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")
        return [sheet_of(book, "xl/" + relations[s.get(RELATION)], s.get("name"), styles) for s in sheets]


READERS = {"csv": read_csv, "ndjson": read_ndjson, "xlsx": read_xlsx}
json.dump(READERS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
