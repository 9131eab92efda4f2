# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lua and zstd from Debian's sources: sizes, sleds that are off, every call recorded."""
import collections
import re
import struct
import subprocess

from builds import OPTIMISE, SOURCES, Program, generated, named, program_name, real_programs
from context import not_measured, values
from measure import Failure, Mode, geometric_mean, median, spread
from micro import FLOOR_MODES, floor_of, lost, run_floor

NO_SOURCES = "no sources: no network, or no apt-get here"
OFF_ROUNDS = {"lua": 200, "zstd": 100}
ON_ROUNDS = {"lua": 12, "zstd": 30}
OFF_MODES = [
    Mode("gcc, no sleds", "gcc", "gcc, no sleds"),
    Mode("**Luge**, gcc", "luge-gcc", "gcc, no sleds"),
    Mode("gcc -fpatchable-function-entry=5", "gcc-patchable", "gcc, no sleds"),
    Mode("clang 19, no sleds", "clang", "clang 19, no sleds"),
    Mode("**Luge**, clang 19", "luge-clang", "clang 19, no sleds"),
    Mode("XRay, clang 19", "clang-xray", "clang 19, no sleds"),
]
METADATA = r"luge_sites|luge_names|xray_|__patchable|__mcount_loc"
EVENT_BYTES = {"uftrace": 16, "XRay FDR": 8, "XRay basic": 32}


def words(name, rounds):
    return [SOURCES + "/bench.lua", str(rounds)] if name == "lua" else [str(rounds)]


def all_programs(context):
    return real_programs(context.builder.work + "/debsrc")


def plain_name(mode):
    return mode.name.replace("*", "")


def off(context):
    ratios = collections.defaultdict(list)
    for name, program in all_programs(context).items():
        rows = []
        if not program:
            context.table(f"Sleds compiled in and off: {name}", ["build", "CPU s"],
                          [not_measured(name, NO_SOURCES)])
            continue
        rounds = context.count(OFF_ROUNDS[name])
        results = context.interleave(OFF_MODES, lambda m: context.run(m, program, words(name, rounds)).cpu)
        for m in OFF_MODES:
            try:
                cpu, base = values(results, m.name), values(results, m.baseline)
                ratio = median(cpu) / median(base)
                ratios[m.name].append(ratio)
                paired = [a / b for a, b in zip(cpu, base)]
                rows.append([m.name, f"{median(cpu):.3f}", spread(cpu, 3), f"{ratio:.3f}", spread(paired, 3)])
            except Failure as e:
                rows.append(not_measured(m.name, e))
        context.table(f"Sleds compiled in and off: {name}",
                      ["build", "CPU s", "min..max", "ratio of medians", "ratios of neighbours"], rows)
    for m in (OFF_MODES[1], OFF_MODES[4]):
        if ratios[m.name]:
            mean = geometric_mean(ratios[m.name])
            context.promise(f"off, {' and '.join(OFF_ROUNDS)}, {plain_name(m)}", "<= 1.01 x",
                            lambda: (f"{mean:.3f} x (geometric mean)", mean <= 1.01))


# ---- Every call recorded


def calls_in(mode, run):
    """Calls that this run's trace holds, or none where it does not say."""
    m = re.search(r"([\d,]+) calls in", run.output)
    if m:
        return int(m[1].replace(",", ""))
    size = next((s for n, s in EVENT_BYTES.items() if mode.name.startswith(n)), None)
    return run.bytes / size / 2 if size else None


def on(context):
    worst = []
    for name, program in all_programs(context).items():
        title = f"Every call recorded: {name}"
        if not program:
            context.table(title, ["recorder", "calls"], [not_measured(name, NO_SOURCES)])
            continue
        rounds = context.count(ON_ROUNDS[name])
        modes = [Mode("gcc", "gcc"), Mode("clang", "clang")] + context.graph_modes() + context.entry_modes()[:1]

        def once(m):
            if m in FLOOR_MODES:
                return run_floor(context, m)
            start = context.run(m, program, words(name, 0))
            return start, context.run(m, program, words(name, rounds))

        results = context.interleave([*FLOOR_MODES, *modes], once)
        floor = floor_of(results)
        rows = [on_row(m, results, floor, worst) for m in modes[2:]]
        context.table(title, ["recorder", "calls", "CPU s", "min..max", "slowdown", "ns a call", "x floor",
                              "MB", "lost"], rows,
                      "CPU of the whole process tree, recorder included, data on disk; ns a call: what tracing adds, "
                      "less what it adds to a run that does nothing. The floor, two time stamps and two stores, is "
                      f"{floor['stamps']:.1f} ns in this run (half of it for the function tracer).")
    if worst:
        context.promise("recorded pair, programs, whole tree", "<= 1.3 x floor",
                        lambda: (f"{max(worst):.2f} x (worst of `luge record`)", max(worst) <= 1.3))


def on_row(mode, results, floor_ns, worst):
    try:
        runs, bases = values(results, mode.name), values(results, mode.baseline)
        cpu = [r.cpu for _, r in runs]
        work = median([r.cpu - s.cpu for s, r in runs])
        plain = median([r.cpu - s.cpu for s, r in bases])
        calls = calls_in(mode, runs[0][1]) or calls_in(mode, values(results, "Luge `record`, gcc")[0][1])
        added = (work - plain) * 1e9 / calls
        floor = floor_ns["stamp" if "-p function" in mode.name else "stamps"]
        if mode.name.startswith("Luge `record`,"):
            worst.append(added / floor)
        return [mode.name, f"{calls:,.0f}", f"{median(cpu):.3f}", spread(cpu, 3),
                f"{median(cpu) / median([r.cpu for _, r in bases]):.2f}", f"{added:.1f}",
                f"{added / floor:.2f}", f"{median([r.bytes for _, r in runs]) / 1e6:.1f}",
                str(max(lost(r) for _, r in runs))]
    except Failure as e:
        return not_measured(mode.name, e)


# ---- Sizes


def output_of(command):
    r = subprocess.run(command, capture_output=True, text=True)
    if r.returncode:
        raise Failure(f"{command[0]}: {r.stderr.strip()[:80]}")
    return r.stdout


def sections(files):
    """Bytes by kind over object files or one linked file."""
    total = collections.Counter()
    for line in output_of(["size", "-A", *files]).splitlines():
        f = line.split()
        if len(f) == 3 and f[1].isdigit():
            kind = ("text" if f[0].startswith(".text") else "metadata" if re.match(METADATA, f[0])
                    else "bss" if f[0].startswith(".bss") else "rest")
            total[kind] += int(f[1])
    return total


def read_records(path):
    """[(sled, function, stub)] of a linked file: sled/record.h, PC-relative fields."""
    m = re.search(r" luge_sites +PROGBITS +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)", output_of(["readelf", "-SW", path]))
    if not m:
        return []
    address, offset, size = (int(x, 16) for x in m.groups())
    with open(path, "rb") as f:
        f.seek(offset)
        data = f.read(size)
    return [tuple(address + at + 4 * i + struct.unpack_from("<i", data, at + 4 * i)[0] for i in range(3))
            for at in range(0, size, 16)]


def stub_bytes(path):
    """Stubs stand one behind the other: the smallest distance is one stub."""
    stubs = sorted(s for _, _, s in read_records(path))
    return min((b - a for a, b in zip(stubs, stubs[1:])), default=0)


def dso(context, build, program):
    """Dynamic relocations, and the linked file."""
    b = context.builder
    objects = [b.compile(build, s, program, True) for s in program.traced]
    words_, env = b.command(build, True, False)
    output = f"{b.work}/{build}/{program_name(program)}.so"
    if build.startswith("luge"):
        env["LUGE_RUNTIME"] = "none"
    b.call([*words_, OPTIMISE, "-shared", *objects, "-o", output], env, "a shared object")
    m = re.findall(r"contains (\d+) entr", output_of(["readelf", "-rW", output]))
    return sum(map(int, m)), output


def size(context):
    few = 1000
    functions = generated(context.builder.work, few).traced
    library = named(f"library-{few}", Program(functions, flags="-fPIC", level="-O1"))
    columns = ["build", "lua, text", "growth", "without stubs", f"of {few} functions: text a function",
               "read-only metadata", ".bss", "dynamic relocations"]
    rows = []
    for m in OFF_MODES:
        try:
            rows.append([m.name, *lua_sizes(context, m), *library_sizes(context, m, library, few)])
        except Failure as e:
            rows.append(not_measured(m.name, e))
    context.table("Size", columns, rows,
                  "Text of lua's object files in bytes; what grows in a shared object of small functions, in bytes a "
                  "function, and its relocations against the same compiler without sleds. Luge's stubs stand behind "
                  "the code and are not run while off.")


def lua_sizes(context, mode):
    lua = all_programs(context)["lua"]
    if not lua:
        return ["not measured (no sources)", "", ""]
    build = next(m.build for m in OFF_MODES if m.name == mode.baseline)
    text, plain = (sections(context.builder.objects(b, lua))["text"] for b in (mode.build, build))
    linked = context.builder.executable(mode.build, lua)
    hot = text - stub_bytes(linked) * len(read_records(linked))
    if mode.build.startswith("luge"):
        growth = (hot - plain) / plain * 100
        context.promise(f"growth of hot text, lua, {plain_name(mode)}", "<= 5 %",
                        lambda: (f"{growth:.1f} %", growth <= 5))
    return [str(text), f"{(text - plain) / plain * 100:+.1f} %", f"{(hot - plain) / plain * 100:+.1f} %"]


def library_sizes(context, mode, library, functions):
    build = next(m.build for m in OFF_MODES if m.name == mode.baseline)
    relocations, linked = dso(context, mode.build, library)
    plain_relocations, plain = dso(context, build, library)
    now, before = sections([linked]), sections([plain])
    metadata, bss = (now["metadata"] / functions, (now["bss"] - before["bss"]) / functions)
    extra = relocations - plain_relocations
    if mode.build.startswith("luge"):
        # Registration takes a few relocations a link unit, whatever its number of functions.
        context.promise(f"metadata, {plain_name(mode)}", "<= 16 B read-only + 16 B .bss a function, 0 relocations",
                        lambda: (f"{metadata:.1f} + {bss:.1f} B; {extra} relocations with {functions} functions",
                                 metadata <= 16 and round(bss) <= 16 and extra < 10))
    return [f"{(now['text'] - before['text']) / functions:.1f}", f"{metadata:.1f}", f"{bss:.1f}", str(extra)]
