// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What replay and report show, and what a filter without parameters matches. The demangled forms
// come from mangled names through the C++ runtime, so that no spelling is invented here.
#include "sled/glob.h"

#include <ostream>

#include "gtest/gtest.h"
#include "sled/policy.h"

namespace luge {
namespace {

struct Name {
  const char *mangled, *qualified;
};

void PrintTo(const Name &n, std::ostream *out) { *out << n.mangled; }

class QualifiedNames : public testing::TestWithParam<Name> {};

TEST_P(QualifiedNames, of) {
  std::string demangled = demangle(GetParam().mangled);
  EXPECT_EQ(qualified_name(demangled), GetParam().qualified) << demangled;
}

INSTANTIATE_TEST_SUITE_P(
    functions, QualifiedNames,
    testing::Values(Name{"main", "main"}, Name{"_Z1fv", "f"}, Name{"_Z1fic", "f"},
                    Name{"_ZN2ns1fEPKc", "ns::f"}, Name{"_ZNK2ns1S3getEv", "ns::S::get"},
                    Name{"_ZNO2ns1S4takeEv", "ns::S::take"},
                    Name{"_Z1fPFivE", "f"},               // f(int (*)())
                    Name{"_Z1fSt8functionIFivEE", "f"},   // f(std::function<int ()>)
                    Name{"_ZN1SC2Ei", "S::S"}, Name{"_ZN1SD0Ev", "S::~S"},
                    Name{"_ZN12_GLOBAL__N_11fEi", "(anonymous namespace)::f"},
                    Name{"_Z1fN12_GLOBAL__N_11TE", "f"},
                    Name{"_ZN2ns12_GLOBAL__N_11S1fEv", "ns::(anonymous namespace)::S::f"},
                    Name{"_Z1fB5cxx11v", "f[abi:cxx11]"}));

INSTANTIATE_TEST_SUITE_P(
    templates_print_a_return_type, QualifiedNames,
    testing::Values(Name{"_Z1fIiEiT_", "f<int>"}, Name{"_ZN2ns1fIiEEvT_", "ns::f<int>"},
                    Name{"_Z1fIcEmT_", "f<char>"},   // "unsigned long f<char>(char)"
                    Name{"_Z1fIcEPKcT_", "f<char>"}, // "char const* f<char>(char)"
                    Name{"_Z1fIiSt4pairIiiEEvT_T0_", "f<int, std::pair<int, int> >"},
                    Name{"_ZN1SIiE1fIcEEvT_", "S<int>::f<char>"},
                    Name{"_Z1fIXadL_Z1gvEEEvv", "f<&(g())>"},
                    Name{"_Z1fILi3EEvv", "f<3>"},
                    Name{"_Z3addIiiEDTplfp_fp0_ET_T0_", "add<int, int>"})); // decltype (fp+fp0)

// The type of what is returned goes around the name: "void (*f<int>(int))(char)".
INSTANTIATE_TEST_SUITE_P(returns_a_pointer_to_function, QualifiedNames,
                         testing::Values(Name{"_Z1fIiEPFvcET_", "f<int>"},
                                         Name{"_ZN2ns1fIiEEPFvcET_", "ns::f<int>"},
                                         Name{"_Z1fIiERA3_iT_", "f<int>"}, // int (&f<int>(int))[3]
                                         Name{"_Z1fIiEPFPFvcEdET_", "f<int>"},
                                         Name{"_ZN2ns1SltIiEEPFvcET_", "ns::S::operator< <int>"}));

INSTANTIATE_TEST_SUITE_P(
    operators, QualifiedNames,
    testing::Values(Name{"_ZN1SclEi", "S::operator()"}, Name{"_ZNK1SclEv", "S::operator()"},
                    Name{"_ZN1SixEi", "S::operator[]"}, Name{"_ZN1SptEv", "S::operator->"},
                    Name{"_ZlsRSoRK1S", "operator<<"}, Name{"_ZgtRK1SS1_", "operator>"},
                    Name{"_ZN1ScviEv", "S::operator int"},
                    Name{"_ZNK1ScvPKcEv", "S::operator char const*"},
                    Name{"_Znwm", "operator new"}, Name{"_ZdaPv", "operator delete[]"},
                    Name{"_ZN1SssERKS_", "S::operator<=>"},
                    Name{"_ZlsIcERSoS0_T_", "operator<< <char>"},
                    Name{"_ZNKSt8functionIFviEEclEi", "std::function<void (int)>::operator()"},
                    Name{"_Z14operator_tablei", "operator_table"},
                    Name{"_ZN2ns14operator_tableIiEEvT_", "ns::operator_table<int>"}));

INSTANTIATE_TEST_SUITE_P(
    lambdas_and_local_names, QualifiedNames,
    testing::Values(Name{"_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()"},
                    Name{"_ZZ1fiENKUlvE_clEv", "f(int)::{lambda()#1}::operator()"},
                    Name{"_ZZ1fIiEvT_ENKUlvE0_clEv", "f<int>(int)::{lambda()#2}::operator()"},
                    Name{"_ZZ1fiEN1S1gEv", "f(int)::S::g"}));

TEST(QualifiedName, keeps_what_is_no_function) {
  for (const char *s : {"", "main", "vtable for S", "a.b", "(", ")", "()", "f(", "f)",
                        "S::operator()"})
    EXPECT_EQ(qualified_name(s), s);
}

TEST(QualifiedName, clones_lose_their_suffix_with_the_parameters) {
  EXPECT_EQ(qualified_name("ns::f(int) [clone .cold]"), "ns::f");
  EXPECT_EQ(qualified_name("ns::f(int) const"), "ns::f");
}

TEST(QualifiedName, an_arrow_closes_no_bracket) {
  EXPECT_EQ(qualified_name("void f<decltype (p->q) >(int)"), "f<decltype (p->q) >");
}

TEST(QualifiedName, is_a_view_into_the_argument) {
  std::string s = "int ns::f<int>(char) const";
  std::string_view q = qualified_name(s);
  EXPECT_GE(q.data(), s.data());
  EXPECT_LE(q.data() + q.size(), s.data() + s.size());
}

// Any byte string must come back as a part of itself: trace files are hostile input.
TEST(QualifiedName, any_text_gives_a_part_of_itself) {
  const std::string alphabet = "f( )<>:o&";
  std::string s(7, ' ');
  uint64_t state = 1;
  for (int round = 0; round < 200000; ++round) {
    for (char &c : s)
      c = alphabet[((state = state * 6364136223846793005u + 1442695040888963407u) >> 40) %
                   alphabet.size()];
    ASSERT_NE(s.find(qualified_name(s)), s.npos) << s;
  }
}

} // namespace
} // namespace luge
