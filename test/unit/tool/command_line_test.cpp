// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every line of commands.def: help with examples, completion; and the words for wrong usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tool/closest.h"
#include "tool/command.h"
#include "tool/command_line.h"

namespace luge::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Result {
  int status;
  std::string out, err;
};

Result run(std::vector<std::string> words) {
  words.insert(words.begin(), "luge");
  std::vector<char *> argv;
  for (std::string &word : words)
    argv.push_back(word.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  int status = run_command_line(static_cast<int>(argv.size()), argv.data());
  set_quiet(false);
  Result r = {status, testing::internal::GetCapturedStdout(), ""};
  r.err = testing::internal::GetCapturedStderr();
  return r;
}

const char *const names[] = {
#define COMMAND(name, function, help) name,
#include "tool/commands.def"
#undef COMMAND
};

TEST(CommandLine, EveryCommandHasHelpWithExamples) {
  std::string all = run({"--help"}).out;
  for (const char *name : names) {
    Result r = run({name, "--help"});
    EXPECT_EQ(r.status, 0) << name;
    size_t examples = r.out.find("\nExample");
    ASSERT_NE(examples, r.out.npos) << name;
    EXPECT_THAT(r.out.substr(examples), HasSubstr(std::string("luge ") + name)) << name;
    EXPECT_THAT(all, HasSubstr(std::string("\n  ") + name + " "));
  }
}

TEST(CommandLine, CompletionKnowsEveryCommandAndItsOptions) {
  for (const char *shell : {"bash", "zsh"}) {
    Result r = run({"--completion", shell});
    EXPECT_EQ(r.status, 0);
    for (const char *name : names)
      EXPECT_THAT(r.out, HasSubstr(std::string("    ") + name + ")")) << shell;
    EXPECT_THAT(r.out, HasSubstr("--full-names"));
  }
}

TEST(CommandLine, WrongUsageIsOneLineAndStatus2) {
  auto expect = [](std::vector<std::string> words, const std::string &line) {
    Result r = run(std::move(words));
    EXPECT_EQ(r.status, 2);
    EXPECT_EQ(r.err, "luge: " + line + "\n");
    EXPECT_EQ(r.out, "");
  };
  expect({"repot"}, "unknown command 'repot'. Did you mean 'report'?");
  expect({"replay"}, "replay: FILE is required; see luge replay --help");
  expect({"replay", "--fliter", "x", "f"},
         "replay: unknown option '--fliter'. Did you mean '--filter'?; see luge replay --help");
  expect({"report", "a", "b"}, "report: unexpected 'b'; see luge report --help");
  expect({"replay", "-t", "soon", "f"}, "--threshold 'soon': want a time such as 10us");
  expect({"replay", "-r", "1ms", "f"}, "--time-range '1ms': want FROM~TO such as 1ms~2.5ms");
  expect({"dump", "f"}, "dump: want one of --chrome and --raw; see luge dump --help");
}

TEST(CommandLine, FailureIsOneLineAndStatus1) {
  for (const char *command : {"replay", "report", "info", "list"}) {
    Result r = run({command, "/nonexistent/file"});
    EXPECT_EQ(r.status, 1);
    EXPECT_EQ(r.err, "luge: /nonexistent/file: No such file or directory\n");
    EXPECT_EQ(r.out, "");
  }
}

TEST(CommandLine, Version) { EXPECT_THAT(run({"--version"}).out, HasSubstr("luge 0.")); }

TEST(Closest, NearestFirst) {
  std::vector<std::string> known = {"parse_value", "parse", "print", "main"};
  EXPECT_THAT(closest("pasre", known, 3), ElementsAre("parse", "parse_value"));
  EXPECT_THAT(closest("xyzzy", known, 3), ElementsAre());
}

} // namespace
} // namespace luge::test
