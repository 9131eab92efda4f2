#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The house rules of design and style that a machine can check: house.py RULE SOURCE.

  licence     an SPDX line at the head of each file, the plugin of GCC under its own licence
  includes    no include against the flow of data (ALLOWED)
  versions    compiler versions are tested in compat*.h alone, architectures in arch/ alone
  registers   runtime/core, buffer, tracers and tool name no machine register
  left-overs  no marks of unfinished work
"""
import os
import re
import sys

CODE = (".h", ".c", ".cpp", ".S", ".def")
TEXT = CODE + (".txt", ".cmake", ".py", ".sh", ".in", ".test", "/dev", "/run")

# What a folder may include of the project: the folders before it in the flow of data.
ALLOWED = {
    "sled": ["sled", "arch"],
    "arch": ["sled", "arch", "runtime/core", "runtime/sys"],
    "gcc-plugin": ["sled", "arch", "gcc-plugin"],
    "llvm-pass": ["sled", "arch", "llvm-pass"],
    "runtime/sys": ["sled", "arch", "runtime/sys"],
    "runtime/foreign": ["sled", "arch", "runtime/sys", "runtime/foreign"],
    "runtime/core": ["sled", "arch", "luge", "runtime/sys", "runtime/foreign", "runtime/core", "runtime/buffer"],
    "runtime/buffer": ["sled", "arch", "runtime/sys", "runtime/core", "runtime/buffer"],
    "runtime/tracers": ["sled", "arch", "luge", "runtime/sys", "runtime/core", "runtime/buffer",
                        "runtime/tracers"],
    "runtime/include": ["luge"],
    "tool": ["sled", "arch", "tool"],
}
VERSIONS = re.compile(r"\b(__GNUC__|__GNUC_MINOR__|__clang_major__|GCCPLUGIN_VERSION\w*|BUILDING_GCC_VERSION"
                      r"|LLVM_VERSION_\w+|CLANG_VERSION_\w+)\b")
ARCHITECTURES = re.compile(r"\b(__x86_64__|__i386__|__aarch64__|__powerpc\w*|__mips\w*|__riscv\w*"
                           r"|__s390\w*|__loongarch\w*|__arm__)\b")
REGISTERS = re.compile(r"%?\b(r[abcd]x|e[abcd]x|r[sd]i|e[sd]i|r[sb]p|rip|r(8|9|1[0-5])d?|[xyz]mm\d+)\b")


def files(source, endings, below=""):
    for folder, folders, names in os.walk(os.path.join(source, below)):
        folders[:] = [f for f in folders if not f.startswith((".git", "build", "demo", "Output"))
                      and f != "__pycache__"]
        for name in sorted(names):
            path = os.path.join(folder, name)
            if ("/" + name).endswith(endings):
                yield os.path.relpath(path, source)


def lines(source, path):
    with open(os.path.join(source, path), encoding="utf-8") as f:
        return f.read().split("\n")


def without_comments(text):
    """Line by line, strings and comments blanked (enough for the languages here)."""
    text = re.sub(r'"(\\.|[^"\\\n])*"', '""', text)
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    return re.sub(r"//.*", "", text)


def licence(source):
    for path in files(source, TEXT):
        want = "GPL-3.0-or-later" if path.startswith("gcc-plugin/") else (
            "Apache-2.0 WITH LLVM-exception")
        head = "\n".join(lines(source, path)[:4])
        if "SPDX-License-Identifier: " + want not in head:
            yield path, "no SPDX-License-Identifier: " + want


def includes(source):
    projects = ("sled/", "arch/", "gcc-plugin/", "llvm-pass/", "runtime/", "tool/", "luge/", "test/")
    for path in files(source, CODE):
        folder = next((f for f in ALLOWED if path.startswith(f + "/")), None)
        if not folder:
            continue
        for number, line in enumerate(lines(source, path), 1):
            m = re.match(r'\s*#\s*include\s+[<"]([^">]+)[">]', line)
            if m and m.group(1).startswith(projects):
                if not any(m.group(1).startswith(a + "/") for a in ALLOWED[folder]):
                    yield f"{path}:{number}", f"{folder} may not include {m.group(1)}"


def matches(source, folders, pattern, excused, words):
    for folder in folders:
        for path in files(source, CODE, folder):
            if excused(path):
                continue
            text = without_comments("\n".join(lines(source, path)))
            for number, line in enumerate(text.split("\n"), 1):
                m = pattern.search(line)
                if m:
                    yield f"{path}:{number}", m.group() + " " + words


def versions(source):
    folders = ("sled", "arch", "gcc-plugin", "llvm-pass", "runtime", "tool")
    yield from matches(source, folders, VERSIONS,
                       lambda p: os.path.basename(p).startswith("compat"), "outside compat.h")
    yield from matches(source, folders, ARCHITECTURES, lambda p: p.startswith("arch/"),
                       "outside arch/")


def registers(source):
    yield from matches(source, ("runtime/core", "runtime/foreign", "runtime/buffer", "runtime/tracers", "tool", "sled"),
                       REGISTERS, lambda p: False, "is a register of one architecture")


def left_overs(source):
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    for path in files(source, TEXT + (".md",)):
        for number, line in enumerate(lines(source, path), 1):
            if marks.search(line):
                yield f"{path}:{number}", line.strip()


def main(rule, source):
    checked = sum(1 for _ in files(source, TEXT))
    found = list(globals()[rule.replace("-", "_")](source))
    for where, what in found:
        print(f"{where}: {what}")
    if checked < 50:
        print(f"only {checked} files seen: is {source} the source?")
    sys.exit(1 if found or checked < 50 else 0)


main(*sys.argv[1:])
