# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The layouts of arch/*/layout.h, and the off state of their sleds, as the product computes them.

Nothing is retyped here: build/test/layout-NAME (layout.cpp) prints them. The build folder is
$LUGE_BUILD, or build/ of this checkout.
"""
import json
import os
import subprocess
from types import SimpleNamespace

BUILD = os.environ.get("LUGE_BUILD") or os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                     "../../build")


def program(name):
    path = os.path.join(BUILD, "test", "layout-" + name)
    if not os.path.exists(path):
        raise SystemExit(f"layout.py: {path} is not there: `ninja layout-{name}`, or set LUGE_BUILD")
    return path


def layout_of(name):
    text = subprocess.run([program(name)], capture_output=True, text=True, check=True).stdout
    return SimpleNamespace(**json.loads(text))


def off_states(name, sleds):
    """Of (is toggle, sled's address, stub's address): the bytes; None where the stub is out of reach."""
    text = "".join("%d %d %d\n" % s for s in sleds)
    run = subprocess.run([program(name), "off"], input=text, capture_output=True, text=True, check=True)
    return [None if line == "-" else bytes.fromhex(line) for line in run.stdout.split()]
