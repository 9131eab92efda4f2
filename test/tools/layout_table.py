#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""layout_table.py SOURCE FORMATS.MD [--write]: the table of sleds, from arch/*/layout.h."""
import os
import sys

from layout import layout_of
from page import check_or_write


def reach(bytes_):
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if bytes_ >= unit:
            return f"{bytes_ // unit} {name}"
    return str(bytes_)


def row(l):
    switched = f"{l.toggle_byte} byte" + ("s" if l.toggle_byte > 1 else "")
    return [f"`{l.name}`", "big" if l.big_endian else "little", str(l.pointer_size),
            str(l.landing_pad or "-"), str(l.toggle_size), switched if l.has_toggle else f"{l.patch_word}-byte word",
            str(l.nop_unit), str(l.default_nops), "±" + reach(-l.reach_min),
            f"{l.stub_slot_ref:+} (<< {l.stub_slot_shift}, {l.stub_slot_bias:+})", f"{l.stub_body_entry:+}"]


def table(source):
    head = ["arch", "byte order", "pointer", "landing pad", "toggle sled", "switched by", "N counts", "default N",
            "branch", "slot at stub", "second entry"]
    rows = [head, ["---"] * len(head)]
    folder = os.path.join(source, "arch")
    for name in sorted(os.listdir(folder)):
        if os.path.exists(os.path.join(folder, name, "sled_text.cpp")):
            rows.append(row(layout_of(name)))
    return "".join("| " + " | ".join(r) + " |\n" for r in rows)


check_or_write(sys.argv[2], "layouts", table(sys.argv[1]), "--write" in sys.argv, "arch/*/layout.h")
