// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every option, every error message word for word: both compilers and the wrapper print them.
#include "sled/options.h"

#include <cstdio>
#include <fstream>
#include <set>

#include <unistd.h>

#include "arch/x86_64/layout.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace luge {
namespace {

using testing::ElementsAre;

// What goes wrong with these options, "" if nothing; the options themselves in `o`.
std::string set(Options &o, std::string_view text) { return set_options(o, text).value_or(""); }

std::string error_of(std::string_view text) {
  Options o;
  return set(o, text);
}

std::string finish_error(std::string_view text) {
  Options o;
  EXPECT_EQ(set(o, text), "") << text;
  return finish_options(o, x86_64).value_or("");
}

class RulesFile {
public:
  explicit RulesFile(const std::string &text) {
    char name[] = "/tmp/luge-rules-XXXXXX";
    int fd = mkstemp(name);
    close(fd);
    path = name;
    std::ofstream(path) << text;
  }
  ~RulesFile() { unlink(path.c_str()); }
  std::string path;
};

TEST(Options, defaults) {
  Options o;
  EXPECT_EQ(finish_options(o, x86_64), std::nullopt);
  EXPECT_EQ(o.flavour, Flavour::Nop);
  EXPECT_EQ(o.nops.total, 5u);
  EXPECT_EQ(o.nops.prefix, 0u);
  EXPECT_FALSE(o.nops.given);
  EXPECT_EQ(o.stub, Choice::Auto);
  EXPECT_EQ(o.entries, Entries::Luge);
  EXPECT_EQ(o.min_insns, 0u);
  EXPECT_FALSE(o.keep_loops || o.names);
  EXPECT_TRUE(o.rules.empty() && o.report.empty() && o.include.empty() && o.exclude.empty());
  EXPECT_TRUE(o.include_file.empty() && o.exclude_file.empty());
}

TEST(Options, every_option_is_taken) {
  Options o;
  EXPECT_EQ(set(o, " flavour=toggle nops=16,11\tstub=no entries=both include=a* include=b "
                   "exclude=c include-file=*.c exclude-file=/usr/* min-insns=12 keep-loops=on "
                   "rules=r.txt names=on report=out.txt "),
            "");
  EXPECT_EQ(o.flavour, Flavour::Toggle);
  EXPECT_EQ(o.nops.total, 16u);
  EXPECT_EQ(o.nops.prefix, 11u);
  EXPECT_TRUE(o.nops.given);
  EXPECT_EQ(o.stub, Choice::No);
  EXPECT_EQ(o.entries, Entries::Both);
  EXPECT_THAT(o.include, ElementsAre("a*", "b"));
  EXPECT_THAT(o.exclude, ElementsAre("c"));
  EXPECT_THAT(o.include_file, ElementsAre("*.c"));
  EXPECT_THAT(o.exclude_file, ElementsAre("/usr/*"));
  EXPECT_EQ(o.min_insns, 12u);
  EXPECT_TRUE(o.keep_loops);
  EXPECT_EQ(o.rules, "r.txt");
  EXPECT_TRUE(o.names);
  EXPECT_EQ(o.report, "out.txt");
}

TEST(Options, a_later_value_replaces_the_earlier_one) {
  Options o;
  EXPECT_EQ(set(o, "flavour=toggle nops=9,3 stub=yes entries=pfe keep-loops names"), "");
  EXPECT_EQ(set(o, "flavour=nop nops=6 stub=no entries=luge keep-loops=off names=no"), "");
  EXPECT_EQ(o.flavour, Flavour::Nop);
  EXPECT_EQ(o.nops.total, 6u);
  EXPECT_EQ(o.nops.prefix, 0u);
  EXPECT_EQ(o.stub, Choice::No);
  EXPECT_EQ(o.entries, Entries::Luge);
  EXPECT_FALSE(o.keep_loops || o.names);
}

TEST(Options, a_bare_switch_is_on) {
  Options o;
  EXPECT_EQ(set(o, "keep-loops names"), "");
  EXPECT_TRUE(o.keep_loops && o.names);
}

TEST(Options, a_value_may_hold_an_equals_sign) {
  Options o;
  EXPECT_EQ(set(o, "include=operator=="), "");
  EXPECT_THAT(o.include, ElementsAre("operator=="));
}

TEST(Options, unknown_ones_are_named_with_the_nearest) {
  EXPECT_EQ(error_of("nop=5"), "unknown option 'nop=5'. Did you mean 'nops=5'?");
  EXPECT_EQ(error_of("flavor=toggle"), "unknown option 'flavor=toggle'. Did you mean "
                                       "'flavour=toggle'?");
  EXPECT_EQ(error_of("name"), "unknown option 'name'. Did you mean 'names'?");
  EXPECT_EQ(error_of("min_insns=3"), "unknown option 'min_insns=3'. Did you mean 'min-insns=3'?");
  EXPECT_EQ(error_of("minins=3"), "unknown option 'minins=3'. Did you mean 'min-insns=3'?");
  std::string all = "unknown option 'sled=5'. Options:";
  for (const OptionHelp &o : option_help())
    all += std::string(" ") + o.key;
  EXPECT_EQ(error_of("sled=5"), all);
}

TEST(Options, the_first_error_ends_the_parsing) {
  Options o;
  EXPECT_NE(set(o, "names=on bogus-word=1 keep-loops=on"), "");
  EXPECT_TRUE(o.names);
  EXPECT_FALSE(o.keep_loops);
}

struct Wrong {
  const char *option, *want;
};
class WrongValue : public testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, says_what_it_wants) {
  EXPECT_EQ(error_of(GetParam().option),
            std::string("option '") + GetParam().option + "': want " + GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    every_type, WrongValue,
    testing::Values(Wrong{"flavour=xray", "nop or toggle"}, Wrong{"flavour=", "nop or toggle"},
                    Wrong{"stub=maybe", "yes or no"}, Wrong{"entries=mcount", "luge, pfe or both"},
                    Wrong{"names=2", "on or off"}, Wrong{"keep-loops=yess", "on or off"},
                    Wrong{"min-insns=", "a number"}, Wrong{"min-insns=-1", "a number"},
                    Wrong{"min-insns=1x", "a number"}, Wrong{"min-insns=1234567890", "a number"},
                    Wrong{"rules=", "a file name"}, Wrong{"report=", "a file name"},
                    Wrong{"include=", "a glob"}, Wrong{"exclude=", "a glob"},
                    Wrong{"include-file=", "a glob"}, Wrong{"exclude-file=", "a glob"}));

INSTANTIATE_TEST_SUITE_P(
    nops, WrongValue,
    testing::Values(Wrong{"nops=", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=x", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=5,", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=,5", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=5,6", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=65536", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=0x10", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=-1", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=5,2,1", "N or N,M with M <= N <= 65535"},
                    Wrong{"nops=99999999999", "N or N,M with M <= N <= 65535"}));

TEST(Options, nops_at_their_bounds) {
  Nops n;
  EXPECT_FALSE(parse_nops("65535,65535", n));
  EXPECT_EQ(n.total, 65535u);
  EXPECT_EQ(n.prefix, 65535u);
  EXPECT_FALSE(parse_nops("0", n));
  EXPECT_EQ(n.total, 0u);
  EXPECT_TRUE(n.given);
}

TEST(Options, a_wrong_value_changes_nothing) {
  Nops n;
  EXPECT_FALSE(parse_nops("9,4", n));
  EXPECT_TRUE(parse_nops("4,9", n));
  EXPECT_EQ(n.total, 9u);
  EXPECT_EQ(n.prefix, 4u);
}

TEST(FinishOptions, toggle_has_one_form) {
  EXPECT_EQ(finish_error("flavour=toggle nops=5"),
            "nops=N,M belongs to flavour=nop: the toggle sled has one size");
  EXPECT_EQ(finish_error("flavour=toggle stub=no"),
            "stub=no belongs to flavour=nop: a toggle sled is a branch to its stub");
  EXPECT_EQ(finish_error("flavour=toggle entries=pfe"),
            "entries=pfe belongs to flavour=nop: readers of that section expect NOPs");
  EXPECT_EQ(finish_error("flavour=toggle entries=both"), "");
  Options o;
  set(o, "flavour=toggle");
  finish_options(o, x86_64);
  EXPECT_EQ(o.stub, Choice::Yes);
}

TEST(FinishOptions, a_stub_needs_a_sled_that_reaches_it) {
  EXPECT_EQ(finish_error("stub=yes nops=4"),
            "stub=yes needs a sled of 5 bytes behind the label; nops leaves 4");
  EXPECT_EQ(finish_error("stub=yes nops=16,12"),
            "stub=yes needs a sled of 5 bytes behind the label; nops leaves 4");
  EXPECT_EQ(finish_error("stub=yes nops=16,11"), "");
  EXPECT_EQ(finish_error("stub=yes entries=pfe"),
            "stub=yes needs entries=luge or both: the stub is found through luge_sites");
  EXPECT_EQ(finish_error("stub=no nops=1 entries=pfe"), "");
}

TEST(Rules, are_read_in_order_with_comments_and_blanks) {
  RulesFile file("# what to trace\n\n  include = ns::*  \r\ninclude=main\nexclude=*test*\n"
                 "include-file=*.cpp\nexclude-file=/usr/*\nmin-insns=7\nkeep-loops=on");
  Options o;
  ASSERT_EQ(set(o, "include=first rules=" + file.path), "");
  ASSERT_EQ(finish_options(o, x86_64).value_or(""), "");
  EXPECT_THAT(o.include, ElementsAre("first", "ns::*", "main"));
  EXPECT_THAT(o.exclude, ElementsAre("*test*"));
  EXPECT_THAT(o.include_file, ElementsAre("*.cpp"));
  EXPECT_THAT(o.exclude_file, ElementsAre("/usr/*"));
  EXPECT_EQ(o.min_insns, 7u);
  EXPECT_TRUE(o.keep_loops);
}

TEST(Rules, errors_name_file_and_line) {
  const std::string want = "want KEY=VALUE with include, exclude, include-file, exclude-file, "
                           "min-insns or keep-loops, not ";
  RulesFile key("include=a\n\nnops=5\n"), word("include\n"), value("min-insns=x\n");
  EXPECT_EQ(finish_error("rules=" + key.path), key.path + ":3: " + want + "'nops=5'");
  EXPECT_EQ(finish_error("rules=" + word.path), word.path + ":1: " + want + "'include'");
  EXPECT_EQ(finish_error("rules=" + value.path),
            value.path + ":1: option 'min-insns=x': want a number");
}

TEST(Rules, a_missing_file_is_an_error) {
  EXPECT_EQ(finish_error("rules=/nonexistent/luge.rules"),
            "rules=/nonexistent/luge.rules: No such file or directory");
}

TEST(Rules, a_folder_is_an_error) {
  EXPECT_EQ(finish_error("rules=/tmp"), "rules=/tmp: Is a directory");
}

TEST(OptionHelp, has_a_line_for_every_option) {
  std::set<std::string> keys;
  for (const OptionHelp &o : option_help()) {
    EXPECT_TRUE(keys.insert(o.key).second) << o.key << " twice";
    EXPECT_GT(std::string(o.help).size(), 10u) << o.key;
    Options options;
    auto error = set_option(options, o.key, "\1");
    EXPECT_THAT(error.value_or(""), testing::Not(testing::StartsWith("unknown"))) << o.key;
  }
  EXPECT_GT(keys.size(), 13u);
}

} // namespace
} // namespace luge
