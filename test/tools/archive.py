#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""archive.py NM LIBRARY.a: what the static libluge adds to a program's name space.

Global names are luge_*, the kernel's ftrace_*, fprobe_* and the like, or lie in namespace luge;
undefined ones are its own or the C library's, none of libstdc++.
"""
import re
import subprocess
import sys

nm, library = sys.argv[1:]
OWN = re.compile(r"(luge_\w+|tracing_(on|off|is_on|snapshot)|f(trace|graph|probe)_\w+|(un)?register_(ftrace_\w+|fprobe\w*)|modify_ftrace_direct|_ZN?K?V?4luge.*|_ZZ?N?K?4luge.*"
                 r"|DW\.ref\.luge_\w+)$")
defined, undefined = set(), set()
for line in subprocess.run([nm, "-g", library], capture_output=True, text=True,
                           check=True).stdout.splitlines():
    words = line.split()
    if len(words) == 2 and words[0] == "U":  # weak ones may be absent
        undefined.add(words[1])
    elif len(words) == 3:
        defined.add(words[2])
strange = sorted(n for n in defined if not OWN.match(n))
foreign = sorted(n for n in undefined - defined
                 if n.startswith("_Z") or n.startswith("__cxa") or n.startswith("__gxx"))
print(f"{library}: {len(defined)} global names, {len(undefined - defined)} wanted")
if strange:
    print("names outside of its own:", strange)
if foreign:
    print("wanted of a C++ library:", foreign)
sys.exit(1 if strange or foreign or not defined else 0)
