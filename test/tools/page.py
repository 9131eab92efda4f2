# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A generated part of a page, between `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""
import sys


def check_or_write(page, name, wanted, write, source):
    """Compares the part of the file `page` with `wanted`, or writes it."""
    begin_mark, end_mark = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    text = open(page, encoding="utf-8").read()
    begin, end = text.index(begin_mark) + len(begin_mark), text.index(end_mark)
    if write:
        open(page, "w", encoding="utf-8").write(text[:begin] + wanted + text[end:])
    elif text[begin:end] != wanted:
        sys.exit(f"{page}: the part '{name}' is not that of {source}; run this with --write")
