#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""support_matrix.py README.md RESULTS...: writes the tables between the README's markers.

From what lit wrote in RESULTS (build/test/results*) alone: x86-64, a row for each compiler, a column for
each suite (and linker); every target, a column for each compiler. A cell is `passed/run`; what was not run
has no cell.
"""
import sys

sys.dont_write_bytecode = True
import results

BEGIN, END = "<!-- support-matrix: begin -->", "<!-- support-matrix: end -->"
SUITES = ("sled", "interplay", "link", "run")


def count(folders, key_of):
    """{key: [passed, run]} of the results for which key_of(result) is a key."""
    table = {}
    for r in results.read(folders):
        key = key_of(r)
        if not key or r.code in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
            continue
        cell = table.setdefault(key, [0, 0])
        cell[0] += r.code in ("PASS", "FLAKYPASS")
        cell[1] += 1
    return table


def markdown(corner, rows, columns, table):
    lines = ["| " + " | ".join([corner, *(c.replace("-", " ") for c in columns)]) + " |",
             "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        cells = ["%d/%d" % tuple(table[row, c]) if (row, c) in table else "" for c in columns]
        lines.append("| " + " | ".join([row.replace("-", " "), *cells]) + " |")
    return "\n".join(lines) + "\n"


def of_suite(r):
    if r.suite in SUITES and r.target == "x86_64":
        return r.compiler, " ".join(filter(None, [r.suite, r.linker]))
    return None


def of_target(r):
    return (r.target, r.compiler) if r.suite == "arch" else None


def main(readme, *folders):
    suites, targets = count(folders, of_suite), count(folders, of_target)
    if not suites:
        sys.exit(f"support_matrix.py: no results in {' '.join(folders)}: run ./dev test first")
    text = open(readme, encoding="utf-8").read()
    columns = sorted({c for _, c in suites}, key=lambda c: (SUITES.index(c.split()[0]), c))
    tables = markdown("x86-64", results.in_order({c for c, _ in suites}), columns, suites)
    if targets:
        tables += "\n" + markdown("sleds on", sorted({t for t, _ in targets}),
                                  results.in_order({c for _, c in targets}), targets)
    begin, end = text.index(BEGIN), text.index(END)
    open(readme, "w", encoding="utf-8").write(text[:begin] + BEGIN + "\n" + tables + text[end:])


main(*sys.argv[1:])
