#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""corrupt.py FILE: shows that positions.py can fail.

Makes one mistake at a time in a copy of a linked program, of any architecture, compiled with exits=on, and
expects positions.py to name it. FILE itself must be right. Arguments that follow go to positions.py.
"""
import os
import struct
import subprocess
import sys

import elf as E
from layout import layout_of
from records import function_names, records, relative

path, *arguments = sys.argv[1:]
file = E.Elf(path)
layout = layout_of(file.arch)
here = os.path.dirname(os.path.abspath(__file__))
entries = [r for r in records(file) if r.kind == 0 and r.stub and function_names(file).get(r.function.key())]
returns = [r for r in records(file) if r.kind == 1 and r.stub]
data = bytearray()


def offset_of(place):
    return place.section.offset + place.offset


def add(place, n):
    """To the int32 there."""
    at = offset_of(place)
    value = struct.unpack_from(file.order + "i", data, at)[0]
    struct.pack_into(file.order + "i", data, at, value + n)


def switched_on():
    data[offset_of(entries[1].sled) + 0] ^= 0x5a


def sled_behind():
    add(entries[1].at, layout.toggle_size)


def other_function():
    add(entries[1].at.plus(4), layout.sled_align * 4)


def missing():
    """The record of the function once more in place of another's."""
    for field in (0, 4, 8):
        have = relative(entries[2].at.plus(field)).address()
        want = relative(entries[1].at.plus(field)).address()
        add(entries[2].at.plus(field), want - have)


def shared_slot():
    def slot(stub):
        return relative(stub.plus(layout.stub_slot_ref), layout.stub_slot_bias, layout.stub_slot_shift).address()

    difference = slot(entries[2].stub) - slot(entries[1].stub)
    add(entries[1].stub.plus(layout.stub_slot_ref), difference >> layout.stub_slot_shift)


def other_body():
    add(entries[1].at.plus(8), entries[2].stub.address() - entries[1].stub.address())


def exit_moved():
    """The exit's record names the sled of the entry."""
    add(returns[0].at, entries[1].sled.address() - returns[0].sled.address())


def exit_kind():
    data[offset_of(returns[0].at) + 12] = 3


def frame_behind():
    """The FDE of a function begins behind its address."""
    function = entries[1].function.address()
    for name in (".eh_frame", ".debug_frame"):
        for s in file.named(name):
            for at in range(s.offset, s.offset + s.size - 7, 4):
                for form in "iq":  # relative, 4 or (LLVM's s390x) 8 bytes
                    value, = struct.unpack_from(file.order + form, data, at)
                    if name == ".debug_frame" and form == "i" and value == function:  # absolute
                        return struct.pack_into(file.order + form, data, at, value + layout.sled_align * 4)
                    if s.addr + at - s.offset + value == function:
                        return struct.pack_into(file.order + form, data, at, value + layout.sled_align * 4)


def writable():
    table = file.named("luge_sites")[0].addr
    for i, s in enumerate(file.segments):
        if s.type == E.PT_LOAD and s.addr <= table < s.addr + s.size:
            wide = file.bits == 64
            first, = file.unpack("Q" if wide else "I", 32 if wide else 28)
            data[first + i * (56 if wide else 32) + (4 if wide else 24) + (3 if file.order == ">" else 0)] |= E.PF_W


MISTAKES = {
    switched_on: "is not off",
    sled_behind: "stub that returns to",
    other_function: "no function",
    missing: "shares its sled with",
    shared_slot: "shares its slot with",
    other_body: "stub that returns to",
    exit_moved: "has behind its sled",
    exit_kind: "has behind its sled",
    frame_behind: "no FDE that begins at its address",
    writable: "is in a writable segment",
}


def complaints(of):
    run = subprocess.run([sys.executable, os.path.join(here, "positions.py"), *arguments, of],
                         capture_output=True, text=True)
    return run.returncode, run.stderr


failed = 0
status, text = complaints(path)
if status:
    sys.exit(f"corrupt.py: {path} is not right to begin with:\n{text}")
for mistake, want in MISTAKES.items():
    if mistake is frame_behind and "--no-frames" in arguments:
        continue
    data[:] = file.data
    mistake()
    copy = path + "." + mistake.__name__
    with open(copy, "wb") as f:
        f.write(data)
    status, text = complaints(copy)
    seen = status == 1 and want in text
    failed += not seen
    print("seen" if seen else f"NOT SEEN ({status}, {text[:300]})", mistake.__name__)
    os.unlink(copy)
sys.exit(1 if failed else 0)
