# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a process pays as a whole: switching all its functions, and starting with sleds in it."""
from builds import IDLE, NAMES, Program, generated, named
from context import not_measured, values
from measure import Failure, Mode, median, spread

FUNCTIONS = 100_000
LATER = 5
STEPS = ("first_on", "first_off", "later_on", "later_off")
STARTS = 5  # of each repetition


def switching(context):
    functions = context.count(FUNCTIONS)
    program = generated(context.builder.work, functions)
    modes = []
    for name, build in (("**Luge**, gcc", "luge-gcc"), ("XRay, clang 19", "clang-xray")):
        modes += [Mode(name, build), Mode(name + ", a thread runs", build, note="thread")]

    def once(m):
        return context.run(m, program, [str(LATER), *m.note.split()], pin=not m.note)

    results = context.interleave(modes, once)
    rows = []
    for m in modes:
        try:
            rows.append(switching_row(m, values(results, m.name)))
        except Failure as e:
            rows.append(not_measured(m.name, e))
    rows.append(uftrace_row(context, program, functions))
    context.table(f"Switching {functions:,} functions",
                  ["tracer", "sites", "first on", "first off", "later on", "later off"], rows,
                  "ms, CPU time of the thread that switches (min..max; wall time). One user with an empty "
                  "callback. The other thread calls the functions meanwhile, on any CPU.")
    context.promise(f"switching {functions:,} functions on, a thread runs", "<= 1 ms first, <= 0.5 ms later",
                    lambda: promise(values(results, modes[1].name)))


def promise(runs):
    first, later = (median(step(runs, s, "wall")) for s in ("first_on", "later_on"))
    return f"{first:.2f} ms, {later:.2f} ms (wall time)", first <= 1 and later <= 0.5


def step(runs, name, clock):
    return [x for r in runs for x in r.said[f"{name}_{clock}"]]


def switching_row(mode, runs):
    cells = []
    for s in STEPS:
        cpu, wall = step(runs, s, "cpu"), step(runs, s, "wall")
        cells.append(f"{median(cpu):.2f} ({spread(cpu, 2)}; wall {median(wall):.2f})")
    return [mode.name, f"{runs[0].value('sites'):,.0f}", *cells]


def uftrace_row(context, program, functions):
    """It patches at start-up only: what patching all costs more than patching main."""
    name = "uftrace -P . (start-up only)"
    try:
        modes = [Mode("all", "gcc-patchable", wrapper=context.uftrace("-P", ".")),
                 Mode("one", "gcc-patchable", wrapper=context.uftrace("-P", "^f1$"))]
        program = generated_idle(program)
        results = context.interleave(modes, lambda m: context.run(m, program, []).cpu)
        cost = [(a - b) * 1e3 for a, b in zip(values(results, "all"), values(results, "one"))]
        return [name, f"{functions:,}", f"{median(cost):.1f} ({spread(cost)})", "never", "", ""]
    except Failure as e:
        return not_measured(name, e)


def generated_idle(program):
    """The same functions under a main that does nothing: uftrace switches at start-up only."""
    table = program.plain[1]
    return named(NAMES[program] + "-idle", Program(program.traced, ("idle.c", table), controlled=False, level="-O1"))


def startup(context):
    modes = [
        Mode("gcc, no sleds", "gcc", "gcc, no sleds"),
        Mode("**Luge**, gcc, no runtime", "luge-gcc-bare", "gcc, no sleds"),
        Mode("**Luge**, gcc, libluge.a", "luge-gcc-static", "gcc, no sleds"),
        Mode("**Luge**, gcc, libluge.so", "luge-gcc", "gcc, no sleds"),
        Mode("clang 19, no sleds", "clang", "clang 19, no sleds"),
        Mode("XRay, clang 19", "clang-xray", "clang 19, no sleds"),
    ]
    results = context.interleave(modes, lambda m: context.run(m, IDLE, []), context.repetitions * STARTS)
    states = context.interleave(modes, lambda m: context.run(m, IDLE, ["say"]), 1)
    rows = []
    for m in modes:
        try:
            runs, base = values(results, m.name), values(results, m.baseline)
            cpu, wall = [r.cpu * 1e3 for r in runs], [r.wall * 1e3 for r in runs]
            more = median(cpu) - median([r.cpu * 1e3 for r in base])
            said = values(states, m.name)[0]
            rows.append([m.name, f"{median(cpu):.2f}", spread(cpu, 2), f"{more:+.2f}", f"{median(wall):.2f}",
                         f"{said.value('threads'):.0f}", f"{said.value('dirty_text_kb'):.0f}"])
            if m.build in ("luge-gcc", "luge-gcc-static"):
                context.promise(f"start-up, idle, {m.name.split(', ')[-1]}",
                                "<= 0.1 ms, no thread, no text page dirtied", lambda: idle_promise(more, said))
        except Failure as e:
            rows.append(not_measured(m.name, e))
    context.table("Start-up and end of a program that does nothing, tracing off",
                  ["build", "CPU ms", "min..max", "more", "wall ms", "threads", "dirty text, KB"], rows)


def idle_promise(more, said):
    threads, dirty = said.value("threads") - 1, said.value("dirty_text_kb")
    return (f"{more:+.2f} ms, {threads:.0f} threads, {dirty:.0f} KB",
            more <= 0.1 and threads == 0 and dirty == 0)
