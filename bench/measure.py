# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One measured process, several modes in turn, medians with their spread.

The machine may be shared: figures are CPU time (of the thread, as the program itself says, or of
the whole process tree, as wait4 says), and modes run A B C, A B C, ... so that a ratio compares
neighbours in time.
"""
import dataclasses
import os
import select
import shutil
import statistics
import subprocess
import time

TARGET_CPU = os.environ.get("BENCH_CPU", str(min(1, os.cpu_count() - 1)))


@dataclasses.dataclass(frozen=True)
class Mode:
    """A build of a program and the way it is run. "{dir}" in the wrapper is the run's folder."""
    name: str
    build: str
    baseline: str = ""
    wrapper: tuple = ()
    env: tuple = ()
    note: str = ""


@dataclasses.dataclass
class Run:
    cpu: float  # seconds, whole tree
    wall: float
    rss_mb: float
    status: int
    output: str
    said: dict  # BENCH NAME VALUE lines: name -> list of values
    bytes: int  # left in the run's folder

    def value(self, name):
        return self.said[name][-1]


class Failure(Exception):
    """A mode that cannot be measured; the text is the reason."""


def folder_bytes(folder):
    # Allocated, not apparent: session files are sparse.
    return sum(min(s.st_size, s.st_blocks * 512)
               for root, _, files in os.walk(folder) for s in (os.stat(f"{root}/{f}") for f in files))


def parse_said(output):
    said = {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "BENCH":
            said.setdefault(words[1], []).append(float(words[2]))
    return said


def run(command, folder, env=(), timeout=120, pin=True):
    """Runs a command in an empty folder that stays until the next run."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    log = folder + ".log"
    command = [w.replace("{dir}", folder) for w in command]
    variables = {**os.environ, **{k: v.replace("{dir}", folder) for k, v in dict(env).items()}}
    if pin:
        variables["BENCH_CPU"] = TARGET_CPU
    with open(log, "w") as out:
        start = time.perf_counter()
        child = subprocess.Popen(command, env=variables, cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.STDOUT, start_new_session=True)
        status, usage = wait(child, start + timeout)
        wall = time.perf_counter() - start
    with open(log, errors="replace") as f:
        output = f.read()
    if status:
        last = output.strip().splitlines()[-1:] or ["no output"]
        raise Failure(f"{os.path.basename(command[0])}: status {status}: {last[0][:100]}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, status, output,
               parse_said(output), folder_bytes(folder))


def wait(child, deadline):
    """wait4, and the end of a process group that takes too long. No signal interrupts a good run."""
    end = os.pidfd_open(child.pid)
    ready, _, _ = select.select([end], [], [], max(0, deadline - time.perf_counter()))
    os.close(end)
    if not ready:
        os.killpg(child.pid, 9)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return ("timed out" if not ready else child.returncode), usage


def interleave(modes, once, repetitions):
    """{mode name: [result of once(mode)] or Failure}; a mode that fails is not tried again."""
    results = {m.name: [] for m in modes}
    for _ in range(repetitions):
        for m in modes:
            if isinstance(results[m.name], Failure):
                continue
            try:
                results[m.name].append(once(m))
            except Failure as e:
                results[m.name] = e
            except (OSError, KeyError) as e:
                results[m.name] = Failure(f"{type(e).__name__}: {e}")
    return results


def median(values):
    return statistics.median(values)


def spread(values, digits=1):
    return f"{min(values):.{digits}f}..{max(values):.{digits}f}"


def geometric_mean(values):
    return statistics.geometric_mean(values)
