# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Every lit suite. A suite is a folder of test/ together with a compiler (and, for link, a linker):
# `sled [clang-19] :: nop.c`. The same files run for each; a compiler or linker that is not
# installed makes its suites unsupported, which `./dev test` counts as skipped.
import glob
import os
import shutil
import subprocess

import lit.formats
import lit.util

suite, compiler, linker = config.luge_suite, config.luge_compiler, config.luge_linker
source, build = config.luge_source, config.luge_build
tools = config.luge_llvm_tools  # of one fixed LLVM, whatever compiler is under test

config.name = suite + (" [" + " ".join(filter(None, [compiler, linker])) + "]" if compiler else "")
config.test_source_root = os.path.join(source, "test", suite)
config.test_exec_root = config.luge_folder
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs"]
config.environment["LC_ALL"] = "C"
config.environment["PATH"] = os.environ["PATH"] + os.pathsep + tools  # not, count
for name in [n for n in os.environ if n.startswith("LUGE_")]:
    config.environment.pop(name, None)
config.environment |= {"LUGE_BUILD": build, "LUGE_LLVM_TOOLS": tools}  # for tools/*.py
if lit.util.killProcessAndChildrenIsSupported()[0]:
    lit_config.maxIndividualTestTime = 900


def define(name, value):
    config.substitutions.append((name, value))


def quoted(path):
    return "'" + path + "'"


if shutil.which("aarch64-linux-gnu-g++-12"):
    config.available_features.add("cross")

# %luge, %luge_cc, %luge_cxx: the product as a user calls it, the wrappers with this suite's compiler.
bin_dir, lib_dir = os.path.join(build, "bin"), os.path.join(build, "lib")
define("%luge_lib", lib_dir)
define("%luge_bin", bin_dir)
define("%source", source)
define("%build", build)
# %sites FILE: a line for each record of an object, program or DSO, checked (tools/sites.py).
define("%sites", config.luge_python + " " + os.path.join(source, "test/tools/sites.py"))
# %positions FILE: every sled of a linked file of suite arch (tools/positions.py); START_UP has none.
START_UP = ("_start,__start,_init,_fini,_dl_*,*register_tm_clones,__do_global_?tors_aux,frame_dummy,call_weak_fn,"
            "call_frame_dummy,call___do_global_?tors_aux,hlt,__gmon_start__,__clear_cache,__aarch64_*,__aeabi_*,__gnu_*,"
            "__div*,__udiv*,__mod*,__umod*,__floatundidf,__floatdidf,__fixunsdfdi,__*di3,__x86.get_pc_thunk.*,_savegpr*,_restgpr*,_save?pr*,_rest?pr*,"
            "*.plt_call.*,*plt_branch*,*long_branch*,*$plt*,__libc_csu_*,load_gp,_MIPS_STUBS_,__clang_call_terminate,*.cold,luge_*")
MADE_UP = "_ZTh*,_ZTv*,_ZTc*,_GLOBAL__*"
define("%positions", " ".join([config.luge_python, os.path.join(source, "test/tools/positions.py"),
                               quoted("--except=" + START_UP), quoted("--optional=" + MADE_UP)]))
define("%corrupt", " ".join([config.luge_python, os.path.join(source, "test/tools/corrupt.py")]))
define("%start_up", quoted("--except=" + START_UP) + " " + quoted("--optional=" + MADE_UP))
define("%python", config.luge_python)
define("%tools", os.path.join(source, "test/tools"))
# %clean: assembler text without comments and blank lines, so that CHECK-NEXT sees what counts.
define("%clean", "sed -e " + quoted("s/[[:space:]]*#.*//") + " -e " + quoted("/^[[:space:]]*$/d") +
       " -e " + quoted("/[.]reloc.*_NONE/d"))
for tool in ("readelf", "objdump", "nm", "dwarfdump", "strip", "objcopy"):
    path = os.path.join(tools, "llvm-" + tool)
    define("%" + tool, os.path.join(source, "test/tools/objdump.sh ") + path if tool == "objdump" else path)

# Suites arch and interplay: a target of the compiler, as "arch [gcc-12 aarch64]". A folder of test/arch with
# the name of a target has the tests that are its own; what is tested on all lies beside them.
# triplet: of Debian's cross compiler and of its C library; qemu: emulator; flags: of all compilers.
TARGETS = {
    "x86_64": ("x86_64-linux-gnu", "", ""),
    "i386": ("i686-linux-gnu", "qemu-i386", ""),
    "aarch64": ("aarch64-linux-gnu", "qemu-aarch64", ""),
    "arm": ("arm-linux-gnueabihf", "qemu-arm", ""),
    "loongarch64": ("loongarch64-linux-gnu", "qemu-loongarch64", ""),
    "mips64el": ("mips64el-linux-gnuabi64", "qemu-mips64el", ""),
    "mipsel": ("mipsel-linux-gnu", "qemu-mipsel", ""),
    "ppc64": ("powerpc64-linux-gnu", "qemu-ppc64", "-DLUGE_DESCRIPTORS"),
    "ppc64le": ("powerpc64le-linux-gnu", "qemu-ppc64le", ""),
    "riscv64": ("riscv64-linux-gnu", "qemu-riscv64", ""),
    "s390x": ("s390x-linux-gnu", "qemu-s390x", ""),
}
target = config.luge_target
if target:
    config.name = "%s [%s %s]" % (suite, compiler, target)
    config.excludes += [name for name in TARGETS if name != target]


def address_sanitizer_starts():
    """Whether GCC's AddressSanitizer starts in this qemu-user; the ones of gcc 15 and qemu 10 do not, for one."""
    os.makedirs(config.test_exec_root, exist_ok=True)
    path = os.path.join(config.test_exec_root, "asan")
    made = subprocess.run(link.split() + ["-fsanitize=address", "-x", "c++", "-", "-o", path], input=b"int main() {}",
                          capture_output=True)
    run = ["env", "QEMU_LD_PREFIX=" + root, "ASAN_OPTIONS=detect_leaks=0", emulator, path]
    return made.returncode == 0 and subprocess.run(run, capture_output=True).returncode == 0


# Names of targets where Rust has another.
RUST = {"i386": "i686", "arm": "armv7", "ppc64": "powerpc64", "ppc64le": "powerpc64le", "riscv64": "riscv64gc"}


def front_ends():
    """Features and substitutions: other front ends of this suite's compiler, and rustc where its LLVM is this
    suite's. Of GNU's only gfortran is here for other targets; Rust's libraries are not, so no C library either."""
    here = native or not target
    tools = ["gfortran"] + ["gccgo", "gdc", "gnatmake"] * here if is_gcc else []
    for tool in tools:
        path = shutil.which(("" if here else triplet + "-") + tool + "-" + version)
        if path:
            config.available_features.add(tool)
            define("%" + tool, path)
    if here and shutil.which("uftrace"):
        config.available_features.add("uftrace")
    if is_gcc:
        return
    flang = shutil.which("flang-" + version) or shutil.which("flang-new-" + version)
    missing = ["arm", "mips64el", "mipsel", "s390x"] + ["loongarch64"] * (version == "16")
    if flang and target not in missing:  # flang has no code for those
        config.available_features |= {"flang"} | ({"flang_library"} if here else set())
        define("%flang", flang + " -L/usr/lib/llvm-%s/lib" % version if here else flang + " --target=" + triplet)
    for rustc in ("/usr/bin/rustc", shutil.which("rustc")):
        if rustc and os.path.exists(rustc):
            said = subprocess.run([rustc, "-vV"], capture_output=True, text=True).stdout
            if "LLVM version: %s." % version in said:
                config.available_features.add("rustc")
                define("%rustc", rustc)
                define("%rust_target", RUST.get(target, target) + "-unknown-" + triplet.split("-", 1)[1] if not here else "")
                break


if compiler:
    family, version = compiler.split("-")
    is_gcc = family == "gcc"
    cc = shutil.which(compiler)
    cxx = shutil.which(("g++-" if is_gcc else "clang++-") + version)
    folder = ("gcc-" if is_gcc else "llvm-") + version
    native = target in ("", "x86_64")
    if target and not native:
        triplet, emulator, target_flags = TARGETS[target]
        cross = shutil.which(triplet + "-g++-" + (version if is_gcc else "12"))
        if is_gcc:
            cc, cxx = shutil.which(triplet + "-" + compiler), shutil.which(triplet + "-g++-" + version)
            folder = triplet + "-" + compiler
        elif cc and cxx:
            clang = " --target=" + triplet
            if suite == "interplay" and not cross: # objects only, with the declarations of a C library like its own
                clang += "".join(" -isystem /usr/aarch64-linux-gnu/include" + f for f in
                                 ("/c++/12", "/c++/12/aarch64-linux-gnu", ""))
            cc, cxx = cc + clang, cxx + clang
    if target:
        # %link: links what either compiler made, with a GCC of the target. %run: starts it.
        link = (cxx if is_gcc else shutil.which("g++-12")) if native else cross or "no-cross-compiler"
        if not is_gcc and target == "riscv64":
            # binutils 2.40 does not know the relocations of clang's DWARF 5 (R_RISCV_SET_ULEB128), and crashes.
            link += " -fuse-ld=lld -B" + tools
        define("%link", link)
        root = "" if native else "/usr/" + triplet
        define("%same", os.path.join(source, "test/arch/Inputs/same.sh"))
        # %fetched: programs that others wrote (tools/sources.sh has fetched them, or could not).
        define("%fetched", os.path.join(build, "test/sources"))
        if os.path.exists(os.path.join(build, "test/sources/lua/src")):
            config.available_features.add("sources")
        # %frames: what positions.py may expect at an exit: LLVM describes epilogues on few targets.
        define("%frames", "" if is_gcc or target in ("x86_64", "i386") else "--exit-frames=compiler")
        define("%run", "" if native else "env QEMU_LD_PREFIX=" + root + " " + emulator)
        config.available_features.add(target)
        if not native and cross and shutil.which(emulator):
            config.available_features.add("runs")
        elif native:
            config.available_features.add("runs")
    plugin = os.path.join(lib_dir, "luge", folder, "luge.so")
    if target and not os.path.exists(plugin):
        config.unsupported = True
    # A back end that this clang does not have (LoongArch before 16).
    if target and not is_gcc and cc and subprocess.run(cc.split() + ["-fsyntax-only", "-x", "c", "/dev/null"],
                                                       stderr=subprocess.DEVNULL).returncode:
        config.unsupported = True
    if not (cc and cxx):
        config.unsupported = True
        cc = cxx = "not-installed"
    config.available_features |= {family, compiler, "gcc" if is_gcc else "clang"}

    # %plugin: the shared object for this compiler. %bare_cc, %bare_cxx: the compiler without it.
    # %cc, %cxx: with it. %luge_cc, %luge_cxx: the wrappers.
    define("%plugin_of", os.path.join(lib_dir, "luge"))
    define("%plugin", plugin)
    define("%bare_cc", cc)
    define("%bare_cxx", cxx)
    define("%luge_cc", "env LUGE_CC=" + cc + " " + os.path.join(bin_dir, "luge-cc"))
    define("%luge_cxx", "env LUGE_CXX=" + cxx + " LUGE_CC=" + cc + " " + os.path.join(bin_dir, "luge-c++"))
    define("%cc", cc + " -fplugin=" + plugin)
    define("%cxx", cxx + " -fplugin=" + plugin)
    if target:
        # %driver: compiles the stand-in for the runtime, test/arch/Inputs/patch_all.cpp.
        # %patched(PLUGIN OPTIONS; FLAGS; SOURCE; OUTPUT), %patched_cxx(OPTIONS; FLAGS; LEFT BY EXCEPTION;
        # SOURCE; OUTPUT): compiles, links, runs with sleds off and on, compares (Inputs/same.sh).
        inputs = os.path.join(source, "test/arch/Inputs")
        flags = "" if native else target_flags
        trampoline = os.path.join(source, "test/arch", target, "trampoline.S")
        # %target_flags: of the target's C++ compiler, for what stands in for the runtime.
        define("%target_flags", flags)
        define("%driver", " ".join(["%link -fPIC -std=c++20 -O1 -DTARGET=" + target, flags, "-I" + source,
                                    "-r -nostdlib", os.path.join(inputs, "patch_all.cpp"), trampoline]))

        def patched(compile_with, options, cflags, lost, file, out):
            return ("env LUGE_PLUGIN=" + quoted(options) + " " + compile_with + " " + cflags + " -c " + file +
                    " -o " + out + ".o && %link " + cflags + " " + out + ".o %t.driver.o -rdynamic -lm -o " +
                    out + " && " + os.path.join(inputs, "same.sh") + " " + lost + " %run " + out)

        define(r"%patched_cxx\(([^;]*);([^;]*);([^;]*);([^;]*);([^)]*)\)",
               patched("%cxx", r"\1", r"\2", r"\3", r"\4", r"\5"))
        define(r"%patched\(([^;]*);([^;]*);([^;]*);([^)]*)\)",
               patched("%cc", r"\1", r"\2", "0", r"\3", r"\4"))
        config.recursiveExpansionLimit = 4
    # %both [OPTIONS] OUTPUT COMPILE-AND-LINK...: both flavours with exits, checked and run with all
    # sleds off and on (interplay/Inputs/both.sh). %program: a C program that has every kind of exit.
    both = "sh " + os.path.join(source, "test/interplay/Inputs/both.sh")
    if suite == "interplay":
        if not target or native:
            config.available_features |= {"x86_64", "runs"}
            define("%run", "")
            if is_gcc and cxx:  # else gcc 12, which a newer Debian does not have
                config.environment["TEST_LINK"] = cxx
        else:
            # What the target's programs run with; a runtime library of GCC's is good for clang as well.
            runs = "runs" in config.available_features
            define("%native_cc", compiler)
            define("%environment", "env TEST_TARGET=" + target + " TEST_LINK=" + quoted(link) + " TEST_FLAGS=" +
                   quoted(target_flags) + " TEST_RUN=" + quoted("%run" if runs else "none"))
            both = "%environment " + both
            # %ia32: starts a program of i386 without an emulator, where the kernel can.
            loader = root + "/lib/ld-linux.so.2"
            if target == "i386" and not subprocess.run("exec " + loader + " --version", shell=True,
                                                       capture_output=True).returncode:
                config.available_features.add("ia32")
                define("%ia32", loader + " --library-path " + root + "/lib")
        if {"x86_64", "i386"} & config.available_features:
            config.available_features.add("x86")
        # Feature libasan...: a runtime library for this target, the compiler's own or, of another target, GCC's.
        for library in ("asan", "tsan", "ubsan", "gcov"):
            if (not target or native or not is_gcc and target == "i386" or
                    glob.glob("/usr/lib/gcc-cross/%s/%s/lib%s.a" % (triplet, version if is_gcc else "12", library))):
                config.available_features.add("lib" + library)
    define("%both", both)
    if suite == "interplay":
        front_ends()
        if target in ("i386", "aarch64", "arm") and "runs" in config.available_features and address_sanitizer_starts():
            config.available_features.add("asan_runs")
    if suite == "torture":
        # %compile_c FLAGS, %compile_cxx FLAGS: this file to %t, with the main() of all cases (Inputs/driver.c).
        # %users: runs it, the built-in tracers among the users that come and go.
        for name, wrapper in (("cxx", "luge-c++ -std=c++20"), ("c", "luge-cc")):
            define("%compile_" + name, " ".join(["env LUGE_CXX=" + cxx, "LUGE_CC=" + cc, os.path.join(bin_dir, wrapper),
                                                 "-O2 -Wall -I" + source + "/runtime/include",
                                                 "-I" + source + "/test/torture/Inputs %s -o %t",
                                                 build + "/test/libluge-torture.a -pthread"]))
        define("%users", "env LUGE_FILE=%t.luge LUGE_BUFFER=65536 LUGE_TRACER=nop %t")
        config.available_features |= {t for t in ("gdb", "valgrind") if shutil.which(t)}
        # %libunwind: LLVM's, in place of libgcc's where it is preloaded.
        for name in ("/usr/lib/x86_64-linux-gnu/libunwind.so.1", "/usr/lib/llvm-14/lib/libunwind.so.1"):
            if os.path.exists(name) and "llvm-libunwind" not in config.available_features:
                config.available_features.add("llvm-libunwind")
                define("%libunwind", name)
        lit_config.maxIndividualTestTime = 120  # none takes ten seconds, and some could hang
        if os.geteuid() == 0:
            config.available_features.add("root")
    define("%version", version)
    if not is_gcc:
        define("%llvm-profdata", "/usr/lib/llvm-" + version + "/bin/llvm-profdata")
    define("%program", os.path.join(source, "test/arch/program.c"))
    # %opt(KEY=VALUE): one option of the plugin on the command line.
    define(r"%opt\(([^)]*)\)", ("-fplugin-arg" if is_gcc else "-mllvm ") + quoted("-luge-\\1"))
    # %check, %check(P,Q): FileCheck of this file with the prefixes P and Q (ALL if none is given),
    # and each followed by -GCC or -LLVM, and by the version as in -GCC12, -LLVM19.
    own = "GCC" if is_gcc else "LLVM"

    def prefixes(name):
        return ",".join([name, name + "-" + own, name + "-" + own + version])

    filecheck = os.path.join(tools, "FileCheck") + " %s --allow-unused-prefixes --dump-input-filter=annotation-full --check-prefixes="
    define(r"%check\(([A-Z0-9-]+),([A-Z0-9-]+)\)", filecheck + prefixes("\\1") + "," + prefixes("\\2"))
    define(r"%check\(([A-Z0-9-]+)\)", filecheck + prefixes("\\1"))
    define("%check", filecheck + ",".join(["ALL", "ALL-" + own, "ALL-" + own + version]))
else:
    # %some_gcc, %some_clang: the oldest that is here; feature gcc, clang.
    for name, versions in (("gcc", range(11, 17)), ("clang", (14, 16, 19, 22))):
        found = [f for f in (f"{name}-{v}" for v in versions) if shutil.which(f)]
        define("%some_" + name, found[0] if found else "not-installed")
        config.available_features |= {name} if found else set()
    define("%luge_cc", os.path.join(bin_dir, "luge-cc"))
    define("%luge_cxx", os.path.join(bin_dir, "luge-c++"))
    define("%check", os.path.join(tools, "FileCheck") + " %s --check-prefixes=ALL")

define("%luge", os.path.join(bin_dir, "luge"))
define("%filecheck", os.path.join(tools, "FileCheck"))

if linker:
    if not shutil.which("mold" if linker == "mold" else "ld." + linker):
        config.unsupported = True
    config.available_features.add(linker)
    # %ld: gcc 11 does not know -fuse-ld=mold; it finds mold as `ld` through -B.
    by_path = linker == "mold" and compiler == "gcc-11"
    define("%ld", "-B/usr/libexec/mold" if by_path else "-fuse-ld=" + linker)
    # %system: function symbols of a linked program that have no sled: start-up code of the C
    # library, the runtime where it is linked in, cold parts, what compiler and mold synthesise.
    define("%system", quoted("_start,_init,_fini,_dl_*,*register_tm_clones,__do_global_dtors_aux,"
                             "frame_dummy,__clang_call_terminate,*.cold,luge_*,*ftrace_*,_ZN*4luge*,*$plt*"))
    if linker != "gold":
        config.available_features.add("static-pie")

    def lld_takes_what_gold_made():
        """Of C++ files, without us: the destructors' groups as gold -r leaves them; lld 14 does, 19 does not."""
        os.makedirs(config.test_exec_root, exist_ok=True)
        path = os.path.join(config.test_exec_root, "gold")
        files = [os.path.join(config.test_source_root, "Inputs", f) for f in ("main.cpp", "other.cpp")]
        for command in (["-O1", "-fPIE", "-ffunction-sections", "-fuse-ld=gold", "-r", "-nostdlib", "-o", path + ".o"] + files,
                        ["-fuse-ld=lld", "-o", path, path + ".o"]):
            if subprocess.run([cxx] + command, stderr=subprocess.DEVNULL).returncode:
                return False
        return True

    if linker != "gold" or not config.unsupported and lld_takes_what_gold_made():
        config.available_features.add("then-lld")
    # lto: gcc's plugin interface, or lld of the very LLVM that clang is.
    own_lld = not is_gcc and os.path.exists("/usr/lib/llvm-" + version + "/bin/ld.lld")
    if linker != "lld" if is_gcc else linker == "lld" and own_lld:
        config.available_features.add("lto")
