#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""balanced.py [--min-calls=N] < `luge dump --raw` of a function_graph trace.

Each exit belongs to the innermost open call: what lies above it may only be functions that report
no exits at all, or frames that a longjmp has left. At the end of a thread nothing is open, unless
its process went away inside (the main thread of a fork child that calls _exit). Nothing is lost.
"""
import sys

minimum = next((int(a.split("=")[1]) for a in sys.argv[1:] if a.startswith("--min-calls=")), 1)
events, exiting = [], set()
for line in sys.stdin:
    if line.startswith("#"):
        continue
    words = line.split(None, 5)
    pid, tid, kind = words[0], words[1], words[3]
    name = words[5].rstrip("\n") if len(words) > 5 else ""
    function = words[4] if len(words) > 4 else ""
    events.append((pid, tid, kind, function, name))
    if kind in ("exit", "unwound"):
        exiting.add((pid, function))

# A forked child has the sites of its parent: what exits in one process may exit in all.
exits_somewhere = {function for _, function in exiting}
stacks, calls, problems, first_pid = {}, 0, [], events[0][0] if events else ""
for pid, tid, kind, function, name in events:
    stack = stacks.setdefault((pid, tid), [])
    if kind == "entry":
        calls += 1
        if function in exits_somewhere:
            stack.append((function, name))
    elif kind in ("exit", "unwound"):
        above = []
        while stack and stack[-1][0] != function:
            above.append(stack.pop())
        if stack:
            stack.pop()
            if above and not any(f == "longjmp" for f, _ in above):
                problems.append(f"{kind} of {name} over open {[n for _, n in above][:3]}")
        elif pid == first_pid:
            problems.append(f"{kind} of {name}, which was never entered")
    elif kind == "longjmp":
        stack.append(("longjmp", ""))  # what lies between it and the next exit's call is gone
    elif kind == "lost":
        problems.append(f"lost {function}")

for (pid, tid), stack in stacks.items():
    if stack and pid == first_pid:
        problems.append(f"thread {tid} ends inside {[name for _, name in stack][-3:]}")
if calls < minimum:
    problems.append(f"only {calls} calls")
for p in problems[:20]:
    print(p)
print(f"{calls} calls, {len(stacks)} threads, {len(problems)} problems")
sys.exit(1 if problems else 0)
