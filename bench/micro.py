# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Single calls: the floor, sleds that are off, and recorded calls next to the floor."""
from builds import FLOOR, MICRO
from context import not_measured, values
from measure import Failure, Mode, median, spread

FLOOR_ROWS = {
    "call": "call and return of an empty function",
    "rdtsc": "one time stamp (`rdtsc`)",
    "stamp": "one time stamp and one 8-byte store",
    "stamps": "**floor of a pair**: two time stamps and two 8-byte stores",
    "event": "one event in C: call, per-thread cursor, bound check, time stamp, 8 bytes",
    "pair": "a pair of such events",
}
FLOOR_COUNT = 4_000_000
OFF_COUNTS = {"leaf": 60_000_000, "five": 40_000_000, "doubles": 25_000_000, "chain": 60_000_000, "fib": 34}
ON_COUNTS = {"leaf": 4_000_000, "doubles": 1_000_000, "chain": 1_000_000, "fib": 27}
# Taken in turn with the modes of every table that names a floor.
FLOOR_MODES = tuple(Mode(op, "gcc") for op in ("call", "stamp", "stamps"))


def run_floor(context, mode):
    return context.run(mode, FLOOR, [mode.name, str(context.count(FLOOR_COUNT))])


def floor_of(results):
    """ns of each operation; nan where the floor could not be measured."""
    return {m.name: float("nan") if isinstance(results[m.name], Failure) else
            median([r.value("ns") for r in results[m.name]]) for m in FLOOR_MODES}


def arguments(context, workload, counts):
    n = counts[workload]
    if workload == "fib":  # 1.618 to the n-th calls
        while context.divisor > 1 and n > 12 and 1.618 ** (counts[workload] - n) < context.divisor:
            n -= 1
        return [workload, str(n)]
    return [workload, str(context.count(n))]


def floor(context):
    modes = [Mode(op, "gcc") for op in FLOOR_ROWS]
    results = context.interleave(modes, lambda m: run_floor(context, m).value("ns"))
    rows = []
    for op, text in FLOOR_ROWS.items():
        try:
            ns = values(results, op)
            rows.append([text, f"{median(ns):.2f}", spread(ns, 2)])
        except Failure as e:
            rows.append(not_measured(text, e))
    context.table("The floor of this machine", ["operation", "ns", "min..max"], rows)


def off(context):
    modes = [
        Mode("gcc, no sleds", "gcc", "gcc, no sleds"),
        Mode("**Luge**, gcc", "luge-gcc", "gcc, no sleds"),
        Mode("gcc -fpatchable-function-entry=5", "gcc-patchable", "gcc, no sleds"),
        Mode("gcc -no-pie, no sleds", "gcc-nopie", "gcc -no-pie, no sleds"),
        Mode("gcc -no-pie -pg -mfentry -mnop-mcount", "gcc-fentry", "gcc -no-pie, no sleds"),
        Mode("clang 19, no sleds", "clang", "clang 19, no sleds"),
        Mode("**Luge**, clang 19", "luge-clang", "clang 19, no sleds"),
        Mode("XRay, clang 19", "clang-xray", "clang 19, no sleds"),
    ]
    table = {m.name: [m.name] for m in modes}
    for workload in OFF_COUNTS:
        results = context.interleave(
            modes, lambda m: context.run(m, MICRO, arguments(context, workload, OFF_COUNTS)).value("ns"))
        for m in modes:
            try:
                ns, base = values(results, m.name), values(results, m.baseline)
                table[m.name].append(f"{median(ns):.2f} ({median(ns) / median(base):.2f}; {spread(ns, 2)})")
            except Failure as e:
                table[m.name].append(f"not measured ({e})")
    context.table(
        "Sleds compiled in and off: single calls", ["build", *OFF_COUNTS], list(table.values()),
        "ns a call (ratio to the same compiler without sleds; min..max). At one nanosecond a call the placement of "
        "the loop decides as much as the sled does; the programs below are the measure.")


def on(context):
    graph, entry = context.graph_modes(), context.entry_modes()
    baselines = [Mode("gcc", "gcc"), Mode("clang", "clang")]
    callbacks = [
        Mode("Luge, empty C callback, gcc", "luge-gcc", "gcc", env=(("BENCH_OPS", "1"),)),
        Mode("XRay, empty handler (entry and exit)", "clang-xray", "clang", env=(("BENCH_XRAY", "empty"),)),
    ]
    modes = [*FLOOR_MODES, *baselines, *graph, *entry, *callbacks]
    results = {w: context.interleave(modes, lambda m: once(context, m, w)) for w in ON_COUNTS}
    leaf = results["leaf"]
    floor_ns = floor_of(leaf)
    columns = ["recorder", "leaf, ns", "min..max", "x floor", "doubles, ns", "chain, ns", "fib, ns",
               "leaf, whole tree, ns", "bytes a call", "lost"]
    for title, part, floor_op, note in (
            ("Recorded entry and exit", graph, "stamps", "two time stamps and two stores"),
            ("Recorded entry alone", entry, "stamp", "one time stamp and one store"),
            ("A callback that does nothing", callbacks, "", "")):
        rows = [on_row(m, results, floor_ns.get(floor_op)) for m in part]
        if floor_op:
            note = (f"ns added to a call in the traced thread (min..max with the call itself); the floor, {note}, is "
                    f"{floor_ns[floor_op]:.1f} ns in this run.")
        context.table(title, columns, rows, note)
    promises(context, leaf, floor_ns)


def once(context, mode, workload):
    if mode in FLOOR_MODES:
        return run_floor(context, mode)
    return context.run(mode, MICRO, arguments(context, workload, ON_COUNTS))


def added(results, mode):
    """Median ns per call more than the same compiler's call."""
    return (median([r.value("ns") for r in values(results, mode.name)]) -
            median([r.value("ns") for r in values(results, mode.baseline)]))


def on_row(mode, results, floor_ns):
    try:
        leaf = values(results["leaf"], mode.name)
        ns = [r.value("ns") for r in leaf]
        calls = leaf[0].value("calls")
        base = median([r.cpu for r in values(results["leaf"], mode.baseline)])
        others = [f"{added(results[w], mode):.1f}" for w in ("doubles", "chain", "fib")]
        extra = added(results["leaf"], mode)
        return [mode.name, f"{extra:.1f}", spread(ns), f"{extra / floor_ns:.2f}" if floor_ns else "", *others,
                f"{(median([r.cpu for r in leaf]) - base) * 1e9 / calls:.1f}",
                f"{median([r.bytes for r in leaf]) / calls:.1f}", str(max(lost(r) for r in leaf))]
    except Failure as e:
        return not_measured(mode.name, e)


def lost(run):
    """Events lost, as `luge record` says: "app: N calls in T, N lost, ..."."""
    for line in run.output.splitlines():
        words = line.replace(",", "").split()
        if "lost" in words[1:] and "calls" in words:
            return int(words[words.index("lost") - 1])
    return 0


def promises(context, leaf, floor_ns):
    graph, entry = context.graph_modes(), context.entry_modes()

    def ns(mode):
        return median([r.value("ns") for r in values(leaf, mode)])

    def pair():
        ratio = max(added(leaf, m) / floor_ns["stamps"] for m in graph[:3])
        return f"{ratio:.2f} x (worst of Luge's rows)", ratio <= 1.15

    def size():
        one = max(median([r.bytes for r in values(leaf, m.name)]) / values(leaf, m.name)[0].value("calls")
                  for m in graph[:2])
        return f"{one:.2f}", one <= 16.1  # names and thread records stand in the file, too

    def entry_alone():
        ratio = max(ns(m.name) for m in entry) / (floor_ns["call"] + floor_ns["stamp"])
        return f"{ratio:.2f} x", ratio <= 1.15

    def callback():
        more = ns("Luge, empty C callback, gcc") - ns("gcc")
        return f"{more:.1f} ns", more <= 4

    context.promise("recorded pair, leaf", "<= 1.15 x floor", pair)
    context.promise("bytes a pair", "<= 16", size)
    context.promise("recorded entry, leaf", "<= 1.15 x (call + time stamp)", entry_alone)
    context.promise("empty C callback", "<= 4 ns", callback)
