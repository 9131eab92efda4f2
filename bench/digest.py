# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The few rows of README.md, out of the tables of docs/performance.md."""
import re

NAMES = ("Luge", "uftrace", "XRay")
# What, the table's title, the column, and the row of each tool (none: it has no such thing).
ROWS = (
    ("sleds that are off, lua, x", "Sleds compiled in and off: lua", "ratio of medians",
     ("**Luge**, gcc", "gcc -fpatchable-function-entry=5", "XRay, clang 19")),
    ("one call recorded, ns", "Recorded entry and exit", "leaf, ns",
     ("Luge `record`, gcc", "uftrace, gcc -pg", "XRay FDR, clang 19")),
    ("bytes recorded a call", "Recorded entry and exit", "bytes a call",
     ("Luge `record`, gcc", "uftrace, gcc -pg", "XRay FDR, clang 19")),
    ("every call of lua recorded, slowdown", "Every call recorded: lua", "slowdown",
     ("Luge `record`, gcc", "uftrace, gcc -pg", "XRay FDR, clang 19")),
    ("a callback that does nothing, ns", "A callback that does nothing", "leaf, ns",
     ("Luge, empty C callback, gcc", None, "XRay, empty handler (entry and exit)")),
    ("100,000 functions switched on, ms", "Switching 100,000 functions", "later on",
     ("**Luge**, gcc, a thread runs", None, "XRay, clang 19, a thread runs")),
    ("start-up of a program that does nothing, ms more", "Start-up and end", "more",
     ("**Luge**, gcc, libluge.so", None, "XRay, clang 19")),
    ("report of 10,000,000 events, CPU s", "A report of", "CPU s", ("`luge report`", "`uftrace report`", None)),
)


def cells(line):
    return [c.strip() for c in line.strip().strip("|").split("|")]


def tables(lines):
    """Title of each table, and its lines."""
    found, title = {}, None
    for line in "\n".join(lines).split("\n"):
        if line.startswith("### "):
            title = line[4:]
        elif line.startswith("|"):
            found.setdefault(title, []).append(cells(line))
    return found


def cell(table, column, row):
    at = table[0].index(column)
    found = [r for r in table[2:] if r[0] == row]
    number = re.match(r"[-+]?[\d.]+", found[0][at]) if found else None
    return number[0] if number else "not measured"


def digest(lines):
    """Lines of the table for README.md."""
    known = tables(lines)
    out = [f"| | {' | '.join(NAMES)} |", "|---|" + "---:|" * len(NAMES)]
    for what, title, column, rows in ROWS:
        table = next(t for name, t in known.items() if name and name.startswith(title))
        out.append(f"| {what} | " + " | ".join(cell(table, column, r) if r else "–" for r in rows) + " |")
    return out
