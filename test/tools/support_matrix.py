#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""support_matrix.py RESULTS README.md: writes the table between the README's markers.

From what lit wrote in RESULTS (build/test/results) alone: a row for each compiler, a column for each
suite (and linker), a cell `passed/run`. What was not run has no cell.
"""
import json
import os
import re
import sys

BEGIN, END = "<!-- support-matrix: begin -->", "<!-- support-matrix: end -->"
SUITE = re.compile(r"^(?P<suite>\w+) \[(?P<compiler>\S+)(?: (?P<linker>\S+))?\] :: ")


def cells(folder):
    """{(compiler, column): [passed, run]}, columns in the order of the suites."""
    table, columns = {}, []
    for kind in ("sled", "link", "run"):
        path = os.path.join(folder, kind + ".json")
        tests = json.load(open(path))["tests"] if os.path.exists(path) else []
        for t in tests:
            m = SUITE.match(t["name"])
            if not m or t["code"] in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
                continue
            column = m["suite"] + (" " + m["linker"] if m["linker"] else "")
            if column not in columns:
                columns.append(column)
            cell = table.setdefault((m["compiler"], column), [0, 0])
            cell[0] += t["code"] in ("PASS", "FLAKYPASS")
            cell[1] += 1
    return table, sorted(columns, key=lambda c: (("sled", "link", "run").index(c.split()[0]), c))


def main(folder, readme):
    table, columns = cells(folder)
    if not table:
        sys.exit(f"support_matrix.py: no results in {folder}: run ./dev test first")
    compilers = sorted({c for c, _ in table}, key=lambda c: (c.split("-")[0], int(c.split("-")[1])))
    lines = [BEGIN, "| x86-64 | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for c in compilers:
        row = ["%d/%d" % tuple(table[c, k]) if (c, k) in table else "" for k in columns]
        lines.append(f"| {c.replace('-', ' ')} | " + " | ".join(row) + " |")
    text = open(readme).read()
    begin, end = text.index(BEGIN), text.index(END)
    open(readme, "w").write(text[:begin] + "\n".join(lines) + "\n" + text[end:])


main(*sys.argv[1:])
