#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""headers.py SOURCE FOLDER COMPILER ARGS...: each header below FOLDER compiles by itself."""
import os
import subprocess
import sys

source, folder, *command = sys.argv[1:]
headers = sorted(os.path.join(f, n) for f, _, names in os.walk(os.path.join(source, folder))
                 for n in names if n.endswith(".h"))
bad = 0
for header in headers:
    # Twice: a header without a guard does not compile again.
    text = f'#include "{header}"\n#include "{header}"\n'
    run = subprocess.run(command + ["-fsyntax-only", "-I" + source, "-"], input=text, text=True,
                         capture_output=True)
    if run.returncode:
        bad += 1
        print(header + ":\n" + run.stderr[:2000])
print(f"{folder}: {len(headers)} headers, {bad} do not compile alone")
sys.exit(1 if bad or not headers else 0)
