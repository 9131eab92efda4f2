// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Starts the traced program and stays out of its way: signals that were meant for it reach it,
// those of the terminal reach it anyway, and none of them stops the recorder before the trace is
// whole. One program per process: signal handlers need to know it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace luge {

using Environment = std::vector<std::pair<std::string, std::optional<std::string>>>; // none: unset

class Child {
public:
  // Runs `path` with `arguments` (the first is its name). `ended` is called from a signal handler
  // whenever a child has ended. Returns errno of exec, or 0.
  int start(const std::string &path, const std::vector<std::string> &arguments,
            const Environment &environment, void (*ended)());
  bool has_ended();                      // asks without waiting
  int status() const { return status_; } // as of wait(2), after has_ended()
  pid_t pid() const { return pid_; }

private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

} // namespace luge
