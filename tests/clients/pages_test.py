#!/usr/bin/env python3
"""The code of docs/clients.md and docs/from-vendor-scripts.md is that of the files which tests run.

    tests/clients/pages_test.py            # compares
    tests/clients/pages_test.py --write    # puts the code into the pages

A page says `<!-- code: FILE -->` or `<!-- code: FILE NAME -->` before a block. NAME is a part of the file: what stands
between the lines `show: NAME` and `end`, which are comments, without its indentation.
"""

import pathlib
import re
import sys
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs/clients.md", ROOT / "docs/from-vendor-scripts.md"]
BLOCK = re.compile(r"<!-- code: (\S+)(?: ([^>]+?))? -->\n```(\w+)\n(.*?)```\n", re.DOTALL)
PART = re.compile(r"^ *(?:#|//) show: ([^\n]+)\n(.*?)^ *(?:#|//) end$", re.DOTALL | re.MULTILINE)
MOST_LINES = 30


def code(file, name):
    text = (ROOT / file).read_text(encoding="utf-8")
    if not name:
        return text
    return textwrap.dedent(dict(PART.findall(text))[name]).strip("\n") + "\n"


def filled(page):
    """The page as it should be."""
    return BLOCK.sub(lambda found: found[0].replace(f"```{found[3]}\n{found[4]}```", f"```{found[3]}\n{code(found[1], found[2])}```"),
                     page)


class Pages(unittest.TestCase):
    def test_pages_show_the_code_that_runs(self):
        for path in PAGES:
            with self.subTest(path.name):
                page = path.read_text(encoding="utf-8")
                self.assertGreaterEqual(len(BLOCK.findall(page)), 4)
                self.assertEqual(page.count("<!-- code:"), len(BLOCK.findall(page)), "a mark without a block")
                self.assertTrue(page == filled(page), f"{path.name} is not as its files are: run {__file__} --write")

    def test_every_part_is_shown(self):
        page = PAGES[1].read_text(encoding="utf-8")
        shown = {(file, name) for file, name, _, _ in BLOCK.findall(page)}
        java = ROOT / "clients/java/examples/src/test/java/io/relais/examples"
        for path in [*(ROOT / "tests/clients/vendor_scripts").glob("*_test.py"), *java.glob("*ScriptsTest.java")]:
            for name, _ in PART.findall(path.read_text(encoding="utf-8")):
                with self.subTest(path.name, part=name):
                    self.assertIn((str(path.relative_to(ROOT)), name), shown)

    def test_first_programs_are_short(self):
        for path in (ROOT / "docs/examples/clients").iterdir():
            with self.subTest(path.name):
                self.assertLess(len(path.read_text(encoding="utf-8").splitlines()), MOST_LINES)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for path in PAGES:
            path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        unittest.main()
