#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""many_functions.py FOLDER PLUGINS COMPILER...: what records cost in a shared object of 1,000 functions.

Prints, for each compiler (a name of the plugin's folder is found by its version), a table: size of the object and
number of its sections, dynamic relocations of the linked shared object, and bytes of it that are written to at
load time for the records; without sleds, with the compiler's own -fpatchable-function-entry, and with Luge,
with one text section and with one for each function. Fails where records need a dynamic relocation, their
table can be written to, or an object of clang's is larger than with its own sleds, text being in one section
(gcc 12 keeps one table as well, of 8 bytes a function, and loses parts of it).
"""
import os
import subprocess
import sys

import elf as E

COUNT = 1000
folder, plugins, *compilers = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
source = os.path.join(folder, "many.c")
with open(source, "w") as f:
    f.write("int sink;\n" + "".join(f"int f{i}(int x) {{ sink += x; return x * {i + 3}; }}\n" for i in range(COUNT)))


def call(*words, plugin=""):
    subprocess.run(words, check=True, env=dict(os.environ, LUGE_PLUGIN=plugin))


def writable(file, name):
    tables = file.named(name)
    return any(s.type == E.PT_LOAD and s.flags & E.PF_W and s.addr <= t.addr < s.addr + s.size
               for t in tables for s in file.segments)


def build(compiler, name, *flags, plugin=""):
    """(bytes of the object, sections, dynamic relocations, records in a writable segment)"""
    path = os.path.join(folder, f"{compiler}-{name}")
    call(compiler, "-O2", "-fPIC", *flags, "-c", "-o", path + ".o", source, plugin=plugin)
    call(compiler, *(f for f in flags if f.startswith("-fplugin")), "-shared", "-nostdlib", "-o", path + ".so",
         path + ".o")
    linked = E.Elf(path + ".so")
    table = "luge_sites" if plugin else "__patchable_function_entries"
    return (os.path.getsize(path + ".o"), len(E.Elf(path + ".o").sections), len(linked.dynamic_relocs()),
            writable(linked, table))


problems = []
print("| compiler | build | object, bytes | a function | sections | dynamic relocations | table writable |")
print("|---|---|---|---|---|---|---|")
for compiler in compilers:
    plugin = os.path.join(plugins, compiler.replace("clang", "llvm"), "luge.so")
    for sections in ((), ("-ffunction-sections",)):
        where = ", a section each" if sections else ""
        rows = {
            "none": build(compiler, "none", *sections),
            "-fpatchable-function-entry=5": build(compiler, "own", "-fpatchable-function-entry=5", *sections),
            "Luge, nop, stub=no": build(compiler, "nop", "-fplugin=" + plugin, *sections, plugin="flavour=nop stub=no"),
            "Luge, toggle": build(compiler, "toggle", "-fplugin=" + plugin, *sections, plugin="flavour=toggle"),
        }
        plain = rows["none"]
        for name, (size, count, relocations, writes) in rows.items():
            print(f"| {compiler} | {name}{where} | {size} | {(size - plain[0]) / COUNT:+.1f} | {count} | {relocations} | "
                  f"{'yes' if writes else 'no'} |")
            if name.startswith("Luge"):
                if relocations - plain[2] > 16:  # registration has a few, whatever the number of functions
                    problems.append(f"{compiler}, {name}{where}: {relocations - plain[2]} dynamic relocations")
                if writes:
                    problems.append(f"{compiler}, {name}{where}: the table can be written to")
        own, nop = rows["-fpatchable-function-entry=5"], rows["Luge, nop, stub=no"]
        if compiler.startswith("clang") and not sections and nop[0] > own[0]:
            problems.append(f"{compiler}{where}: object of {nop[0]} bytes, with the compiler's own sleds {own[0]}")
print("\n".join(problems))
sys.exit(1 if problems else 0)
