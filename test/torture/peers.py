#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What recording does to a program, tool by tool: peers.py BUILD [--tools NAMES] [--write FILE] [--work FOLDER]

Builds Inputs/recorded.cpp for each tool, runs every case untraced and traced, and says
  ok              same output, same end, and the trace holds each call of leaf() once
  N of M          another number of calls in the trace
  crash (how), hang, changes output, no trace
Exit status 1 if a case of Luge is not ok. --write FILE puts the table between the markers in FILE.
A tool that is not installed is left out. Nothing is run in parallel.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
LIMIT = 60  # seconds; the slowest case takes a few
CASES = re.findall(r'^CASE\("(.*?)"', open(os.path.join(HERE, "recorded.def")).read(), re.M)


def run(command, env=None, cwd=None, limit=LIMIT):
    """(status or None for a hang, output, errors)"""
    process = subprocess.Popen(command, env={**os.environ, **(env or {})}, cwd=cwd, text=True, errors="replace",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=limit)
        return process.returncode, out, err
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        return None, "", ""


class Tool:
    """One tool: how to compile for it, to run under it, and to count leaf() in what it wrote."""
    name, compiler, flags, needs = "untraced", ("gcc-12", "g++-12"), [], []
    env = {}  # of the compiler

    def __init__(self, build, work):
        self.build, self.work = build, os.path.join(work, re.sub(r"\W+", "-", self.name))
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)

    def there(self):
        return all(shutil.which(t) for t in [*self.compiler, *self.needs])

    def compile(self):
        for cc, source, out, more in ((self.compiler[1], "recorded.cpp", "program", ["-std=c++17", "-pthread", "-ldl"]),
                                      (self.compiler[0], "recorded_object.c", "object.so", ["-shared", "-fPIC"])):
            status, _, err = run([cc, "-O2", "-g", "-w", *self.flags, os.path.join(HERE, source), "-o", out, *more],
                                 self.env, self.work)
            if status != 0:
                return err
        return None

    def command(self, case):
        return ["./program", case, "./object.so"]

    def record(self, case):
        return run(self.command(case), cwd=self.work)

    def count(self, case):
        return None


class Luge(Tool):
    def __init__(self, build, work):
        super().__init__(build, work)
        folder = os.path.join(build, "bin")
        self.env = {"LUGE_CC": self.real[0], "LUGE_CXX": self.real[1]}
        self.compiler = (os.path.join(folder, "luge-cc"), os.path.join(folder, "luge-c++"))
        self.luge = os.path.join(folder, "luge")

    def record(self, case):
        return run([self.luge, "record", "-q", "--force", "-o", case + ".luge", "--", *self.command(case)], cwd=self.work)

    def count(self, case):
        status, out, _ = run([self.luge, "report", "--stable", case + ".luge"], cwd=self.work)
        found = re.search(r"([\d,]+) +\S+ \S+ +\S+ \S+ +\S+ \S+ +leaf\b", out)
        return int(found[1].replace(",", "")) if status == 0 and found else None


class LugeGcc(Luge):
    name, real = "Luge (gcc 12)", ("gcc-12", "g++-12")


class LugeClang(Luge):
    name, real = "Luge (clang 22)", ("clang-22", "clang++-22")


class Uftrace(Tool):
    needs = ["uftrace"]

    def record(self, case):
        shutil.rmtree(os.path.join(self.work, case), ignore_errors=True)
        return run(["uftrace", "record", "--no-libcall", "--max-stack=65535", "--depth=65535", "-d", case, *self.command(case)], cwd=self.work)

    def count(self, case):
        status, out, _ = run(["uftrace", "dump", "-d", case], cwd=self.work)
        return len(re.findall(r"\[entry\] leaf\(", out)) if out else None


class UftracePg(Uftrace):
    name, flags = "uftrace (gcc -pg)", ["-pg"]


class UftraceCyg(Uftrace):
    name, flags = "uftrace (gcc -finstrument-functions)", ["-finstrument-functions"]


class XRay(Tool):
    name, compiler = "XRay (clang 22)", ("clang-22", "clang++-22")
    flags = ["-fxray-instrument", "-fxray-instruction-threshold=1", "-fxray-shared", "-rdynamic"]
    needs = ["llvm-xray-22"]

    def record(self, case):
        shutil.rmtree(os.path.join(self.work, case), ignore_errors=True)
        os.makedirs(os.path.join(self.work, case))
        return run(self.command(case), {"XRAY_OPTIONS": "patch_premain=true xray_mode=xray-basic xray_logfile_base=%s/log." % case,
                                         "XRAY_BASIC_OPTIONS": "func_duration_threshold_us=0 max_stack_depth=65536"}, self.work)

    def count(self, case):
        calls = None
        folder = os.path.join(self.work, case)
        for log in sorted(os.listdir(folder)):
            status, out, _ = run(["llvm-xray-22", "convert", "-symbolize", "-instr_map=program", "-f", "yaml",
                                  os.path.join(folder, log)], cwd=self.work)
            if status == 0:
                calls = (calls or 0) + len(re.findall(r"function: '?leaf'?,.*kind: function-enter\b", out))
        return calls


TOOLS = {"luge-gcc": LugeGcc, "luge-clang": LugeClang, "uftrace-pg": UftracePg, "uftrace-cyg": UftraceCyg, "xray": XRay}


def ended(status):
    return "hang" if status is None else "signal %d" % (status - 128) if status > 128 else \
        "signal %d" % -status if status < 0 else "status %d" % status


def same_end(status, expected, traced):
    """luge and uftrace pass a signal on as 128 + n."""
    normal = lambda s: s - 128 if s is not None and s > 128 else -s if s is not None and s < 0 else s
    return normal(status) == normal(expected) or (traced and status == expected)


def verdict(tool, case, untraced):
    status, out, err = tool.record(case)
    if status is None:
        return "hang"
    expected_status, expected_out, _ = untraced
    made = sum(int(n) for n in re.findall(r"^calls (\d+)$", out, re.M))
    text = lambda o: [l for l in o.splitlines() if re.match(r"calls |wrong", l)]
    same = [re.sub(r"\d+", "", l) for l in text(out)] == [re.sub(r"\d+", "", l) for l in text(expected_out)]
    # uftrace reports a child that died of a signal by its own status
    if not same_end(status, expected_status, True) and not (isinstance(tool, Uftrace) and expected_status < 0 and same):
        return "crash (%s)" % ended(status)
    if not same:
        return "changes output"
    calls = tool.count(case)
    if calls is None:
        return "no trace"
    return "ok" if calls == made else "%d of %d" % (calls, made)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--write")
    parser.add_argument("--work", default="/tmp/luge-peers")
    options = parser.parse_args()
    plain = Tool(os.path.abspath(options.build), options.work)
    error = plain.compile()
    if error:
        sys.exit(error)
    tools, bad = [], False
    for name in options.tools.split(","):
        tool = TOOLS[name](plain.build, options.work)
        error = tool.compile() if tool.there() else "not installed"
        if error:
            print("%s: left out: %s" % (tool.name, error))
            bad |= isinstance(tool, Luge)
        else:
            tools.append(tool)
    rows = [["case"] + [t.name for t in tools]]
    for case in options.cases.split(","):
        untraced = plain.record(case)
        rows.append([case] + [verdict(t, case, untraced) for t in tools])
        bad |= any(isinstance(t, Luge) and v != "ok" for t, v in zip(tools, rows[-1][1:]))
        print(" | ".join(rows[-1]), flush=True)
    rows.insert(1, ["---"] * len(rows[0]))
    table = "".join("| " + " | ".join(r) + " |\n" for r in rows)
    if options.write:
        with open(options.write) as f:
            before, rest = f.read().split("<!-- peers: begin -->\n")
        after = rest.split("<!-- peers: end -->")[1]
        with open(options.write, "w") as f:
            f.write(before + "<!-- peers: begin -->\n" + table + "<!-- peers: end -->" + after)
    return bad


if __name__ == "__main__":
    sys.exit(main())
