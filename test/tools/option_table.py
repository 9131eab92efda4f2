#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""option_table.py OPTIONS.DEF PLUGINS.MD [--write]: the table of plugin options.

Compares the table between the markers of the page with sled/options.def, or writes it.
"""
import re
import sys

BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->"
LINE = re.compile(r'OPTION\(\w+,\s*"([^"]*)",\s*(\w+),\s*"([^"]*)",\s*"([^"]*)"\)')


def table(definitions):
    rows = ["| option | default | meaning |", "|---|---|---|"]
    for key, kind, default, text in LINE.findall(definitions):
        rows.append(f"| `{key}` | {f'`{default}`' if default else ''} | {text.replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


def main(options, page, write):
    text = open(page).read()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    wanted = table(open(options).read())
    if write:
        open(page, "w").write(text[:begin] + wanted + text[end:])
    elif text[begin:end] != wanted:
        sys.exit(f"{page}: the table of options is not that of {options}; run this with --write")


main(sys.argv[1], sys.argv[2], "--write" in sys.argv)
