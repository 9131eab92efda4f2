# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the sections share: the modes of recording, the readings so far, the Markdown that comes of it."""
import os
import shutil

import measure
from measure import Failure, Mode

XRAY_ALL = (("BENCH_XRAY_OPTIONS", "func_duration_threshold_us=0:buffer_size=1048576:buffer_max=1024"),)
XRAY_BASIC = (("BENCH_XRAY_OPTIONS", "func_duration_threshold_us=0"),)


class Context:
    def __init__(self, builder, repetitions, divisor):
        self.builder = builder
        self.repetitions = repetitions
        self.divisor = divisor  # of the counts: quick and smoke runs
        self.folder = f"{builder.work}/run{os.getpid()}"
        self.lines = []
        self.promises = {}  # what -> (promised, measured, kept)

    def count(self, n):
        return max(1, n // self.divisor)

    def say(self, text=""):
        self.lines.append(text)
        print(text, flush=True)

    def table(self, title, columns, rows, note=""):
        """rows: lists of cells; a row of two cells ends in a reason."""
        self.say(f"\n### {title}\n")
        if note:
            self.say(note + "\n")
        self.say("| " + " | ".join(columns) + " |")
        self.say("|---|" + "---:|" * (len(columns) - 1))
        for row in rows:
            self.say("| " + " | ".join(row + [""] * (len(columns) - len(row))) + " |")

    def promise(self, what, promised, read):
        """read() gives the text of the reading and whether the promise was kept."""
        try:
            self.promises[what] = (promised, *read())
        except Failure as e:
            self.promises[what] = (promised, f"not measured ({e})", None)

    def run(self, mode, program, arguments, **options):
        if mode.wrapper and not shutil.which(mode.wrapper[0]):
            raise Failure(f"no {os.path.basename(mode.wrapper[0])} here")
        command = [*mode.wrapper, self.builder.executable(mode.build, program), *arguments]
        return measure.run(command, self.folder, mode.env, **options)

    def interleave(self, modes, once, repetitions=None):
        return measure.interleave(modes, once, repetitions or self.repetitions)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if os.path.exists(self.folder + ".log"):
            os.remove(self.folder + ".log")

    # ---- Modes

    def luge_record(self, *options):
        return (self.builder.luge + "/bin/luge", "record", *options, "-o", "{dir}/trace.luge", "--")

    def uftrace(self, *options):
        return ("uftrace", "record", "--no-event", "--no-libcall", "-d", "{dir}/trace", *options)

    def graph_modes(self):
        """Recorders of entries and exits, each with what its calls are compared with."""
        flight = (("LUGE_FILE", "{dir}/session"), ("LUGE_TRACER", "function_graph"))
        return [
            Mode("Luge `record`, gcc", "luge-gcc", "gcc", self.luge_record()),
            Mode("Luge `record`, clang 19", "luge-clang", "clang", self.luge_record()),
            Mode("Luge flight recorder, gcc", "luge-gcc", "gcc", env=flight),
            Mode("uftrace, gcc -pg", "gcc-pg", "gcc", self.uftrace()),
            Mode("uftrace -P ., gcc patchable", "gcc-patchable", "gcc", self.uftrace("-P", ".")),
            Mode("XRay FDR, clang 19", "clang-xray", "clang", env=(("BENCH_XRAY", "fdr"), *XRAY_ALL)),
            Mode("XRay basic, clang 19", "clang-xray", "clang", env=(("BENCH_XRAY", "basic"), *XRAY_BASIC)),
        ]

    def entry_modes(self):
        flight = (("LUGE_FILE", "{dir}/session"), ("LUGE_TRACER", "function"))
        return [
            Mode("Luge `record -p function`, gcc", "luge-gcc", "gcc", self.luge_record("-p", "function")),
            Mode("Luge flight recorder, function, gcc", "luge-gcc", "gcc", env=flight),
        ]


def not_measured(name, reason):
    return [name, f"not measured ({reason})"]


def values(results, name):
    """The runs of a mode; raises its Failure."""
    if isinstance(results[name], Failure):
        raise results[name]
    return results[name]
