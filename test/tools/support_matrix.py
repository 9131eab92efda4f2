#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""support_matrix.py README.md RESULTS...: writes the table between the README's markers.

From what lit wrote in RESULTS (build/test/results*) alone: a row for each compiler, a column for each
suite (and linker), a cell `passed/run`. What was not run has no cell.
"""
import sys

sys.dont_write_bytecode = True
import results

BEGIN, END = "<!-- support-matrix: begin -->", "<!-- support-matrix: end -->"
SUITES = ("sled", "link", "run")


def cells(folders):
    """{(compiler, column): [passed, run]}, columns in the order of the suites."""
    table = {}
    for r in results.read(folders):
        if r.suite not in SUITES or r.target != "x86_64" or r.code in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
            continue
        column = " ".join(filter(None, [r.suite, r.linker]))
        cell = table.setdefault((r.compiler, column), [0, 0])
        cell[0] += r.code in ("PASS", "FLAKYPASS")
        cell[1] += 1
    columns = {c for _, c in table}
    return table, sorted(columns, key=lambda c: (SUITES.index(c.split()[0]), c))


def main(readme, *folders):
    table, columns = cells(folders)
    if not table:
        sys.exit(f"support_matrix.py: no results in {' '.join(folders)}: run ./dev test first")
    lines = [BEGIN, "| x86-64 | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for c in results.in_order({c for c, _ in table}):
        row = ["%d/%d" % tuple(table[c, k]) if (c, k) in table else "" for k in columns]
        lines.append(f"| {c.replace('-', ' ')} | " + " | ".join(row) + " |")
    text = open(readme).read()
    begin, end = text.index(BEGIN), text.index(END)
    open(readme, "w").write(text[:begin] + "\n".join(lines) + "\n" + text[end:])


main(*sys.argv[1:])
