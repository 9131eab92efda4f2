#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tables.py OBJECT: a line for each section of luge_sites: the text that it is linked to, the COMDAT group of
both, the kinds of its records. Of an object of any architecture; exit status 1 where a record describes code of
another section than the one that its table is linked to, or is in another group.

tables.py --stock NAME OBJECT: a line for each section NAME of whatever compiler, and how many texts it describes.

    luge_sites of .text._Z6sharedi in group _Z6sharedi: entry return
    __mcount_loc of nothing in no group: 2 texts, 1 of them in a group
"""
import sys

import elf as E
from records import KINDS, check, finish, records, relocs_of


def linked_to(file, section):
    return file.sections[section.link] if section.flags & E.SHF_LINK_ORDER else None


def group_of(file, section):
    """Its name, which is that of a symbol; None where it has none."""
    group = file.groups[section.index]
    return file.symbols[file.sections[group].info].name if group else None


def place_of(file, section):
    text, group = linked_to(file, section), group_of(file, section)
    return f"{section.name} of {text.name if text else 'nothing'} in {'group ' + group if group else 'no group'}"


def ours(file):
    kinds = {s.index: set() for s in file.named("luge_sites")}
    for r in records(file):
        table, text = r.at.section, r.function.section
        kinds[table.index].add(r.kind)
        check(linked_to(file, table) == text, place_of(file, table), "has a record of", text.name)
        check(group_of(file, table) == group_of(file, text), place_of(file, table), "has a record of group",
              group_of(file, text))
    return [f"{place_of(file, s)}: {' '.join(KINDS[k] for k in sorted(kinds[s.index]))}"
            for s in file.named("luge_sites")]


def stock(file, name):
    for section in file.named(name):
        texts = {r.symbol.section for r in relocs_of(file, section).values()}
        grouped = [t for t in texts if file.groups[t]]
        yield f"{place_of(file, section)}: {len(texts)} texts, {len(grouped)} of them in a group"


def main(arguments):
    file = E.Elf(arguments[-1])
    check(file.relocatable, file.path, "is no object")
    lines = list(stock(file, arguments[1]) if arguments[0] == "--stock" else ours(file))
    print("\n".join(lines))
    return finish("tables")


sys.exit(main(sys.argv[1:]))
