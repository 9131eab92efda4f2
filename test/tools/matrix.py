#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""matrix.py write TESTS OUTPUT RESULTS...: docs/matrix.md from what lit wrote in RESULTS
   matrix.py check TESTS DOCUMENT: the document has the rows of TESTS/matrix.rows and no other, and the
   tests name no other

TESTS is test/. A test names the rows it proves by lines `MATRIX: id id...`; `interplay-` may be left out.
What cannot be done is said by lines `CANNOT(words): reason`, with compilers, families and targets as words:
several words mean any of them, a word of several joined by + all of them (gcc-12+mips64el). A reason is
shown only where lit reported that test UNSUPPORTED or XFAIL. What tools/missing.py wrote into RESULTS/missing.json
is a reason as well: that a compiler does not exist for a target, or not something that a test REQUIRES.

A cell is
  pass     all tests of the row that ran there passed, and at least one ran
  fail     one failed, or failed as expected without a reason
  cannot   none passed, and the reason is in the footnote
  not run  none ran, and there is no reason
  -        the row says nothing about this compiler or target
"""
import collections
import glob
import os
import re
import sys

sys.dont_write_bytecode = True
import results

PASSED, LEFT_OUT = ("PASS", "FLAKYPASS"), ("UNSUPPORTED", "SKIPPED", "EXCLUDED")
MATRIX = re.compile(r"^(?://|#)? *MATRIX: *([\w\- ]+)", re.M)
CANNOT = re.compile(r"^(?://|#)? *CANNOT\(([^)]*)\): *(.*\S)", re.M)
REQUIRES = re.compile(r"^(?://|#)? *REQUIRES: *(.*)", re.M)

Row = collections.namedtuple("Row", "id title compilers targets")
Test = collections.namedtuple("Test", "rows reasons requires")  # reasons: [([words], text)]; requires: {word}


def read_rows(tests):
    rows = []
    with open(os.path.join(tests, "matrix.rows"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                ident, title, about = (part.strip() for part in line.split("|"))
                words = set(about.split())
                wrong = words - set(results.TARGETS) - {"gcc", "clang"} - set(results.COMPILERS)
                if wrong:
                    sys.exit(f"matrix.rows: {ident}: no target and no compiler: {wrong}")
                targets = words & set(results.TARGETS)
                rows.append(Row(ident, title, frozenset(words - targets), frozenset(targets)))
    return rows


def full(ident):
    return ident if ident.startswith(("defect-", "interplay-")) else "interplay-" + ident


def read_tests(tests):
    """{file below test/: Test} of all files that say something."""
    found = {}
    for path in sorted(glob.glob(os.path.join(tests, "**", "*"), recursive=True)):
        name = os.path.relpath(path, tests)
        if path.endswith((".c", ".cpp", ".test")) and "Inputs/" not in name:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            rows = [full(i) for m in MATRIX.finditer(text) for i in m.group(1).split()]
            reasons = [(m.group(1).split(), m.group(2)) for m in CANNOT.finditer(text)]
            requires = {w for m in REQUIRES.finditer(text) for w in re.findall(r"[\w-]+", m.group(1))}
            if rows or reasons:
                found[name] = Test(rows, reasons, requires)
    return found


def applies(row, compiler, target):
    return ((not row.targets or target in row.targets) and
            (not row.compilers or compiler in row.compilers or compiler.split("-")[0] in row.compilers))


class Matrix:
    def __init__(self, tests, folders):
        self.rows, self.tests = read_rows(tests), read_tests(tests)
        self.missing = results.read_missing(folders)
        self.notes, self.failed = [], []  # footnotes in their order; (test, compiler, target)
        self.ran = collections.defaultdict(list)  # (row, compiler, target): [(test, code)]
        self.installed = set()  # (compiler, target) where anything ran
        for r in results.read(folders):
            if r.code not in LEFT_OUT:
                self.installed.add((r.compiler, r.target))
            test = self.tests.get(r.test)
            for ident in test.rows if test else ():
                self.ran[ident, r.compiler, r.target].append((r.test, r.code))

    def reason(self, name, compiler, target):
        here = {compiler, compiler.split("-")[0], target}
        for words, text in self.tests[name].reasons:
            if any(set(word.split("+")) <= here for word in words):
                return text
        found = (self.missing.get((compiler, target, word)) for word in sorted(self.tests[name].requires))
        return next(filter(None, found), None)

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)
        return f"[^{self.notes.index(text) + 1}]"

    def cell(self, row, compiler, target):
        if not applies(row, compiler, target):
            return "-"
        if (compiler, target) not in self.installed:
            why = self.missing.get((compiler, target, ""))
            return "cannot" + self.note(why) if why else "not run"
        notes, passed, failed = [], 0, False
        for name, code in self.ran[row.id, compiler, target]:
            why = self.reason(name, compiler, target) if code in LEFT_OUT + ("XFAIL",) else None
            if why:
                notes.append(self.note(why))
            elif code in PASSED:
                passed += 1
            elif code not in LEFT_OUT:
                failed = True
                self.failed.append((name, compiler, target))
        word = "fail" if failed else "pass" if passed else "cannot" if notes else "not run"
        return word + "".join(sorted(set(notes)))


def table(head, lines):
    """Of equal width in a terminal."""
    lines = [head] + lines
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    rows = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    return rows[:1] + ["|" + "|".join("-" * (w + 2) for w in widths) + "|"] + rows[1:]


def summary(row, cells):
    """Of one row and target: `6 pass, 2 cannot`, the words in this order."""
    count = collections.Counter(c.split("[")[0] for c in cells if c != "-")
    return ", ".join(f"{count[w]} {w}" for w in ("pass", "fail", "cannot", "not run") if count[w]) or "-"


def document(m):
    compilers, targets = results.COMPILERS, results.TARGETS
    cells = {(r, c, t): m.cell(r, c, t) for t in targets for r in m.rows for c in compilers}
    out = ["<!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception -->",
           "<!-- Written by ./dev matrix (test/tools/matrix.py) from test results; edit test/matrix.rows. -->",
           "# What is tested where", "",
           "`pass`: every test of the row that ran passed. `cannot`: the footnote says why. `-`: the row says "
           "nothing there.", "", "## Rows", ""]
    out += table(["row", "what holds"], [[r.id, r.title] for r in m.rows])
    out += ["", "## Compilers for each target", ""]
    tested = [t for t in targets if any((c, t) in m.installed for c in compilers)]
    out += table(["row"] + tested, [[r.id] + [summary(r, [cells[r, c, t] for c in compilers]) for t in tested]
                                    for r in m.rows])
    for t in targets:
        out += ["", "## " + t, ""]
        if t not in tested:
            out += ["Not run."]
            continue
        lines = [[r.id] + [cells[r, c, t] for c in compilers] for r in m.rows]
        out += table(["row"] + [c.replace("-", " ") for c in compilers], lines)
    if m.failed:
        out += ["", "## Failed", ""]
        out += [f"* {name} ({compiler}, {target})" for name, compiler, target in sorted(set(m.failed))]
    if m.notes:
        out += ["", "## Reasons", ""]
        out += [f"[^{i}]: {text}" for i, text in enumerate(m.notes, 1)]
    return "\n".join(out) + "\n"


def write(tests, output, *folders):
    m = Matrix(tests, folders)
    if not m.installed:
        sys.exit(f"matrix.py: no results in {' '.join(folders)}: run ./dev test first")
    text = document(m)
    with open(output, "w", encoding="utf-8") as f:
        f.write(text)


def complaints(tests, path):
    rows = [r.id for r in read_rows(tests)]
    known = set(results.TARGETS) | {"gcc", "clang"} | set(results.COMPILERS)
    for ident, count in collections.Counter(rows).items():
        if count > 1:
            yield f"matrix.rows: {ident} twice"
    for name, test in read_tests(tests).items():
        for ident in set(test.rows) - set(rows):
            yield f"{name}: MATRIX: {ident} is not in matrix.rows"
        for words, _ in test.reasons:
            for word in {w for joined in words for w in joined.split("+")} - known:
                yield f"{name}: CANNOT({word}) is no compiler, family or target"
            if not test.rows:
                yield f"{name}: CANNOT without MATRIX"
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for heading in re.findall(r"^## .*", text, flags=re.M):
        section = text.split(heading + "\n", 1)[1].split("\n## ", 1)[0]
        found = re.findall(r"^\| ([\w-]*-[\w-]*\w) ", section, flags=re.M)
        if found and found != rows:
            yield f"{path}: {heading}: has not the rows of matrix.rows in their order: run ./dev matrix"
    if "\n| defect-1 " not in text:
        yield f"{path}: no table"


def check(tests, path):
    found = list(complaints(tests, path))
    print("\n".join(found))
    sys.exit(1 if found else 0)


{"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
