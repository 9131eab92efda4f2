#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""same_names.py A B: both files name the same functions, each as often.

A file is the output of sites.py (with --live, --names or neither) or of `luge list --mangled`.
Constructors and destructors that are one function (C1 and C2) count as the same name.
"""
import re
import sys


def names(path):
    out = []
    for line in open(path):
        words = line.split()
        if words and not line.startswith("#") and words[0] != "ADDRESS":
            # luge list: the function is the last column, the address the first
            name = words[-1] if re.match(r"  [0-9a-f]{8}", line) else words[0]
            out.append(re.sub(r"([CD])[12](I.*E)?E", r"\1-\2E", name))
    return sorted(out)


a, b = names(sys.argv[1]), names(sys.argv[2])
if a != b or not a:
    sys.exit(f"only in the first: {sorted(set(a) - set(b))}\nonly in the second: "
             f"{sorted(set(b) - set(a))}\n{len(a)} and {len(b)} names")
