#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""option_table.py OPTIONS.DEF PLUGINS.MD [--write]: the table of plugin options.

Compares the table between the markers of the page with sled/options.def, or writes it.
"""
import re
import sys

from page import check_or_write

LINE = re.compile(r'OPTION\(\w+,\s*"([^"]*)",\s*(\w+),\s*"([^"]*)",\s*"([^"]*)"\)')


def table(definitions):
    rows = ["| option | default | meaning |", "|---|---|---|"]
    for key, kind, default, text in LINE.findall(definitions):
        rows.append(f"| `{key}` | {f'`{default}`' if default else ''} | {text.replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


check_or_write(sys.argv[2], "options", table(open(sys.argv[1]).read()), "--write" in sys.argv, sys.argv[1])
