"""Counts the statements' lines of what is written by hand: no blank lines, comments and docstrings, no _sync.

    code_lines.py      prints lines by file, and their sum
"""

import ast
import pathlib
import tokenize

PACKAGE = pathlib.Path(__file__).resolve().parents[1] / "src" / "relais"
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def docstring_lines(text):
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            yield from range(body[0].lineno, body[0].end_lineno + 1)


def code_lines(path):
    lines = set()
    with open(path, "rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type not in LAYOUT and token.type != tokenize.ENCODING:
                lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - set(docstring_lines(path.read_text())))


def counted():
    return {str(path.relative_to(PACKAGE)): code_lines(path)
            for path in sorted(PACKAGE.rglob("*.py")) if "_sync" not in path.parts}


if __name__ == "__main__":
    for name, number in counted().items():
        print(f"{number:5} {name}")
    print(f"{sum(counted().values()):5} in all")
