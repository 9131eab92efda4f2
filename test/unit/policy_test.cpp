// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every reason to take or leave a function, what outranks what, and what the record then says.
#include "sled/policy.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "arch/x86_64/layout.h"
#include "gtest/gtest.h"
#include "sled/record.h"

namespace luge {
namespace {

class Policy : public testing::Test {
protected:
  Policy() {
    f.mangled = "_ZN4json5parseEi";
    f.file = "src/json.cpp";
    f.line = 12;
    f.insns = 20;
  }
  Decision decide_with(const std::string &text) {
    Options o;
    EXPECT_EQ(set_options(o, text).value_or(""), "");
    EXPECT_EQ(finish_options(o, x86_64).value_or(""), "");
    return decide(f, o, x86_64);
  }
  Reason why(const std::string &text) {
    Decision d = decide_with(text);
    EXPECT_EQ(d.take, d.why == Reason::Taken || d.why == Reason::TakenByAttribute ||
                          d.why == Reason::TakenByInclude || d.why == Reason::TakenByLoop);
    return d.why;
  }
  static Nops nops(unsigned total, unsigned prefix) {
    Nops n;
    n.total = total, n.prefix = prefix, n.given = true;
    return n;
  }
  FunctionFacts f;
};

TEST_F(Policy, takes_everything_by_default) { EXPECT_EQ(why(""), Reason::Taken); }

TEST_F(Policy, include) {
  EXPECT_EQ(why("include=json::*"), Reason::TakenByInclude);
  EXPECT_EQ(why("include=x include=json::parse(int)"), Reason::TakenByInclude);
  EXPECT_EQ(why("include=_ZN4json*"), Reason::TakenByInclude);
  EXPECT_EQ(why("include=parse"), Reason::NotIncluded);
}

TEST_F(Policy, no_nops_is_no_sled) {
  EXPECT_EQ(why("nops=0"), Reason::ZeroNops);
  f.patchable = nops(3, 1); // the attribute is written at the function itself
  EXPECT_EQ(why("nops=0"), Reason::TakenByAttribute);
}

TEST_F(Policy, exclude_outranks_include) {
  EXPECT_EQ(why("exclude=json::*"), Reason::Excluded);
  EXPECT_EQ(why("include=json::* exclude=*parse*"), Reason::Excluded);
  EXPECT_EQ(why("exclude=xml::*"), Reason::Taken);
}

TEST_F(Policy, files) {
  EXPECT_EQ(why("include-file=src/*"), Reason::Taken);
  EXPECT_EQ(why("include-file=*.c"), Reason::FileNotIncluded);
  EXPECT_EQ(why("exclude-file=*json*"), Reason::FileExcluded);
  EXPECT_EQ(why("include-file=src/* exclude-file=*.cpp"), Reason::FileExcluded);
  EXPECT_EQ(why("include=json::* exclude-file=*.cpp"), Reason::FileExcluded);
}

TEST_F(Policy, min_insns_and_loops) {
  EXPECT_EQ(why("min-insns=20"), Reason::Taken);
  EXPECT_EQ(why("min-insns=21"), Reason::TooSmall);
  EXPECT_EQ(why("min-insns=21 keep-loops"), Reason::TooSmall);
  f.has_loop = true;
  EXPECT_EQ(why("min-insns=21"), Reason::TooSmall);
  EXPECT_EQ(why("min-insns=21 keep-loops"), Reason::TakenByLoop);
  EXPECT_EQ(why("min-insns=20 keep-loops"), Reason::Taken);
  EXPECT_EQ(why("min-insns=21 keep-loops exclude=json::*"), Reason::Excluded);
}

TEST_F(Policy, attributes_outrank_globs) {
  f.no_instrument = true;
  EXPECT_EQ(why("include=json::*"), Reason::NoInstrument);
  f.no_instrument = false;
  f.patchable = nops(8, 0);
  EXPECT_EQ(why("exclude=*"), Reason::TakenByAttribute);
  EXPECT_EQ(why("min-insns=1000"), Reason::TakenByAttribute);
  f.patchable = nops(0, 0);
  EXPECT_EQ(why("include=json::*"), Reason::ZeroNops);
  f.patchable = nops(8, 0);
  f.no_instrument = true;
  EXPECT_EQ(why(""), Reason::NoInstrument);
}

TEST_F(Policy, nothing_goes_into_a_naked_function) {
  f.naked = true;
  f.patchable = nops(8, 0);
  EXPECT_EQ(why("include=*"), Reason::Naked);
}

TEST_F(Policy, synthesised_functions_are_left) {
  f.synthesised = true;
  EXPECT_EQ(why("include=*"), Reason::Synthesised);
  f.patchable = nops(8, 0); // -fpatchable-function-entry=8 gives them one
  EXPECT_EQ(why(""), Reason::TakenByAttribute);
}

TEST_F(Policy, every_reason_has_words) {
  for (unsigned r = 0; r <= static_cast<unsigned>(Reason::TooSmall); ++r)
    EXPECT_GT(std::string(reason_text(static_cast<Reason>(r))).size(), 5u);
}

TEST_F(Policy, decision_follows_the_options) {
  Decision d = decide_with("flavour=toggle entries=both");
  EXPECT_EQ(d.flavour, Flavour::Toggle);
  EXPECT_TRUE(d.stub);
  EXPECT_EQ(d.entries, Entries::Both);
  d = decide_with("nops=16,11");
  EXPECT_EQ(d.flavour, Flavour::Nop);
  EXPECT_EQ(d.nops.total, 16u);
  EXPECT_EQ(d.nops.prefix, 11u);
}

TEST_F(Policy, stub_only_where_the_sled_reaches_it) {
  EXPECT_TRUE(decide_with("").stub);
  EXPECT_TRUE(decide_with("nops=16,11").stub);
  EXPECT_FALSE(decide_with("nops=16,12").stub);
  EXPECT_FALSE(decide_with("nops=4").stub);
  EXPECT_FALSE(decide_with("stub=no").stub);
  EXPECT_FALSE(decide_with("entries=pfe").stub);
  EXPECT_TRUE(decide_with("entries=both").stub);
}

TEST_F(Policy, an_attribute_gets_nops_and_both_tables) {
  f.patchable = nops(3, 1);
  Decision d = decide_with("flavour=toggle");
  EXPECT_EQ(d.flavour, Flavour::Nop);
  EXPECT_EQ(d.nops.total, 3u);
  EXPECT_EQ(d.nops.prefix, 1u);
  EXPECT_FALSE(d.stub) << "two bytes cannot reach a stub, whatever the rest of the file has";
  EXPECT_EQ(d.entries, Entries::Both);
  f.patchable = nops(7, 2);
  EXPECT_TRUE(decide_with("").stub);
  EXPECT_EQ(decide_with("entries=pfe").entries, Entries::Pfe);
}

TEST_F(Policy, record_flags) {
  EXPECT_EQ(decide_with("").flags, 0);
  const struct {
    bool FunctionFacts::*fact;
    unsigned flag;
  } table[] = {{&FunctionFacts::static_chain, LUGE_SITE_STATIC_CHAIN},
               {&FunctionFacts::return_seen, LUGE_SITE_RETURN_SEEN},
               {&FunctionFacts::returns_twice, LUGE_SITE_RETURNS_TWICE},
               {&FunctionFacts::calls_setjmp, LUGE_SITE_CALLS_SETJMP},
               {&FunctionFacts::special_cc, LUGE_SITE_SPECIAL_CC},
               {&FunctionFacts::no_vectors, LUGE_SITE_NO_VECTORS}};
  for (const auto &row : table) {
    f.*row.fact = true;
    EXPECT_EQ(decide_with("flavour=toggle").flags, row.flag);
    f.*row.fact = false;
  }
}

TEST_F(Policy, stack_arguments_saturate_to_unknown) {
  for (unsigned words : {0u, 1u, 254u}) {
    f.stack_args = words;
    EXPECT_EQ(decide_with("").stack_args, words);
  }
  for (unsigned words : {255u, 256u, 100000u}) {
    f.stack_args = words;
    EXPECT_EQ(decide_with("").stack_args, LUGE_STACK_ARGS_UNKNOWN);
  }
}

TEST_F(Policy, a_demangled_name_of_the_compiler_is_used) {
  f.demangled = "json::parse(my_int)";
  EXPECT_EQ(why("include=*(my_int)"), Reason::TakenByInclude);
}

TEST(Demangle, leaves_other_names_alone) {
  EXPECT_EQ(demangle("_ZN4json5parseEi"), "json::parse(int)");
  for (const char *name : {"main", "_Z", "", "_ZN4jso", "i"})
    EXPECT_EQ(demangle(name), name);
}

TEST_F(Policy, report_appends_one_line_a_function) {
  char path[] = "/tmp/luge-report-XXXXXX";
  close(mkstemp(path));
  Options o;
  o.report = path;
  EXPECT_EQ(finish_options(o, x86_64).value_or(""), "");
  Decision taken = decide(f, o, x86_64);
  EXPECT_EQ(report_decision(o, f, taken), std::nullopt);
  f.naked = true;
  EXPECT_EQ(report_decision(o, f, decide(f, o, x86_64)), std::nullopt);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  unlink(path);
  EXPECT_EQ(text.str(), "taken\tdefault\tsrc/json.cpp:12\tjson::parse(int)\n"
                        "left\tnaked function: its text is the user's alone\tsrc/json.cpp:12\t"
                        "json::parse(int)\n");
}

TEST_F(Policy, report_says_why_it_cannot_be_written) {
  Options o;
  EXPECT_EQ(report_decision(o, f, {}), std::nullopt) << "no report asked for";
  o.report = "/nonexistent/report";
  EXPECT_EQ(report_decision(o, f, {}).value_or(""),
            "report=/nonexistent/report: No such file or directory");
}

} // namespace
} // namespace luge
