# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast a recorded trace is read: the whole report, nothing shown of it."""
import glob
import os
import shutil

import measure
from builds import MICRO
from context import not_measured, values
from measure import Failure, Mode, median, spread

EVENTS = 10_000_000


def record(context, mode, folder):
    command = [*mode.wrapper, context.builder.executable(mode.build, MICRO), "chain", str(context.count(EVENTS) // 2)]
    return measure.run(command, folder, mode.env)


def report(context):
    tools = {
        "`luge report`": (Mode("luge", "luge-gcc", wrapper=context.luge_record()),
                          lambda f: [context.builder.luge + "/bin/luge", "report", f + "/trace.luge"]),
        "`uftrace report`": (Mode("uftrace", "gcc-patchable", wrapper=context.uftrace("-P", ".")),
                             lambda f: ["uftrace", "report", "--no-pager", "-d", f + "/trace"]),
    }
    traces, commands = {}, {}
    for name, (mode, command) in tools.items():
        folder = f"{context.folder}-{mode.name}"
        try:
            traces[name] = record(context, mode, folder)
            commands[name] = command(folder)
        except (Failure, OSError) as e:
            traces[name] = Failure(str(e))
    modes = [Mode(n, "") for n in commands]
    results = context.interleave(modes, lambda m: measure.run(commands[m.name], context.folder))
    rows = []
    for name in tools:
        try:
            rows.append(row(context, name, values(traces, name), values(results, name)))
        except (Failure, KeyError) as e:
            rows.append(not_measured(name, e))
    context.table(f"A report of {context.count(EVENTS):,} events",
                  ["tool", "trace, MB", "CPU s", "min..max", "wall s", "M events a CPU second", "peak RSS, MB"], rows)
    for left in glob.glob(context.folder + "-*"):
        shutil.rmtree(left) if os.path.isdir(left) else os.remove(left)


def row(context, name, trace, runs):
    cpu, events = [r.cpu for r in runs], context.count(EVENTS)
    rss = max(r.rss_mb for r in runs)
    if "luge" in name:
        context.promise(f"report of {events:,} events", "<= 0.5 s, <= 64 MB",
                        lambda: (f"{median(cpu):.2f} s, {rss:.0f} MB", median(cpu) <= 0.5 and rss <= 64))
    return [name, f"{trace.bytes / 1e6:.0f}", f"{median(cpu):.2f}", spread(cpu, 2),
            f"{median([r.wall for r in runs]):.2f}", f"{events / 1e6 / median(cpu):.1f}", f"{rss:.0f}"]

