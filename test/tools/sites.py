#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A line for each luge_sites record of an object, program or DSO, every byte behind it checked.

    f toggle sled=+4 prefix=0 args=0 flags=- stub=yes section=.text

Anything that contradicts sled/record.h or the layout of the architecture is an error line on stderr
and exit status 1: flags, link order and group of the sections, one slot a sled, no dynamic relocation,
no text relocation; of x86-64 also the sled's bytes and place in its word, the stub's bytes and way
back. Linked programs of every architecture: positions.py.

  sites.py FILE            the records, by address
  sites.py --names FILE    luge_names: function and the name that stands for it
  sites.py --pfe FILE      __patchable_function_entries: function, distance, first byte
  sites.py --live FILE     compare with the symbol table: each function symbol exactly once;
                           --except=GLOB,... for symbols that have no sled
"""
import fnmatch
import re
import sys

import elf as E
from layout import layout_of
from records import (FLAGS, KINDS, TOGGLE, Place, at_address, check, check_tables, finish,
                     function_names, records, relative, relocs_of)

ENDBR, NOP5 = bytes.fromhex("f30f1efa"), bytes.fromhex("0f1f440000")


def check_section(file, section, text):
    """A table's section against the section of the function that its record describes."""
    name = section.name
    check(section.flags & E.SHF_ALLOC, name, "is not allocated")
    check(section.align == (file.bits // 8 if name.startswith("__p") else 4), name, "alignment",
          section.align)
    if not file.relocatable:
        return
    check(section.flags & E.SHF_LINK_ORDER, name, "has no SHF_LINK_ORDER")
    check(section.link == text.index, name, "links to", file.sections[section.link].name, "not to",
          text.name)
    check(file.groups[section.index] == file.groups[text.index], name, "is in another group than",
          text.name)


# What leaves a function, behind an exit sled of x86-64.
LEAVES = re.compile(
    rb"(\x0f\x1f\x44\x00\x00|\xe8\x00{4})?"  # -minstrument-return=nop5, =call
    rb"(\x90?|"                                # XRay aligns its return
    rb"[\x58-\x5f]\x0f\xae\xe8|"              # -mlvi-*: pop %r; lfence; jmp *%r
    rb"\x41[\xba\xbb].{4}[\x44\x45]\x03(.|.\x24).\x74\x02\x0f\x0b)" # KCFI: the target's hash or ud2
    rb"([\xf2\xf3\x3e\x40-\x4f]*"             # bnd, repz, notrack, REX
    rb"(\xc3|\xc2|\xe9|\xeb|\xff[\x20-\x2f\x60-\x6f\xa0-\xaf\xe0-\xe7])|" # ret, jmp, jmp *
    rb"\xe8\x07\x00\x00\x00\xf3\x90)", re.S)  # -mfunction-return=thunk-inline and the like


def fentry_size(place):
    """-pg -mfentry: GCC prints the call before the first instruction, whatever that is."""
    chain = 2 if place.bytes(2) == b"\x41\x52" else 0  # push %r10, the static chain, and later pop
    call = place.plus(chain)
    if not place.file.relocatable:
        return 0
    if call.bytes(5) == NOP5 and place.file.named("__mcount_loc"):  # -mnop-mcount -mrecord-mcount
        return 2 * chain + 5
    code = {b"\xe8": 1, b"\xff": 2}.get(call.bytes(1), 0)  # call F, call *F@GOTPCREL(%rip)
    r = relocs_of(place.file, place.section).get(call.offset + code)
    return 2 * chain + code + 4 if code and r and r.symbol.name == "__fentry__" else 0


def check_sled(name, layout, record):
    """The bytes of x86-64: what stands between entry and sled, and the sled, switched off."""
    function, sled, stub = record.function, record.sled, record.stub
    offset = sled.offset - function.offset
    pad = layout.landing_pad if function.bytes(4) == ENDBR else 0
    pad += fentry_size(function.plus(pad))
    pad += 8 if function.plus(pad).bytes(2) == b"\xeb\x06" else 0  # -fsanitize=function up to LLVM 16
    if record.kind == 0:
        check(sled.section == function.section, name, "sled outside its function's section")
        check(offset >= pad, name, "sled before the landing pad")
    else:
        behind = sled.plus(layout.toggle_size).bytes(24)
        check(LEAVES.match(behind), name, KINDS[record.kind], "sled stands before", behind.hex())
    if record.flags & TOGGLE:
        check(sled.bytes(1) == b"\x3d", name, "sled begins with", sled.bytes(1).hex())
        check(relative(sled.plus(1), 4) == stub, name, "sled does not lead to its stub")
        check(record.kind or offset == pad, name, "something stands between entry and sled")
    elif stub:
        size, word = layout.patch_unit, layout.patch_word
        check(sled.bytes(size) == NOP5, name, "sled is", sled.bytes(size).hex())
        check(sled.address() % word <= word - size, name, "sled crosses an aligned 8-byte word")
        check(not sled.file.relocatable or sled.section.align >= word, name, "section alignment",
              sled.section.align)
        filler = b"" if record.kind else function.plus(pad).bytes(offset - pad)
        check(filler in (b"", b"\x90", b"\x66\x90", b"\x90\x66\x90", b"\x0f\x1f\x00", b"\x0f\x1f\x40\x00"),
              name, "between entry and sled stands", filler.hex())


def check_stub(name, layout, record):
    """The bytes of x86-64: to the slot through r11 (r10 in an alternate stub), back behind the sled."""
    sled, stub, back = record.sled, record.stub, layout.stub_body_entry
    text = stub.bytes(back + 5)
    check((text[:3].hex(), text[7:10].hex()) in (("4c8d1d", "41ff23"), ("4c8d15", "41ff22")) and
          text[back:back + 4] == ENDBR and text[back + 4] == 0xe9, name, "stub is", text.hex())
    check(relative(stub.plus(back + 5), 4) == sled.plus(layout.toggle_size), name,
          "stub does not return behind the sled")


def check_slot(name, layout, stub, slots):
    slot = relative(stub.plus(layout.stub_slot_ref), layout.stub_slot_bias, layout.stub_slot_shift)
    if check(slot is not None, name, "stub has no slot"):
        check(slot.section.type == E.SHT_NOBITS, name, "slot is not in .bss")
        check(slot.section.align >= layout.slot_align and slot.address() % layout.slot_align == 0, name,
              "slot alignment")
        check(slot.key() not in slots, name, "shares its slot with", slots.get(slot.key()))
        slots[slot.key()] = name


def sites(file):
    names, slots, lines, layout = function_names(file), {}, [], layout_of(file.arch)
    for record in records(file):
        function, sled, stub = record.function, record.sled, record.stub
        name = names.get(function.key(), ["?"])[0]
        check_section(file, record.at.section, function.section)
        check(function.section.flags & E.SHF_EXECINSTR, name, "is not in text")
        # An exit may be in a cold part or in a section of its basic block.
        check(sled.section.flags & E.SHF_EXECINSTR, name, "sled is not in text")
        check(not stub or stub.section == function.section, name, "stub outside its function's section")
        if file.arch == "x86_64":
            check_sled(name, layout, record)
            if stub:
                check_stub(name, layout, record)
        if stub and not (file.relocatable and layout.stub_slot_shift):
            check_slot(name, layout, stub, slots)
        words = [f for i, f in enumerate(FLAGS) if i and record.flags >> i & 1]
        lines.append((function.key(), f"{name} {'toggle' if record.flags & TOGGLE else 'nop'} "
                      f"sled=+{sled.offset - function.offset} prefix={record.prefix} args={record.args} "
                      f"flags={','.join(words) or '-'} stub={stub_word(file, stub)} "
                      f"section={function.section.name}"
                      + ("" if record.kind == 0 else f" kind={KINDS[record.kind]}")))
    if not file.relocatable:
        check_tables(file)
    return [line for _, line in sorted(lines)]


def stub_word(file, stub):
    if not stub:
        return "no"
    return "alternate" if file.arch == "x86_64" and stub.bytes(3).hex() == "4c8d15" else "yes"


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
    functions, lines, size = function_names(file), [], file.bits // 8
    by_loader = {r.offset: r.addend for r in file.dynamic_relocs() if r.type in file.machine.base}
    for section in file.named("__patchable_function_entries"):
        for at in range(0, section.size, size):
            if file.relocatable:
                r = relocs_of(file, section)[at]
                target = Place(file, file.sections[r.symbol.section], r.symbol.value + r.addend)
                check_section(file, section, target.section)
            else:
                address = section.addr + at
                target = at_address(file, by_loader.get(address, file.pointer_at(address)))
            near = [(abs(target.offset - o), target.offset - o, names[0])
                    for (s, o), names in functions.items() if s == target.section.index]
            _, distance, name = min(near)
            lines.append(f"{name} pfe={distance:+d} byte={target.bytes(1).hex()}")
    return sorted(lines)


def live(file, exceptions):
    """Every function symbol has one record and every record a function symbol."""
    names, recorded, lines = function_names(file), {}, []
    for record in records(file):
        key = record.function.key()
        recorded[key] = recorded.get(key, 0) + (record.kind == 0)
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
    return finish("sites")


sys.exit(main(sys.argv[1:]))
