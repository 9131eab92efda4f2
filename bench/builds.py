# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs that are measured, and each way of building them.

A build is a compiler with flags; only the files that are to be traced get the flags. Products stay
in the work folder and are made again when their sources or the compiler are newer.
"""
import concurrent.futures
import dataclasses
import glob
import os
import re
import shutil
import subprocess
import zlib

from measure import Failure

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = HERE + "/src"
OPTIMISE = "-O2"
XRAY_RUNTIME = "-fxray-instrument -fxray-modes=xray-fdr,xray-basic"


@dataclasses.dataclass(frozen=True)
class Build:
    compiler: str
    flags: str = ""         # of the traced files
    link: str = ""
    luge_cc: str = ""       # this compiler through luge-cc
    runtime: str = "shared"
    controls: str = ""      # file of src/ that switches the tracer on
    cxx: bool = False       # the controls are C++


BUILDS = {
    "gcc": Build("gcc"),
    "gcc-nopie": Build("gcc", "-fno-pie", "-no-pie"),
    "gcc-patchable": Build("gcc", "-fpatchable-function-entry=5"),
    "gcc-fentry": Build("gcc", "-pg -mfentry -mnop-mcount -fno-pie", "-no-pie"),
    "gcc-pg": Build("gcc", "-pg", "-pg"),
    "clang": Build("clang-19"),
    "clang-xray": Build("clang-19", "-fxray-instrument -fxray-instruction-threshold=1", XRAY_RUNTIME,
                        controls="xray_control.cpp", cxx=True),
    "luge-gcc": Build("gcc", luge_cc="gcc", controls="ops_control.c"),
    "luge-clang": Build("clang-19", luge_cc="clang-19", controls="ops_control.c"),
    "luge-gcc-static": Build("gcc", luge_cc="gcc", runtime="static"),
    "luge-gcc-bare": Build("gcc", luge_cc="gcc", runtime="none"),
}


@dataclasses.dataclass(frozen=True)
class Program:
    """traced: files that get a build's flags. plain: of ours, compiled without them."""
    traced: tuple
    plain: tuple = ()
    flags: str = ""
    link: str = ""
    include: str = ""
    controlled: bool = True  # wants the control file of the build
    level: str = OPTIMISE


class Builder:
    def __init__(self, work, luge):
        self.work, self.luge = work, luge  # luge: build folder of the product
        self.done = {}  # path or Failure
        os.makedirs(work, exist_ok=True)

    def luge_file(self, name):
        path = f"{self.luge}/{name}"
        if not os.path.exists(path):
            raise Failure(f"{name} is not built")
        return path

    def command(self, build, traced, compiling):
        """Compiler words and environment."""
        b = BUILDS[build]
        if not shutil.which(b.compiler):
            raise Failure(f"no {b.compiler} here")
        compiler = b.compiler.replace("clang", "clang++") if b.cxx and not compiling else b.compiler
        env = dict(os.environ)
        if not b.luge_cc or (compiling and not traced):
            return [compiler], env
        env.update(LUGE_CC=b.luge_cc, LUGE_RUNTIME=b.runtime)
        return [self.luge_file("bin/luge-cc")], env

    def call(self, words, env, what):
        r = subprocess.run(words, env=env, capture_output=True, text=True)
        if r.returncode:
            lines = (r.stderr or r.stdout).strip().splitlines() or [""]
            first = next((l for l in lines if "error" in l or "luge" in l), lines[0])
            raise Failure(f"{what} does not build: {first[:120]}")

    def newest(self, build):
        b = BUILDS[build]
        tools = [os.path.realpath(shutil.which(b.compiler) or HERE)]
        if b.luge_cc:
            tools += glob.glob(self.luge + "/lib/luge/*/*.so") + [self.luge + "/bin/luge-cc"]
        return max(os.path.getmtime(t) for t in tools if os.path.exists(t))

    def compile(self, build, source, program, traced):
        """Object of one file; objects that no tracer touches are shared by builds."""
        b = BUILDS[build]
        words, env = self.command(build, traced, True)
        if source.endswith(".cpp"):
            words = [w.replace("clang-", "clang++-") for w in words]
        flags = [program.level, "-w", *(b.flags if traced else "").split(), *program.flags.split(),
                 f"-I{HERE}/../runtime/include"] + (["-I" + program.include] if program.include else [])
        key = zlib.crc32(" ".join([*words, *flags, source]).encode())
        output = f"{self.work}/{build if traced else b.compiler}/{os.path.basename(source)}-{key:08x}.o"
        newer = max(os.path.getmtime(source), os.path.getmtime(SOURCES + "/timing.h"), self.newest(build))
        if os.path.exists(output) and os.path.getmtime(output) > newer:
            return output
        os.makedirs(os.path.dirname(output), exist_ok=True)
        part = f"{output}.{os.getpid()}.part.o"
        self.call([*words, *flags, "-c", source, "-o", part], env, os.path.basename(source))
        os.rename(part, output)
        return output

    def objects(self, build, program):
        """Objects of the traced files."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda s: self.compile(build, s, program, True), program.traced))

    def executable(self, build, program):
        """Path of the linked program; raises Failure with the reason, each time alike."""
        key = (build, program)
        if key not in self.done:
            try:
                self.done[key] = self.link(build, program)
            except Failure as e:
                self.done[key] = e
        if isinstance(self.done[key], Failure):
            raise self.done[key]
        return self.done[key]

    def link(self, build, program):
        b = BUILDS[build]
        inputs = self.objects(build, program)
        plain = [f"{SOURCES}/{f}" for f in (*program.plain, "pin.c")]
        if program.controlled and b.controls:
            plain.append(f"{SOURCES}/{b.controls}")
        inputs += [self.compile(build, s, program, False) for s in plain]
        output = f"{self.work}/{build}/{program_name(program)}"
        libraries = [self.luge_file(f"lib/libluge.{e}") for e in ("a", "so") if b.luge_cc]
        newest = max(map(os.path.getmtime, inputs + libraries))
        if not os.path.exists(output) or os.path.getmtime(output) <= newest:
            words, env = self.command(build, True, False)
            self.call([*words, OPTIMISE, *inputs, *b.link.split(), *program.link.split(), "-o", output], env,
                      program_name(program))
        return output


NAMES = {}


def program_name(program):
    return NAMES[program]


def named(name, program):
    NAMES[program] = name
    return program


MICRO = named("micro", Program((SOURCES + "/functions.c",), ("micro.c",)))
IDLE = named("idle", Program((SOURCES + "/idle.c",), controlled=False))
FLOOR = named("floor", Program((SOURCES + "/floor.c",), controlled=False))


def unpacked(folder, pattern):
    """The upstream source tree that run.sh has unpacked, or nothing."""
    found = [d for d in sorted(glob.glob(f"{folder}/{pattern}")) if os.path.isdir(d)]
    return found[0] if found else None


def real_programs(folder):
    """{name: Program, or None where its sources are absent}"""
    lua, zstd = unpacked(folder, "lua*5.4*"), unpacked(folder, "*zstd-*")
    programs = {"lua": None, "zstd": None}
    if lua:
        files = sorted(f for f in glob.glob(lua + "/src/*.c") if os.path.basename(f) != "luac.c")
        programs["lua"] = named("lua", Program(tuple(files), flags="-DLUA_USE_POSIX", link="-lm"))
    if zstd:
        files = sorted(f for part in ("common", "compress", "decompress")
                       for f in glob.glob(f"{zstd}/lib/{part}/*.c"))
        programs["zstd"] = named("zstd", Program((SOURCES + "/zstd_bench.c", *files),
                                                 flags="-DZSTD_DISABLE_ASM -DZSTD_LEGACY_SUPPORT=0",
                                                 include=zstd + "/lib"))
    return programs


def generated(work, count, per_file=2000):
    """A program of `count` small functions, for switching.c."""
    folder = f"{work}/generated-{count}"
    table = folder + "/table.c"
    if not os.path.exists(table):
        os.makedirs(folder, exist_ok=True)
        for first in range(0, count, per_file):
            with open(f"{folder}/part{first // per_file:03d}.c", "w") as f:
                for i in range(first, min(first + per_file, count)):
                    f.write(f"int f{i}(int a) {{ __asm__ volatile(\"\" : \"+r\"(a)); return a + 1; }}\n")
        with open(table, "w") as f:
            f.writelines(f"int f{i}(int);\n" for i in range(count))
            names = ",".join(f"f{i}" for i in range(count))
            f.write(f"int (*const all_functions[])(int) = {{{names}}};\n")
            f.write(f"const int function_count = {count};\n")
    parts = tuple(sorted(glob.glob(folder + "/part*.c")))
    return named(f"switching-{count}", Program(parts, ("switching.c", os.path.relpath(table, SOURCES)),
                                               link="-pthread", level="-O1"))


def version(command):
    if not shutil.which(command[0]):
        return f"{command[0]}: not here"
    r = subprocess.run(command, capture_output=True, text=True)
    return re.sub(r"\s+", " ", (r.stdout or r.stderr).splitlines()[0]).strip()
