#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""same_names.py SITES NAMES: every function of `sites.py FILE` has one entry in `sites.py --names
FILE`, under one of its own names, and there are no others."""
import sys

sites = sorted(line.split(" ", 1)[0] for line in open(sys.argv[1]))
names = sorted(line.split(" = ")[0] for line in open(sys.argv[2]))
if sites != names or not sites:
    sys.exit(f"only in sites: {sorted(set(sites) - set(names))}\n"
             f"only in names: {sorted(set(names) - set(sites))}\n"
             f"{len(sites)} sites, {len(names)} names")
