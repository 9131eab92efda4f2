#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""summary.py FOLDER KIND...: adds up FOLDER/KIND.json of GoogleTest and lit.

The last line is `N passed, N failed, N skipped`; status 0 if and only if nothing failed. A kind
that wrote no result (it crashed, or was never run) counts as one failure.
"""
import json
import os
import sys

# A known failure counts as skipped, not as passed.
LIT = {"PASS": 0, "XFAIL": 2, "FLAKYPASS": 0, "UNSUPPORTED": 2, "SKIPPED": 2, "EXCLUDED": None}


def outcomes(path):
    """(name, 0 passed | 1 failed | 2 skipped) of each test."""
    data = json.load(open(path))
    if "testsuites" in data:  # GoogleTest
        for suite in data["testsuites"]:
            for t in suite["testsuite"]:
                skipped = t.get("result") == "SKIPPED" or t.get("status") == "NOTRUN"
                name = suite["name"] + "." + t["name"]
                yield name, 1 if t.get("failures") else 2 if skipped else 0
    else:
        for t in data["tests"]:
            yield t["name"], LIT.get(t["code"], 1)


def main(folder, kinds):
    total, failed = [0, 0, 0], []
    for kind in kinds:
        count = [0, 0, 0]
        try:
            for name, outcome in outcomes(os.path.join(folder, kind + ".json")):
                if outcome is not None:
                    count[outcome] += 1
                if outcome == 1:
                    failed.append(name)
        except (OSError, ValueError, KeyError) as e:
            count[1] += 1
            failed.append(f"{kind}: no result ({e})")
        if sum(count) == 0:
            count[1] = 1
            failed.append(f"{kind}: no tests")
        print(f"{kind:10} {count[0]:5} passed {count[1]:4} failed {count[2]:4} skipped")
        total = [a + b for a, b in zip(total, count)]
    for name in failed:
        print("FAILED", name)
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
