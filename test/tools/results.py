# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What lit wrote of suites that have a compiler: `sled [clang-19] :: nop.c`, `link [gcc-12 gold] ::
lto.test`, `arch [gcc-12 aarch64] :: entry.c`. A suite that names no target is x86_64's."""
import collections
import glob
import json
import os
import re

# In the order of all tables. The triplet is that of Debian's cross compiler and C library.
TRIPLETS = {
    "x86_64": "x86_64-linux-gnu", "i386": "i686-linux-gnu", "aarch64": "aarch64-linux-gnu",
    "arm": "arm-linux-gnueabihf", "ppc64le": "powerpc64le-linux-gnu", "ppc64": "powerpc64-linux-gnu",
    "mips64el": "mips64el-linux-gnuabi64", "mipsel": "mipsel-linux-gnu", "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu", "loongarch64": "loongarch64-linux-gnu",
}
TARGETS = list(TRIPLETS)
COMPILERS = ["gcc-11", "gcc-12", "gcc-13", "gcc-14", "gcc-15", "gcc-16",
             "clang-14", "clang-16", "clang-19", "clang-22"]
NAME = re.compile(r"^(\w+) \[([a-z]+-\d+)((?: \S+)*)\] :: (.*)$")

# test: its file below test/, "sled/nop.c"
Result = collections.namedtuple("Result", "suite compiler target linker test code")


def read(folders):
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
            with open(path, encoding="utf-8") as f:
                tests = json.load(f).get("tests")
            if not isinstance(tests, list):  # GoogleTest's file: their number; missing.json
                continue
            for t in tests:
                m = NAME.match(t["name"])
                if m:
                    words = m.group(3).split()
                    target = next((w for w in words if w in TARGETS), "x86_64")
                    linker = next((w for w in words if w not in TARGETS), "")
                    yield Result(m.group(1), m.group(2), target, linker,
                                 m.group(1) + "/" + m.group(4), t["code"])


def read_missing(folders):
    """{(compiler, target, feature or ""): why it is not there}, as tools/missing.py wrote it into FOLDER."""
    found = {}
    for path in (os.path.join(folder, "missing.json") for folder in folders):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                for key, text in json.load(f).items():
                    found[tuple((key.split() + [""])[:3])] = text
    return found


def in_order(compilers):
    """gcc 9 before gcc 10."""
    return sorted(compilers, key=lambda c: (c.split("-")[0], int(c.split("-")[1])))
