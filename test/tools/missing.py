#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""missing.py OUTPUT COMPILER...: why a compiler cannot be tested for a target on this machine.

OUTPUT (results/missing.json) has what was found by asking: apt whether the distribution has a package that is not
installed, clang whether it has a back end. What could be installed is not in it.

    {"gcc-11 riscv64": "Debian 12 has no package gcc-11-riscv64-linux-gnu",
     "clang-19 loongarch64 runs": "Debian 12 has no package g++-12-loongarch64-linux-gnu: no linker, no C library"}

A third word is what `REQUIRES:` of tests says: only they cannot run. matrix.py reads it.
"""
import json
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
import results

FRONT_ENDS = {"gfortran": "gfortran", "gnatmake": "gnat", "gdc": "gdc", "gccgo": "gccgo"}


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})


def release():
    """As its name and number are said: Debian 12, Debian forky."""
    fields = {}
    with open("/etc/os-release", encoding="utf-8") as f:
        for line in f:
            key, _, value = line.strip().partition("=")
            fields[key] = value.strip('"')
    return f"{fields['ID'].capitalize()} {fields.get('VERSION_ID') or fields.get('VERSION_CODENAME')}"


def installable(packages):
    """Those that apt has a candidate for; None where there is no apt, or its lists are empty."""
    if not shutil.which("apt-cache"):
        return None
    known, name = set(), None
    for line in said("apt-cache", "policy", "gcc", *packages).stdout.splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
        elif line.split()[0] == "Candidate:" and "(none)" not in line:
            known.add(name)
    return known if "gcc" in known else None


def wants(compiler, target):
    """(feature of tests, program, packages that bring it)..., the compiler itself first."""
    family, version = compiler.split("-")
    triplet = results.TRIPLETS[target]
    native = target == "x86_64"
    at = "" if native else "-" + triplet  # in names of packages
    before = "" if native else triplet + "-"  # in names of programs
    gcc = compiler if family == "gcc" else "gcc-12"
    cxx = gcc.replace("gcc", "g++")
    if family == "gcc":
        yield "", before + gcc, [gcc + at, f"gcc-{version}-plugin-dev" + at]
        for feature, package in FRONT_ENDS.items():
            yield feature, f"{before}{feature}-{version}", [f"{package}-{version}{at}"]
    else:
        yield "", compiler, [compiler]
    if not native:
        yield "runs", before + cxx, [cxx + at]


def no_back_end(compiler, target):
    path = shutil.which(compiler)
    if path and compiler.startswith("clang"):
        error = said(path, "--target=" + results.TRIPLETS[target], "-fsyntax-only", "-x", "c", os.devnull)
        return error.returncode != 0 and "unknown target" in error.stderr
    return False


def reasons(compilers):
    pairs = [(c, t) for c in compilers for t in results.TARGETS]
    known = installable({p for c, t in pairs for _, _, packages in wants(c, t) for p in packages})
    for compiler, target in pairs:
        if no_back_end(compiler, target):
            yield compiler, target, "", f"{compiler.replace('-', ' ')} has no back end for {target}"
            continue
        for feature, program, packages in wants(compiler, target):
            missing = [p for p in packages if known is not None and p not in known]
            if missing and not shutil.which(program):
                why = ": no linker, no C library" if feature == "runs" else ""
                yield compiler, target, feature, f"{release()} has no package {missing[0]}{why}"
                if not feature:
                    break


def main(output, *compilers):
    found = {" ".join(filter(None, [c, t, feature])): text for c, t, feature, text in reasons(compilers)}
    with open(output, "w", encoding="utf-8") as f:
        json.dump(found, f, indent=1)
        f.write("\n")


main(*sys.argv[1:])
