#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""exports.py LIBRARY.so HEADER...: what libluge shows to the programs that it is linked into.

Exactly the functions that the headers declare are exported, nothing of libstdc++ is wanted, the C
library is the only one needed, and no text is relocated.
"""
import re
import sys

import elf as E

library, *headers = sys.argv[1:]
file = E.Elf(library)
declared = set()
for header in headers:
    text = re.sub(r"/\*.*?\*/", "", open(header).read(), flags=re.S)
    text = re.sub(r"//.*|^\s*#(.|\\\n)*$", "", text, flags=re.M)
    text = re.sub(r"static inline[^;{]*\{.*?\n\}", "", text, flags=re.S)
    declared |= set(re.findall(r"\b(\w+)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*;", text))
declared.discard("static_assert")
symbols = file.read_symbols(E.SHT_DYNSYM)
exported = {s.name for s in symbols if s.section and s.bind in (1, 2)}
wanted = {s.name for s in symbols if not s.section and s.bind == 1}  # weak ones may be absent
needed = [value for tag, value in file.dynamic() if tag == E.DT_NEEDED]
problems = []
if exported - declared:
    problems.append(f"exported, but not in a header: {sorted(exported - declared)}")
if declared - exported:
    problems.append(f"declared, but not exported: {sorted(declared - exported)}")
wanted.discard("__cxa_atexit")  # the C library's, as atexit()
foreign = sorted(n for n in wanted if n.startswith(("_Z", "__cxa", "__gxx", "_Unwind")))
if foreign:
    problems.append(f"wanted of a C++ library: {foreign}")
if not set(needed) <= {"libc.so.6", "ld-linux-x86-64.so.2"}:
    problems.append(f"needs {needed}")
if file.has_text_relocations():
    problems.append("relocates text")
print(f"{library}: exports {len(exported)}, needs {needed}")
print("\n".join(problems))
sys.exit(1 if problems or not exported else 0)
