# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Every lit suite. A suite is a folder of test/ together with a compiler (and, for link, a linker):
# `sled [clang-19] :: nop.c`. The same files run for each; a compiler or linker that is not
# installed makes its suites unsupported, which `./dev test` counts as skipped.
import os
import shutil

import lit.formats
import lit.util

suite, compiler, linker = config.luge_suite, config.luge_compiler, config.luge_linker
source, build = config.luge_source, config.luge_build
tools = config.luge_llvm_tools  # of one fixed LLVM, whatever compiler is under test

config.name = suite + (" [" + " ".join(filter(None, [compiler, linker])) + "]" if compiler else "")
config.test_source_root = os.path.join(source, "test", suite)
config.test_exec_root = os.path.join(build, "test", "suites", suite,
                                     "-".join(filter(None, [compiler, linker])) or "all")
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs"]
config.environment["LC_ALL"] = "C"
config.environment["PATH"] = os.environ["PATH"] + os.pathsep + tools  # not, count
for name in [n for n in os.environ if n.startswith("LUGE_")]:
    config.environment.pop(name, None)
if lit.util.killProcessAndChildrenIsSupported()[0]:
    lit_config.maxIndividualTestTime = 900


def define(name, value):
    config.substitutions.append((name, value))


def quoted(path):
    return "'" + path + "'"


# %luge, %luge_cc, %luge_cxx: the product as a user calls it, the wrappers with this suite's compiler.
bin_dir, lib_dir = os.path.join(build, "bin"), os.path.join(build, "lib")
define("%luge_lib", lib_dir)
define("%luge_bin", bin_dir)
define("%source", source)
define("%build", build)
# %sites FILE: a line for each record of an object, program or DSO, checked (tools/sites.py).
define("%sites", config.luge_python + " " + os.path.join(source, "test/tools/sites.py"))
define("%python", config.luge_python)
define("%tools", os.path.join(source, "test/tools"))
# %clean: assembler text without comments and blank lines, so that CHECK-NEXT sees what counts.
define("%clean", "sed -e " + quoted("s/[[:space:]]*#.*//") + " -e " + quoted("/^[[:space:]]*$/d"))
for tool in ("readelf", "objdump", "nm", "dwarfdump", "strip", "objcopy"):
    define("%" + tool, os.path.join(tools, "llvm-" + tool))

if compiler:
    family, version = compiler.split("-")
    is_gcc = family == "gcc"
    cc = shutil.which(compiler)
    cxx = shutil.which(("g++-" if is_gcc else "clang++-") + version)
    plugin = os.path.join(lib_dir, "luge", ("gcc-" if is_gcc else "llvm-") + version, "luge.so")
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
    # lto: gcc's plugin interface, or lld of the very LLVM that clang is.
    own_lld = not is_gcc and os.path.exists("/usr/lib/llvm-" + version + "/bin/ld.lld")
    if linker != "lld" if is_gcc else linker == "lld" and own_lld:
        config.available_features.add("lto")
