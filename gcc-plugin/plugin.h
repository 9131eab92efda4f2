// SPDX-License-Identifier: GPL-3.0-or-later
// Between luge.so, which GCC loads, and luge-passes.so, which luge.so loads.
// Two files, because GCC resolves every symbol of a plugin when it loads it: a
// compiler of another version or target would stop at some missing symbol of
// its internals before the plugin could say what is wrong. luge.so needs one
// function of GCC (error) that all versions have.
#pragma once

#define LUGE_PASSES_FILE "luge-passes.so"
#define LUGE_PASSES_INIT "luge_passes_init"

struct plugin_name_args;

// Options, passes and hooks. What is wrong is reported by error(), which stops the compilation.
typedef void luge_passes_init_fn(plugin_name_args *info);
