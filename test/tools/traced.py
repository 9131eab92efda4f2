#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""traced.py LUGE FOLDER PROGRAM...: runs each test program of FOLDER with every function traced.

The program must pass, as it does untraced, and the trace must be whole (balanced.py).
"""
import os
import subprocess
import sys

luge, folder, *programs = sys.argv[1:]
folder = os.path.abspath(folder)
here = os.path.dirname(os.path.abspath(__file__))
failed = 0
for program in programs:
    path, trace = os.path.join(folder, program), os.path.join(folder, program + ".luge")
    plain = subprocess.run([path], capture_output=True, text=True, cwd=folder)
    traced = subprocess.run([luge, "record", "--force", "-o", trace, "--", path],
                            capture_output=True, text=True, cwd=folder)
    problem = ""
    if plain.returncode or traced.returncode:
        problem = f"status {plain.returncode} untraced, {traced.returncode} traced"
        problem += "\n" + traced.stdout[-1500:] + traced.stderr[-1500:]
    else:
        dump = subprocess.Popen([luge, "dump", "--raw", trace], stdout=subprocess.PIPE)
        check = subprocess.run([sys.executable, os.path.join(here, "balanced.py")],
                               stdin=dump.stdout, capture_output=True, text=True)
        if dump.wait() or check.returncode:
            problem = check.stdout + check.stderr
    summary = (traced.stderr.strip().splitlines() or [""])[-1]
    print(f"{'FAILED' if problem else 'ok':6} {program}: {summary}\n{problem}".rstrip())
    failed += bool(problem)
    if os.path.exists(trace):
        os.unlink(trace)
sys.exit(1 if failed else 0)
