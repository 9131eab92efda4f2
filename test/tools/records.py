# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The records of sled/record.h in an object, program or DSO of any architecture: sites.py and
positions.py check what they point at. What is wrong with a table itself is told to `check`."""
import struct
import sys
from collections import namedtuple

import elf as E

KINDS = ["entry", "return", "tail-call", "indirect-tail-call"]
FLAGS = ["toggle", "chain", "return-seen", "returns-twice", "calls-setjmp", "special-cc", "unpopped"]
TOGGLE, UNPOPPED = 1, 1 << 6
SIZE = 16
Record = namedtuple("Record", "at sled function stub kind flags prefix args")
errors = []


def check(condition, *words):
    if not condition:
        errors.append(" ".join(str(w) for w in words))
    return condition


def finish(program):
    """Prints the errors; the exit status."""
    for e in errors[:50]:
        print(f"{program}: {e}", file=sys.stderr)
    if len(errors) > 50:
        print(f"{program}: and {len(errors) - 50} more", file=sys.stderr)
    return 1 if errors else 0


class Place:
    """An address: in an object a section and an offset, in a linked file the section that has it."""

    def __init__(self, file, section, offset):
        self.file, self.section, self.offset = file, section, offset

    def plus(self, n):
        return Place(self.file, self.section, self.offset + n)

    def bytes(self, n):
        if self.section.type == E.SHT_NOBITS or self.offset < 0:
            return b""
        at = self.section.offset + self.offset
        return self.file.data[at:min(at + n, self.section.offset + self.section.size)]

    def key(self):
        return (self.section.index, self.offset)

    def __eq__(self, other):
        return other is not None and self.key() == other.key()

    def address(self):
        return self.section.addr + self.offset


def at_address(file, address):
    s = file.section_at(address)
    return Place(file, s, address - s.addr) if s else None


def relative(place, bias=0, shift=0):
    """What the int32 at `place` points to: `(value << shift) + address of the field + bias`."""
    file = place.file
    if file.relocatable:
        r = relocs_of(file, place.section).get(place.offset)
        if r:
            check(r.type in file.machine.relative32, "relocation type", r.type, "at", place.section.name,
                  hex(place.offset))
            target = file.sections[r.symbol.section]
            return Place(file, target, r.symbol.value + r.addend + bias)
    data = place.bytes(4)
    if len(data) < 4:
        return None
    value = struct.unpack(file.order + "i", data)[0] << shift
    if file.relocatable:
        return place.plus(value + bias)
    return at_address(file, place.address() + value + bias)


def relocs_of(file, section, cache={}):
    key = (id(file), section.index)
    if key not in cache:
        cache[key] = file.relocs(section)
    return cache[key]


def function_names(file):
    """(section, offset) -> names of the function symbols there, global ones first."""
    out = {}
    for section, offset, s in sorted(file.function_symbols(), key=lambda f: (-f[2].bind, f[2].name)):
        out.setdefault((section.index, offset), []).append(s.name)
    return out


def records(file):
    """Every record, in the order of the tables."""
    for section in file.named("luge_sites"):
        check(section.size % SIZE == 0, "luge_sites size", section.size)
        check(not section.flags & E.SHF_WRITE, "luge_sites is writable")
        for at in range(0, section.size - SIZE + 1, SIZE):
            place = Place(file, section, at)
            sled, function = relative(place), relative(place.plus(4))
            if not check(sled and function, "record at", hex(section.addr + at), "points nowhere"):
                continue
            kind, flags, prefix, args = place.bytes(SIZE)[12:]
            check(kind < len(KINDS), "record at", hex(section.addr + at), "is of kind", kind)
            has_stub = (at + 8 in relocs_of(file, section) if file.relocatable
                        else place.bytes(SIZE)[8:12] != b"\0\0\0\0")
            stub = relative(place.plus(8)) if has_stub else None
            check(stub or not has_stub, "record at", hex(section.addr + at), "has its stub nowhere")
            yield Record(place, sled, function, stub, kind % len(KINDS), flags, prefix, args)


def check_tables(file):
    """Of a linked file: nothing in the tables is relocated or can be written to."""
    tables = file.named("luge_sites") + file.named("luge_names")
    for r in file.dynamic_relocs():
        check(not any(t.addr <= r.offset < t.addr + t.size for t in tables),
              "dynamic relocation in a table at", hex(r.offset))
    for t in tables:
        for s in file.segments:
            if s.type == E.PT_LOAD and s.addr <= t.addr < s.addr + s.size:
                check(not s.flags & E.PF_W, t.name, "is in a writable segment")
    check(not file.has_text_relocations(), "TEXTREL")
