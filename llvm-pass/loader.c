// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// luge.so: the file that -fplugin, -fpass-plugin and -load name. It uses no
// LLVM symbol, so that it can be loaded into any version (and into anything
// else), say in one line that it is the wrong one, and stop the compilation.
// C++ code of another version would crash in its constructors or leave an
// undefined symbol before anything could be said, and clang ignores most
// errors of a plugin and compiles on: an object without sleds.
// In the right version it opens the implementation beside it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// llvm/Passes/PassPlugin.h, plain: the last member came with LLVM 22.
struct plugin_info {
  uint32_t api_version;
  const char *name, *version;
  void (*register_callbacks)(void *pass_builder);
#if LUGE_LLVM_VERSION >= 22
  void *pre_codegen;
#endif
};
typedef struct plugin_info plugin_info_function(void);

static plugin_info_function *implementation;

// _exit: static destructors of a program that stands in the middle of loading are no place to
// be. RunInterruptHandlers removes what the compiler has half written.
static void stop(void) {
  void (*remove_files)(void) =
      (void (*)(void))dlsym(RTLD_DEFAULT, "_ZN4llvm3sys20RunInterruptHandlersEv");
  fflush(NULL);
  if (remove_files)
    remove_files();
  _exit(1);
}

// LLVMGetVersion came with 16; before it, by functions of the C API that the version brought.
static unsigned running_version(void) {
  void (*get)(unsigned *, unsigned *, unsigned *) =
      (void (*)(unsigned *, unsigned *, unsigned *))dlsym(RTLD_DEFAULT, "LLVMGetVersion");
  unsigned major = 0, minor, patch;
  if (get)
    get(&major, &minor, &patch);
  else if (dlsym(RTLD_DEFAULT, "LLVMGetAggregateElement"))
    major = 15;
  else if (dlsym(RTLD_DEFAULT, "LLVMGetGEPSourceElementType"))
    major = 14;
  else if (dlsym(RTLD_DEFAULT, "LLVMContextCreate"))
    major = 13;
  return major;
}

static void check_version(void) {
  unsigned version = running_version();
  if (version == LUGE_LLVM_VERSION)
    return;
  if (!version)
    fprintf(stderr,
            "luge: this plugin is for LLVM %d; this program has no LLVM. "
            "Use $(luge plugin-path COMPILER)\n",
            LUGE_LLVM_VERSION);
  else
    fprintf(stderr,
            "luge: this plugin is for LLVM %d; this compiler is LLVM %s%u. "
            "Use $(luge plugin-path clang-%u)\n",
            LUGE_LLVM_VERSION, version == 13 ? "<= " : "", version, version);
  stop();
}

// Whether the process is clang itself, which brings the front end's symbols.
static int has_clang(void) {
  return dlsym(RTLD_DEFAULT, "_ZN5clang16CompilerInstanceD1Ev") != NULL;
}

__attribute__((constructor)) static void load_implementation(void) {
  check_version();
  Dl_info self;
  char real[PATH_MAX], path[PATH_MAX + 16];
  const char *name = has_clang() ? "luge-clang.so" : "luge-llvm.so";
  if (!dladdr((void *)load_implementation, &self) || !realpath(self.dli_fname, real)) {
    fprintf(stderr, "luge: the plugin does not find its own folder; name it by its full path\n");
    stop();
  }
  snprintf(path, sizeof path, "%.*s/%s", (int)(strrchr(real, '/') - real), real, name);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  implementation = handle ? (plugin_info_function *)dlsym(handle, "llvmGetPassPluginInfo") : NULL;
  if (!implementation) {
    fprintf(stderr, "luge: cannot load the plugin: %s; reinstall it\n", dlerror());
    stop();
  }
}

__attribute__((visibility("default"))) struct plugin_info llvmGetPassPluginInfo(void);
struct plugin_info llvmGetPassPluginInfo(void) {
  return implementation();
}
