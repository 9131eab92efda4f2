# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Instructions, frames and lines of a linked file, as the tools of one fixed LLVM print them. Those know every
target, whatever compiler and linker made the file."""
import bisect
import json
import os
import re
import subprocess

TOOLS = os.environ.get("LUGE_LLVM_TOOLS") or "/usr/lib/llvm-19/bin"


def lines_of(tool, *arguments, stdin=None):
    run = subprocess.run([os.path.join(TOOLS, tool), *arguments], input=stdin, capture_output=True, text=True,
                         errors="replace", check=True)
    return run.stdout.split("\n")


class Code:
    """Instructions by address."""

    def __init__(self, path):
        self.text, self.order = {}, []
        for line in lines_of("llvm-objdump", "-d", "--no-show-raw-insn", "--mattr=+all", path):
            m = re.match(r"\s*([0-9a-f]+):\s+(.*)", line)
            if m:
                address = int(m[1], 16)
                self.text[address] = re.sub(r"\s+", " ", m[2].split(" //")[0].split(" @ ")[0]).strip()
                self.order.append(address)
        self.order.sort()

    def at(self, address):
        return self.text.get(address, "")

    def behind(self, address):
        """Address of the next instruction."""
        i = bisect.bisect_right(self.order, address)
        return self.order[i] if i < len(self.order) else None

    def between(self, begin, end):
        a, b = bisect.bisect_left(self.order, begin), bisect.bisect_left(self.order, end)
        return self.order[a:b]


class Frames:
    """Call frame information: .eh_frame, and .debug_frame where that is all there is."""

    def __init__(self, path):
        self.ranges = {}  # begin -> (end, row of the CIE, [(address, row)])
        rows, cie, entry = {}, 0, None  # rows of the CIEs of the present section; the present CIE, FDE
        for line in lines_of("llvm-dwarfdump", "--eh-frame", "--debug-frame", path):
            if line.endswith(" contents:"):
                rows = {}
                continue
            m = re.match(r"([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ (CIE|FDE cie=([0-9a-f]+) pc=([0-9a-f]+)\.\.\.([0-9a-f]+))",
                         line)
            if m and m[2] == "CIE":
                cie, entry = int(m[1], 16), None
            elif m:
                begin, end = int(m[4], 16), int(m[5], 16)
                entry = (end, rows.get(int(m[3], 16)), [])
                if begin not in self.ranges or not self.ranges[begin][2]:
                    self.ranges[begin] = entry
            elif line.startswith("  CFA="):
                rows[cie] = line.strip()
            elif entry and re.match(r"  0x[0-9a-f]+: CFA=", line):
                address, row = line.strip().split(": ", 1)
                entry[2].append((int(address, 16), row))
        self.begins = sorted(self.ranges)

    def begins_at(self, address):
        return address in self.ranges

    def entry_row(self, address):
        """The row in which every function begins: the CIE's."""
        return self.covering(address)[1]

    def covering(self, address):
        i = bisect.bisect_right(self.begins, address) - 1
        if i >= 0 and address < self.ranges[self.begins[i]][0]:
            return self.ranges[self.begins[i]]
        return None

    def row(self, address):
        """The rules in force at an address; None where nothing covers it."""
        entry = self.covering(address)
        if not entry:
            return None
        row = entry[1]
        for begin, text in entry[2]:
            if begin <= address:
                row = text
        return row

    def cfa(self, address):
        row = self.row(address)
        return row.split(":")[0] if row else None


def lines_at(path, addresses):
    """address -> (line of the code there, line where its function begins), 0 where nothing is known."""
    text = "".join("0x%x\n" % a for a in addresses)
    out = {}
    for answer in lines_of("llvm-symbolizer", "--obj=" + path, "--output-style=JSON", stdin=text):
        if answer:
            data = json.loads(answer)
            frame = (data.get("Symbol") or [{}])[-1]
            out[int(data["Address"], 16)] = frame.get("Line", 0), frame.get("StartLine", 0)
    return out


def low_pcs(path):
    """Entry addresses of the functions that the debug information describes."""
    out, function = set(), False
    for line in lines_of("llvm-dwarfdump", "--debug-info", path):
        if "DW_TAG_" in line:
            function = "DW_TAG_subprogram" in line
        elif function and "DW_AT_low_pc" in line:
            out.add(int(re.search(r"\(0x([0-9a-f]+)", line)[1], 16))
        elif function and re.search(r"^\s+\[0x[0-9a-f]+, 0x", line):  # DW_AT_ranges: the entry is the first
            out.add(int(re.search(r"0x([0-9a-f]+)", line)[1], 16))
            function = False
    return out
