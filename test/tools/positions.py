#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""positions.py FILE: every sled of a linked program or DSO, of any architecture, stands where it should.

For each record: the sled is inside its function; between the function's address and an entry sled there is
only what machines.py allows; the sled is off and in one aligned word, its stub in reach and leads back behind
it; a prefix ends at the function; an exit sled is directly before what leaves the function; the slot is its
own, aligned, in .bss. Each function symbol has exactly one entry record. Unwinding: an FDE begins at the
function's address and covers the sled, and its rules there are those of an entry; at an exit sled the CFA is
that of an entry again (unless the record says LUGE_SITE_UNPOPPED); in a stub, where the architecture describes
stubs, everything is as at an entry. No two FDEs overlap. The tables are read-only and without
dynamic relocations.

  --except=GLOB,...       function symbols that have no sled
  --optional=GLOB,...     function symbols that may have none: thunks, what a compiler makes up
  --exits                 every return has an exit sled
  --lines                 the debug information knows the function's address: low_pc, and its line
  --no-lines=GLOB,...     but not of these: gcc describes no function that it made by folding two others
  --mcount                -pg: its call may stand before the sled
  --exit-frames=compiler  the compiler describes no epilogues: the frame at an exit sled is the one that it
                          gives to the return behind it
  --no-frames             compiled without call frame information
Prints a summary; complaints go to stderr, status 1.
"""
import fnmatch
import sys

import elf as E
from binary import Code, Frames, lines_at, low_pcs
from layout import layout_of, off_states
from machines import MACHINES, target
from records import (KINDS, TOGGLE, UNPOPPED, check, check_tables, finish, function_names, records, relative)


class Program:
    def __init__(self, path, options):
        self.file, self.options = E.Elf(path), options
        if self.file.relocatable:
            raise SystemExit(f"{path}: not linked; sites.py checks objects")
        self.layout, self.machine = layout_of(self.file.arch), MACHINES[self.file.arch]
        self.code, self.frames = Code(path), Frames(path)
        self.names = function_names(self.file)
        self.records = list(records(self.file))
        self.extents = {}  # address -> (end, names)
        for section, offset, s in self.file.function_symbols():
            begin = section.addr + offset
            end, names = self.extents.get(begin, (begin, []))
            self.extents[begin] = max(end, begin + s.size), names + [s.name]

    def name(self, record):
        function = self.names.get(record.function.key(), ["?"])[0]
        return function if record.kind == 0 else f"{function}, {KINDS[record.kind]} at {record.sled.address():#x}"

    def named(self, option, names):
        """Whether one of the names is in the list of an option."""
        globs = [g for o in self.options if o.startswith(option) for g in o[len(option):].split(",")]
        return any(fnmatch.fnmatchcase(n, g) for n in names for g in globs)


def base(name):
    """The function that a part belongs to: f.cold, f.part.0."""
    return name.split(".")[0] or name


def check_inside(p, record, name):
    sled, function = record.sled.address(), record.function.address()
    check(record.function.section.flags & E.SHF_EXECINSTR, name, "is not in text")
    end, names = p.extents.get(function, (0, []))
    if record.prefix and sled < function:
        check(sled + record.prefix * p.layout.nop_unit == function, name, "prefix does not end at the function")
    elif record.kind == 0:
        check(function <= sled < end or not names, name, "sled at", hex(sled), "is not inside its function")
    elif not function <= sled < end:
        parts = [n for begin, (stop, n) in p.extents.items() if begin <= sled < stop]
        check(any(base(a) == base(b) for part in parts for a in part for b in names), name,
              "is not inside its function")


def check_entry(p, record, name):
    sled, function = record.sled.address(), record.function.address()
    for address in p.code.between(function, sled):
        text = p.code.at(address)
        check(p.machine.before.match(text) or ("--mcount" in p.options and p.machine.mcount.match(text)), name,
              "between entry and sled stands", repr(text))


def check_exit(p, record, name):
    at = record.sled.address() + p.layout.toggle_size
    text = p.code.at(at)
    if p.machine.lead_in.match(text):
        text = p.code.at(p.code.behind(at))
    direct, indirect = p.machine.direct.match(text), p.machine.indirect.match(text)
    fits = (p.machine.returns.match(text) if record.kind == 1 else direct or indirect if record.kind == 2
            else indirect)
    check(fits, name, "has behind its sled", repr(text))


def check_stub(p, record, name, slots):
    stub, layout = record.stub, p.layout
    slot = relative(stub.plus(layout.stub_slot_ref), layout.stub_slot_bias, layout.stub_slot_shift)
    if check(slot is not None, name, "has no slot"):
        check(slot.section.type == E.SHT_NOBITS, name, "has its slot in", slot.section.name)
        check(slot.address() % layout.slot_align == 0, name, "has a misaligned slot")
        check(slot.key() not in slots, name, "shares its slot with", slots.get(slot.key()))
        slots[slot.key()] = name
    at, body = stub.address() + layout.stub_body_entry, record.sled.address() + layout.toggle_size
    for _ in range(3):  # a landing pad, the branch
        text = p.code.at(at)
        if p.machine.direct.match(text):
            break
        at = p.code.behind(at)
    else:
        return check(False, name, "has a stub without a way back")
    check(target(text, at) == body, name, "has a stub that returns to", text, "not to", hex(body))


def check_bytes(p):
    with_stub = [r for r in p.records if r.stub]
    asked = [(bool(r.flags & TOGGLE), r.sled.address(), r.stub.address()) for r in with_stub]
    for record, want in zip(with_stub, off_states(p.file.arch, asked)):
        name = p.name(record)
        if check(want is not None, name, "cannot reach its stub"):
            have = record.sled.bytes(len(want))
            check(have == want, name, "is not off:", have.hex(), "not", want.hex())
        check(record.sled.address() % p.layout.sled_align == 0, name, "is misaligned")
        word = p.layout.patch_word
        check(record.flags & TOGGLE or record.sled.address() % word <= word - p.layout.patch_unit, name,
              "crosses an aligned word")


def check_stub_frame(p, record, name):
    if not p.machine.stub_frame:
        return
    at = record.stub.address()
    while at:
        if check(p.frames.covering(at), name, "has no FDE for its stub at", hex(at)):
            row, want = p.frames.row(at), p.frames.entry_row(at)
            check(row == want, name, "has in its stub the frame", row)
        if p.machine.direct.match(p.code.at(at)):
            return
        at = p.code.behind(at)


def check_overlap(p):
    frames = [(begin, p.frames.ranges[begin][0]) for begin in p.frames.begins]
    for (begin, end), (behind, _) in zip(frames, frames[1:]):
        check(end <= behind, hex(begin), "has an FDE that reaches into that of", hex(behind))


def check_frame(p, record, name, counts):
    sled, function = record.sled.address(), record.function.address()
    if p.file.named(".ARM.exidx") and not p.file.named(".debug_frame"):
        return  # EHABI: a table of its own kind, which describes no sled
    if record.kind == 0:
        if check(p.frames.begins_at(function), name, "has no FDE that begins at its address") and sled >= function:
            row, want = p.frames.row(sled), p.frames.entry_row(function)
            check(row == want, name, "has at its sled the frame", row, "not", want)
        return
    row = p.frames.covering(sled)
    if not check(row, name, "is in no FDE") or record.flags & UNPOPPED:
        return
    cfa, entry = p.frames.cfa(sled), row[1].split(":")[0]
    counts["popped"] += cfa == entry
    if "--exit-frames=compiler" in p.options:
        want = p.frames.cfa(sled + p.layout.toggle_size)
        check(cfa == want, name, "has the frame", cfa, "and what is behind it", want)
    else:
        check(cfa == entry, name, "has at its sled the frame", cfa, "not", entry)


def check_live(p):
    """Every function symbol has one entry record and every record a function symbol."""
    count = {}
    for record in p.records:
        key = record.function.key()
        count[key] = count.get(key, 0) + (record.kind == 0)
    for key, names in sorted(p.names.items()):
        if not any(names):  # a veneer of the C library's, nameless
            continue
        want = (0,) if p.named("--except=", names) else (0, 1) if p.named("--optional=", names) else (1,)
        check(count.get(key, 0) in want, "/".join(names), "has", count.get(key, 0), "entry records")
    for key in set(count) - set(p.names):
        check(False, "record of something that is no function:", p.file.sections[key[0]].name, hex(key[1]))


def check_all_returns(p):
    """No return of a recorded function without its sled."""
    ends = {r.sled.address() + p.layout.toggle_size for r in p.records if r.kind}
    for record in p.records:
        function = record.function.address()
        end = p.extents.get(function, (function, []))[0]
        if record.kind == 0:
            for address in p.code.between(function, end):
                if p.machine.returns.match(p.code.at(address)):
                    check(address in ends, p.name(record), "returns at", hex(address), "without a sled")


def check_lines(p):
    entries = [r for r in p.records if r.kind == 0]
    known = low_pcs(p.file.path)
    lines = lines_at(p.file.path, [a for r in entries for a in (r.function.address(), r.sled.address())])
    for record in entries:
        function, name = record.function.address(), p.name(record)
        line, start = lines.get(function, (0, 0))
        if p.named("--no-lines=", p.names.get(record.function.key(), [])):
            continue
        check(function in known, name, "is not DW_AT_low_pc of a function")
        if start:  # what the compiler makes up has no place in the source
            check(start <= line <= start + 20, name, "has line", line, "and its function begins at", start)
        check(lines.get(record.sled.address(), (0, 0))[0] == line or record.prefix, name, "has at its sled line",
              lines.get(record.sled.address()), "not", line)


def main(arguments):
    options = [a for a in arguments if a.startswith("--")]
    for path in (a for a in arguments if not a.startswith("--")):
        p = Program(path, options)
        slots, sleds, counts = {}, {}, {"popped": 0}
        check(p.records, path, "has no records")
        for record in p.records:
            name, sled = p.name(record), record.sled.key()
            check(sled not in sleds, name, "shares its sled with", sleds.get(sled))
            sleds[sled] = name
            check_inside(p, record, name)
            (check_exit if record.kind else check_entry)(p, record, name)
            if record.stub:
                check_stub(p, record, name, slots)
            if "--no-frames" not in options:
                check_frame(p, record, name, counts)
                if record.stub:
                    check_stub_frame(p, record, name)
        check_bytes(p)
        check_overlap(p)
        check_live(p)
        check_tables(p.file)
        if "--exits" in options:
            check_all_returns(p)
        if "--lines" in options:
            check_lines(p)
        exits = sum(r.kind != 0 for r in p.records)
        unpopped = sum(bool(r.flags & UNPOPPED) for r in p.records)
        print(f"{p.file.arch}: {len(p.records) - exits} entries, {exits} exits ({counts['popped']} popped, "
              f"{unpopped} before the pop)")
    return finish("positions")


sys.exit(main(sys.argv[1:]))
