#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""api_doc.py SOURCE: docs/api.md and docs/guarantees.md name each function of the public headers, no function
that is not there, and tests that exist.
"""
import glob
import os
import re
import sys

source = sys.argv[1]


def read(path):
    with open(os.path.join(source, path), encoding="utf-8") as f:
        return f.read()


declared = set()
for header in glob.glob(os.path.join(source, "runtime/include/luge/*.h")):
    text = re.sub(r"/\*.*?\*/", "", read(header), flags=re.S)
    text = re.sub(r"^\s*#(.|\\\n)*?$", "", text, flags=re.M)
    declared |= set(re.findall(r"\b([a-z]\w+)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*[;{]", text))
declared -= {"static_assert"}
problems, documents = [], ("docs/api.md", "docs/guarantees.md")
api = read("docs/api.md")
named = set(re.findall(r"\b(\w+)\b", api))
for name in sorted(declared):
    # `a`, `_b` in a row stands for what a and its prefix make
    short = any(f"`_{tail}`" in api and name.endswith("_" + tail) for tail in
                ("notrace", "stack_pointer", "frame_pointer", "return_address", "unlock"))
    if name not in named and not short:
        problems.append(f"docs/api.md does not name {name}()")
for name in set(re.findall(r"\bluge_\w+", api)) - declared - {"luge_internal", "luge_sites"}:
    problems.append(f"docs/api.md names {name}, which no header has")
for document in documents:
    if os.path.exists(os.path.join(source, document)):
        text = read(document)
        tests = set(re.findall(r"\b((?:run|torture|abi|unit|link|record|sled)/[\w.-]+)", text))
        for test in sorted(tests):
            if not glob.glob(os.path.join(source, "test", test)):
                problems.append(f"{document} names test/{test}, which is not there")
        if not tests:
            problems.append(f"{document} names no test")
print(f"{len(declared)} functions, {len(problems)} problems")
print("\n".join(problems))
sys.exit(1 if problems or len(declared) < 40 else 0)
