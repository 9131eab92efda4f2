// SPDX-License-Identifier: GPL-3.0-or-later
// luge.so: checks that this compiler is the one that the plugin was built for,
// then loads luge-passes.so from its own folder. plugin.h says why.
//
// Version and target are compared, not the configure arguments as
// plugin_default_version_check does: those differ between rebuilds of one compiler.
// Every way out after an error() returns 0: the error stops the compilation, and GCC adds no
// second message about the plugin.
#include <dlfcn.h>

#include <string>

#include "gcc-plugin.h"

#include "plugin-version.h"

#include "plugin.h"

// Of GCC's diagnostic-core.h, which would pull in the version-dependent rest.
extern void error(const char *, ...);

#define EXPORTED __attribute__((visibility("default")))

extern "C" {
EXPORTED int plugin_is_GPL_compatible;
EXPORTED int plugin_init(plugin_name_args *info, plugin_gcc_version *compiler);
}

namespace {

// The target that a compiler was configured for; empty where its configure found it out itself.
std::string target_of(const plugin_gcc_version &version) {
  std::string arguments = version.configuration_arguments;
  size_t begin = arguments.find("--target=");
  if (begin == std::string::npos)
    return "";
  begin += sizeof "--target=" - 1;
  return arguments.substr(begin, arguments.find_first_of(" '", begin) - begin);
}

std::string major_of(const std::string &version) { return version.substr(0, version.find('.')); }

bool is_right_compiler(const plugin_gcc_version &compiler) {
  std::string wanted = gcc_version.basever, found = compiler.basever;
  std::string wanted_target = target_of(gcc_version), found_target = target_of(compiler);
  bool other_target =
      !wanted_target.empty() && !found_target.empty() && wanted_target != found_target;
  if (wanted == found && !other_target)
    return true;
  std::string where = other_target ? " (" + found_target + ")" : "";
  std::string name = (other_target ? found_target + "-" : "") + "gcc-" + major_of(found);
  error("luge: this plugin is for gcc %s (%s); this compiler is gcc %s%s. "
        "Use $(luge plugin-path %s)",
        wanted.c_str(), wanted_target.c_str(), found.c_str(), where.c_str(), name.c_str());
  return false;
}

luge_passes_init_fn *load_passes() {
  Dl_info self;
  if (!dladdr(reinterpret_cast<void *>(&plugin_init), &self))
    return nullptr;
  std::string path = self.dli_fname;
  path = path.substr(0, path.rfind('/') + 1) + LUGE_PASSES_FILE;
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    error("luge: %s; it belongs beside luge.so", dlerror());
    return nullptr;
  }
  return reinterpret_cast<luge_passes_init_fn *>(dlsym(handle, LUGE_PASSES_INIT));
}

} // namespace

int plugin_init(plugin_name_args *info, plugin_gcc_version *compiler) {
  if (!is_right_compiler(*compiler))
    return 0;
  if (luge_passes_init_fn *init = load_passes())
    init(info);
  return 0;
}
