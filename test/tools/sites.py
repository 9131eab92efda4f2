#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A line for each luge_sites record of an object, program or DSO, every byte behind it checked.

    f toggle sled=+4 prefix=0 args=0 flags=- stub=yes section=.text

Anything that contradicts sled/record.h or arch/x86_64/layout.h is an error line on stderr and exit
status 1: flags, link order and group of the sections, the sled's bytes and place in its word, the
stub's bytes, slot and way back, one slot a function, no dynamic relocation, no text relocation.

  sites.py FILE            the records, by address
  sites.py --names FILE    luge_names: function and the name that stands for it
  sites.py --pfe FILE      __patchable_function_entries: function, distance, first byte
  sites.py --live FILE     compare with the symbol table: each function symbol exactly once;
                           --except=GLOB,... for symbols that have no sled
"""
import fnmatch
import struct
import sys

import elf as E

FLAGS = ["toggle", "chain", "return-seen", "returns-twice", "calls-setjmp", "special-cc"]
KINDS = ["entry", "return", "tail-call", "indirect-tail-call"]
ENDBR, NOP5 = bytes.fromhex("f30f1efa"), bytes.fromhex("0f1f440000")
errors = []


def check(condition, *words):
    if not condition:
        errors.append(" ".join(str(w) for w in words))
    return condition


class Place:
    """An address: in an object a section and an offset, in a linked file the section that has it."""

    def __init__(self, file, section, offset):
        self.file, self.section, self.offset = file, section, offset

    def plus(self, n):
        return Place(self.file, self.section, self.offset + n)

    def bytes(self, n):
        return self.file.content(self.section)[self.offset:self.offset + n]

    def key(self):
        return (self.section.index, self.offset)

    def __eq__(self, other):
        return other is not None and self.key() == other.key()

    def address(self):
        return self.section.addr + self.offset


def at_address(file, address):
    s = file.section_at(address)
    return Place(file, s, address - s.addr) if s else None


def relative(place, bias=0):
    """What the int32 at `place` points to: `value + address of the field + bias`."""
    file = place.file
    if file.relocatable:
        r = relocs_of(file, place.section).get(place.offset)
        if r:
            check(r.type in (E.R_X86_64_PC32, E.R_X86_64_PLT32), "relocation type", r.type, "at",
                  place.section.name, hex(place.offset))
            target = file.sections[r.symbol.section]
            return Place(file, target, r.symbol.value + r.addend + bias)
    value = struct.unpack("<i", place.bytes(4))[0]
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
    for s in sorted(file.symbols, key=lambda s: (-s.bind, s.name)):
        if s.type in (E.STT_FUNC, E.STT_IFUNC) and 0 < s.section < len(file.sections):
            section = file.sections[s.section]
            offset = s.value - (0 if file.relocatable else section.addr)
            out.setdefault((section.index, offset), []).append(s.name)
    return out


def check_section(file, section, text):
    """A table's section against the section of the function that its record describes."""
    name = section.name
    check(section.flags & E.SHF_ALLOC, name, "is not allocated")
    check(section.align == (8 if name.startswith("__p") else 4), name, "alignment", section.align)
    if not file.relocatable:
        return
    check(section.flags & E.SHF_LINK_ORDER, name, "has no SHF_LINK_ORDER")
    check(section.link == text.index, name, "links to", file.sections[section.link].name, "not to",
          text.name)
    check(file.groups[section.index] == file.groups[text.index], name, "is in another group than",
          text.name)


def calls_fentry(place):
    """-pg -mfentry: GCC prints the call before the first instruction, whatever that is."""
    r = relocs_of(place.file, place.section).get(place.offset + 1) if place.file.relocatable else None
    return place.bytes(1) == b"\xe8" and r and r.symbol.name == "__fentry__"


def check_sled(name, flavour, function, sled, stub):
    offset = sled.offset - function.offset
    pad = 4 if function.bytes(4) == ENDBR else 0
    pad += 5 if calls_fentry(function.plus(pad)) else 0
    check(sled.section == function.section, name, "sled outside its function's section")
    check(offset >= pad, name, "sled before the landing pad")
    if flavour == "toggle":
        check(sled.bytes(1) == b"\x3d", name, "sled begins with", sled.bytes(1).hex())
        check(relative(sled.plus(1), 4) == stub, name, "sled does not lead to its stub")
        check(offset == pad, name, "something stands between entry and sled")
    elif stub:
        check(sled.bytes(5) == NOP5, name, "sled is", sled.bytes(5).hex())
        check(sled.address() % 8 <= 3, name, "sled crosses an aligned 8-byte word")
        check(not sled.file.relocatable or sled.section.align >= 8, name, "section alignment",
              sled.section.align)
        filler = function.plus(pad).bytes(offset - pad)
        check(len(filler) <= 4 and filler in (b"", b"\x90", b"\x66\x90", b"\x0f\x1f\x00",
                                              b"\x0f\x1f\x40\x00"),
              name, "between entry and sled stands", filler.hex())
    return offset


def check_stub(name, sled, stub, slots):
    text = stub.bytes(19)
    check(text[:3].hex() == "4c8d1d" and text[7:10].hex() == "41ff23" and text[10:14] == ENDBR and
          text[14] == 0xe9, name, "stub is", text.hex())
    check(stub.section == sled.section, name, "stub outside its function's section")
    check(relative(stub.plus(15), 4) == sled.plus(5), name, "stub does not return behind the sled")
    slot = relative(stub.plus(3), 4)
    if check(slot is not None, name, "stub has no slot"):
        check(slot.section.type == E.SHT_NOBITS, name, "slot is not in .bss")
        check(slot.section.align >= 16 and slot.address() % 16 == 0, name, "slot alignment")
        check(slot.key() not in slots, name, "shares its slot with", slots.get(slot.key()))
        slots[slot.key()] = name


def sites(file):
    names, slots, lines = function_names(file), {}, []
    for section in file.named("luge_sites"):
        check(section.size % 16 == 0, "luge_sites size", section.size)
        check(not section.flags & E.SHF_WRITE, "luge_sites is writable")
        for at in range(0, section.size, 16):
            record = Place(file, section, at)
            sled, function = relative(record), relative(record.plus(4))
            if not check(sled and function, "record at", hex(at), "points nowhere"):
                continue
            kind, flags, prefix, args = record.bytes(16)[12:]
            has_stub = (at + 8 in relocs_of(file, section) if file.relocatable
                        else record.bytes(16)[8:12] != b"\0\0\0\0")
            stub = relative(record.plus(8)) if has_stub else None
            name = names.get(function.key(), ["?"])[0]
            check_section(file, section, function.section)
            check(function.section.flags & E.SHF_EXECINSTR, name, "is not in text")
            flavour = "toggle" if flags & 1 else "nop"
            offset = check_sled(name, flavour, function, sled, stub)
            if stub:
                check_stub(name, sled, stub, slots)
            words = [f for i, f in enumerate(FLAGS) if i and flags >> i & 1]
            lines.append((function.key(), f"{name} {flavour} sled=+{offset} prefix={prefix} "
                          f"args={args} flags={','.join(words) or '-'} "
                          f"stub={'yes' if stub else 'no'} section={function.section.name}"
                          + ("" if kind == 0 else f" kind={KINDS[kind]}")))
    if not file.relocatable:
        tables = file.named("luge_sites") + file.named("luge_names")
        for r in file.dynamic_relocs():
            check(not any(t.addr <= r.offset < t.addr + t.size for t in tables),
                  "dynamic relocation in a table at", hex(r.offset))
        check(not file.has_text_relocations(), "TEXTREL")
    return [line for _, line in sorted(lines)]


def name_entries(file):
    functions, lines = function_names(file), []
    for section in file.named("luge_names"):
        at, data = 0, file.content(section)
        while at < section.size:
            function = relative(Place(file, section, at))
            end = data.index(b"\0", at + 4)
            text = data[at + 4:end].decode()
            check_section(file, section, function.section)
            lines.append(f"{functions.get(function.key(), ['?'])[0]} = {text}")
            at = (end + 4) & ~3
        check(at == section.size, "luge_names is not padded to 4 bytes")
    return sorted(lines)


def pfe_entries(file):
    functions, lines = function_names(file), []
    by_loader = {r.offset: r.addend for r in file.dynamic_relocs() if r.type == E.R_X86_64_RELATIVE}
    for section in file.named("__patchable_function_entries"):
        for at in range(0, section.size, 8):
            if file.relocatable:
                r = relocs_of(file, section)[at]
                target = Place(file, file.sections[r.symbol.section], r.symbol.value + r.addend)
                check_section(file, section, target.section)
            else:
                word = struct.unpack_from("<Q", file.content(section), at)[0]
                target = at_address(file, by_loader.get(section.addr + at, word))
            near = [(abs(target.offset - o), target.offset - o, names[0])
                    for (s, o), names in functions.items() if s == target.section.index]
            _, distance, name = min(near)
            lines.append(f"{name} pfe={distance:+d} byte={target.bytes(1).hex()}")
    return sorted(lines)


def live(file, exceptions):
    """Every function symbol has one record and every record a function symbol."""
    names, recorded, lines = function_names(file), {}, []
    for section in file.named("luge_sites"):
        for at in range(0, section.size, 16):
            key = relative(Place(file, section, at + 4)).key()
            recorded[key] = recorded.get(key, 0) + 1
    for key, all_names in sorted(names.items()):
        left = any(fnmatch.fnmatchcase(n, g) for n in all_names for g in exceptions)
        want = 0 if left else 1
        check(recorded.get(key, 0) == want, "/".join(all_names), "has", recorded.get(key, 0),
              "records, not", want)
        if not left:
            lines.append(all_names[0])
    for key in set(recorded) - set(names):
        check(False, "record of something that is no function:", key)
    return lines


def main(arguments):
    options = [a for a in arguments if a.startswith("--")]
    exceptions = [g for o in options if o.startswith("--except=") for g in o[9:].split(",")]
    for path in (a for a in arguments if not a.startswith("--")):
        file = E.Elf(path)
        checked = sites(file)
        lines = (name_entries(file) if "--names" in options else
                 pfe_entries(file) if "--pfe" in options else
                 live(file, exceptions) if "--live" in options else checked)
        for line in lines:
            print(line)
    for e in errors:
        print("sites: " + e, file=sys.stderr)
    return 1 if errors else 0


sys.exit(main(sys.argv[1:]))
