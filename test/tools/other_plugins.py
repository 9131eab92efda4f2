#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""other_plugins.py FOLDER OWN OBJECT COMPILER ARGS...: compiles with each plugin but OWN.

Each must fail without leaving an object; one of the same family must name both versions.
"""
import glob
import os
import subprocess
import sys

folder, own, output, *command = sys.argv[1:]
family = os.path.basename(os.path.dirname(own)).split("-")[0]
failures, tried = 0, 0
for plugin in sorted(glob.glob(folder + "/*/luge.so")):
    if os.path.realpath(plugin) == os.path.realpath(own):
        continue
    tried += 1
    if os.path.exists(output):
        os.unlink(output)
    run = subprocess.run(command + ["-fplugin=" + plugin, "-o", output], capture_output=True,
                         text=True)
    name = os.path.basename(os.path.dirname(plugin))
    first = next((l for l in run.stderr.splitlines() if "luge" in l), run.stderr[:200])
    print(f"{name}: status {run.returncode}: {first}")
    wrong = []
    if run.returncode == 0:
        wrong.append("compiled")
    if run.returncode < 0 or "PLEASE submit a bug report" in run.stderr:
        wrong.append("crashed")
    if os.path.exists(output):
        wrong.append("left an object")
    if name.split("-")[0] == family and "luge: this plugin is for" not in run.stderr:
        wrong.append("did not say what the plugin is for")
    if wrong:
        failures += 1
        print("  FAILED: " + ", ".join(wrong))
if not tried:
    sys.exit("no other plugin in " + folder)
sys.exit(1 if failures else 0)
