// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The emitter's golden shapes: what both plugins print, whole, for each kind of request. What the
// assembler and the linkers make of it is tested in test/sled and test/link.
#include "sled/text.h"

#include "arch/i386/layout.h"
#include "arch/x86_64/layout.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sled/record.h"

namespace luge {
namespace {

using testing::HasSubstr;
using testing::Not;

SledRequest request(Flavour flavour) {
  SledRequest r;
  r.layout = &x86_64;
  r.flavour = flavour;
  r.nops = x86_64.default_nops;
  r.id = 7;
  r.link_symbol = "f";
  return r;
}

const char *const stub_text = "\t.subsection 1\n"
                              ".Lluge_t7:\n"
                              "\t.byte 0x4c,0x8d,0x1d\n\t.long .Lluge_r7 - . - 4\n"
                              "\t.byte 0x41,0xff,0x23\n"
                              "\t.byte 0xf3,0x0f,0x1e,0xfa\n"
                              "\t.byte 0xe9\n\t.long .Lluge_s7 + 5 - . - 4\n"
                              "\t.subsection 0\n"
                              "\t.pushsection .bss.luge_slots,\"aw?\",%nobits\n"
                              "\t.balign 16\n"
                              ".Lluge_r7:\n"
                              "\t.zero 16\n"
                              "\t.popsection\n";

std::string record_text(const char *stub, const char *last) {
  return std::string("\t.pushsection luge_sites,\"ao?\",%progbits,f\n"
                     "\t.balign 4\n"
                     "\t.long .Lluge_s7 - .\n"
                     "\t.long .Lluge_f7 - .\n") +
         "\t.long " + stub + "\n\t.byte " + last + "\n\t.popsection\n";
}

std::string pfe_text(const char *label) {
  return std::string("\t.pushsection __patchable_function_entries,\"awo?\",%progbits,f\n"
                     "\t.balign 8\n.Lluge_h7:\n\t.quad ") +
         label + "\n\t.popsection\n";
}

TEST(Text, toggle) {
  SledText t(request(Flavour::Toggle));
  EXPECT_EQ(t.prefix(), "");
  EXPECT_EQ(t.mark(), ".Lluge_f7:\n");
  EXPECT_EQ(t.sled(), ".Lluge_s7:\n\t.byte 0x3d\n\t.long .Lluge_t7 - . - 4\n");
  EXPECT_EQ(t.tail(), stub_text + record_text(".Lluge_t7 - .", "0,1,0,0"));
}

TEST(Text, nop) {
  SledText t(request(Flavour::Nop));
  EXPECT_EQ(t.prefix(), "");
  EXPECT_EQ(t.mark(), ".Lluge_f7:\n");
  EXPECT_EQ(t.sled(), "\t.p2align 3,,4\n.Lluge_s7:\n\t.byte 0x0f,0x1f,0x44,0x00,0x00\n");
  EXPECT_EQ(t.tail(), stub_text + record_text(".Lluge_t7 - .", "0,0,0,0"));
}

// The first function of a section ties the table of all to their text.
TEST(Text, tie) {
  SledRequest r = request(Flavour::Toggle);
  const std::string tie = "\t.reloc ., BFD_RELOC_NONE, .Lluge_e7\n";
  for (const char *own : {"", ".Lluge_f7", ".Lluge_m7"}) {
    r.link_symbol = own;
    EXPECT_EQ(SledText(r).ties(), tie);
    EXPECT_THAT(SledText(r).tail(), HasSubstr(".balign 4\n.Lluge_e7:\n\t.long .Lluge_s7 - ."));
  }
  r.link_symbol = ".Lluge_f6";
  EXPECT_EQ(SledText(r).ties(), "");
  r.name = "f";
  r.entries = Entries::Both;
  EXPECT_EQ(SledText(r).ties(), "\t.reloc ., BFD_RELOC_NONE, .Lluge_n7\n\t.reloc ., BFD_RELOC_NONE, .Lluge_h7\n");
}

// One FDE for all stubs of a section, or for those of one function; the CIE once in a file.
TEST(Text, stub_frame) {
  SledText t(request(Flavour::Toggle));
  const std::string frame = ".Lluge_z7:\n\t.subsection 0\n"
                            "\t.pushsection .eh_frame,\"a\"\n"
                            "\t.ifndef .Lluge_cie\n.Lluge_cie:\n\t.long 20,0\n"
                            "\t.byte 1,122,82,0,1,120,16,1,27,12,7,8,144,1,0,0\n\t.endif\n"
                            "\t.long 16, . - .Lluge_cie\n"
                            "\t.long .Lluge_t7 - .\n\t.long .Lluge_z7 - .Lluge_t7\n"
                            "\t.zero 4\n\t.popsection\n";
  EXPECT_EQ(t.stub_frame(Frames::Section), "\t.subsection 2\n" + frame);
  EXPECT_EQ(t.stub_frame(Frames::Function), "\t.subsection 1\n" + frame);
}

// The function's own FDE goes on to its stubs, which are at its end then.
TEST(Text, own_frame) {
  SledRequest r = request(Flavour::Toggle);
  EXPECT_EQ(SledText(r).stub(), "");
  r.own_frame = true;
  SledText t(r);
  const std::string all = stub_text;
  const size_t begin = all.find(".Lluge_t7:"), end = all.find("\t.subsection 0\n");
  EXPECT_EQ(t.stub(), "\t.cfi_restore_state\n" + all.substr(begin, end - begin));
  EXPECT_EQ(t.tail(), all.substr(all.find("\t.pushsection")) + record_text(".Lluge_t7 - .", "0,1,0,0"));
  EXPECT_EQ(t.sled(), "\t.cfi_remember_state\n.Lluge_s7:\n\t.byte 0x3d\n\t.long .Lluge_t7 - . - 4\n");
  EXPECT_EQ(t.stub_frame(Frames::Section), "");
  SledText exit(exit_request(r, 9, LUGE_SITE_RETURN, false, false));
  EXPECT_EQ(exit.sled(), ".Lluge_x9:\n\t.byte 0x3d\n\t.long .Lluge_t9 - . - 4\n");
  EXPECT_EQ(exit.stub().substr(0, 11), ".Lluge_t9:\n");
  r.stub = false, r.flavour = Flavour::Nop;
  EXPECT_EQ(SledText(r).stub(), "");
  EXPECT_THAT(SledText(r).sled(), Not(HasSubstr(".cfi")));
}

TEST(Text, nothing_to_describe_without_a_stub) {
  SledRequest r = request(Flavour::Nop);
  r.stub = false;
  EXPECT_EQ(SledText(r).stub_frame(Frames::Section), "");
  r.stub = true, r.entries = Entries::Pfe;
  EXPECT_EQ(SledText(r).stub_frame(Frames::Section), "");
  r.entries = Entries::Luge, r.layout = &i386; // its stub pushes
  EXPECT_EQ(SledText(r).stub_frame(Frames::Section), "");
}

TEST(Text, nop_without_stub) {
  SledRequest r = request(Flavour::Nop);
  r.stub = false;
  EXPECT_EQ(SledText(r).tail(), record_text("0", "0,0,0,0"));
}

TEST(Text, nops_before_and_behind_the_label) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 16, r.prefix_nops = 11;
  SledText t(r);
  EXPECT_EQ(t.prefix(), ".Lluge_p7:\n\t.fill 11,1,0x90\n");
  EXPECT_EQ(t.sled(), "\t.p2align 3,,4\n.Lluge_s7:\n\t.byte 0x0f,0x1f,0x44,0x00,0x00\n");
  EXPECT_EQ(t.tail(), stub_text + record_text(".Lluge_t7 - .", "0,0,11,0"));
}

TEST(Text, less_than_a_patch_unit_is_not_aligned) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 3, r.stub = false;
  EXPECT_EQ(SledText(r).sled(), ".Lluge_s7:\n\t.byte 0x0f,0x1f,0x00\n");
}

TEST(Text, more_than_a_patch_unit_keeps_it_whole_and_first) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 15;
  EXPECT_EQ(SledText(r).sled(), "\t.p2align 3,,4\n.Lluge_s7:\n\t.byte 0x0f,0x1f,0x44,0x00,0x00\n"
                                "\t.byte 0x66,0x0f,0x1f,0x84,0x00,0x00,0x00,0x00,0x00\n"
                                "\t.byte 0x90\n");
}

TEST(Text, all_nops_before_the_label) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 6, r.prefix_nops = 6, r.stub = false, r.entries = Entries::Both;
  SledText t(r);
  EXPECT_EQ(t.prefix(), ".Lluge_p7:\n\t.fill 6,1,0x90\n");
  EXPECT_EQ(t.sled(), ".Lluge_s7:\n");
  EXPECT_EQ(t.sled_lines(), 0u);
  EXPECT_EQ(t.tail(), record_text("0", "0,0,6,0") + pfe_text(".Lluge_p7"));
}

TEST(Text, no_nops_at_all) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 0, r.stub = false, r.entries = Entries::Both;
  EXPECT_EQ(SledText(r).sled(), ".Lluge_s7:\n");
  EXPECT_THAT(SledText(r).tail(), Not(HasSubstr("__patchable_function_entries")));
}

TEST(Text, entries_pfe_is_the_compilers_own_table_alone) {
  SledRequest r = request(Flavour::Nop);
  r.entries = Entries::Pfe;
  EXPECT_EQ(SledText(r).tail(), pfe_text(".Lluge_s7"));
  r.nops = 5, r.prefix_nops = 2;
  EXPECT_EQ(SledText(r).tail(), pfe_text(".Lluge_p7"));
}

TEST(Text, entries_both) {
  SledRequest r = request(Flavour::Toggle);
  r.entries = Entries::Both;
  EXPECT_EQ(SledText(r).tail(),
            stub_text + record_text(".Lluge_t7 - .", "0,1,0,0") + pfe_text(".Lluge_s7"));
}

TEST(Text, names) {
  SledRequest r = request(Flavour::Nop);
  r.stub = false;
  auto names = [&](const char *name) {
    r.name = name;
    std::string all = SledText(r).tail();
    return all.substr(all.find("\t.pushsection luge_names"));
  };
  const std::string head = "\t.pushsection luge_names,\"ao?\",%progbits,f\n\t.balign 4\n.Lluge_n7:\n"
                           "\t.long .Lluge_f7 - .\n\t.ascii \"";
  const std::string end = "\"\n\t.popsection\n";
  EXPECT_EQ(names("f"), head + "f\\0\\0\\0" + end);
  EXPECT_EQ(names("abc"), head + "abc\\0" + end);
  EXPECT_EQ(names("main"), head + "main\\0\\0\\0\\0" + end);
  EXPECT_EQ(names("a\"b\\c"), head + "a\\\"b\\\\c\\0\\0\\0" + end);
}

TEST(Text, record_fields) {
  SledRequest r = request(Flavour::Toggle);
  r.kind = LUGE_SITE_TAIL_CALL;
  r.flags = LUGE_SITE_STATIC_CHAIN | LUGE_SITE_CALLS_SETJMP;
  r.stack_args = LUGE_STACK_ARGS_UNKNOWN;
  EXPECT_THAT(SledText(r).tail(), HasSubstr("\t.byte 2,19,0,255\n"));
}

TEST(Text, a_prefix_that_the_record_cannot_hold_saturates) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 300, r.prefix_nops = 295;
  EXPECT_THAT(SledText(r).tail(), HasSubstr("\t.byte 0,0,255,0\n"));
  EXPECT_EQ(SledText(r).prefix(), ".Lluge_p7:\n\t.fill 295,1,0x90\n");
}

TEST(Text, links_to_its_own_label_where_there_is_no_symbol) {
  SledRequest r = request(Flavour::Toggle);
  r.link_symbol.clear();
  EXPECT_THAT(SledText(r).tail(), HasSubstr("luge_sites,\"ao?\",%progbits,.Lluge_f7\n"));
}

TEST(Text, labels_differ_by_id) {
  SledRequest r = request(Flavour::Toggle);
  r.id = 8;
  EXPECT_EQ(SledText(r).sled_label(), ".Lluge_s8");
  EXPECT_EQ(SledText(r).function_label(), ".Lluge_f8");
  EXPECT_THAT(SledText(r).tail(), Not(HasSubstr("7 - .")));
}

TEST(Text, lines_are_counted_for_compilers_that_estimate_length) {
  EXPECT_EQ(SledText(request(Flavour::Toggle)).sled_lines(), 2u);
  EXPECT_EQ(SledText(request(Flavour::Nop)).sled_lines(), 2u); // alignment and NOP
  SledRequest r = request(Flavour::Nop);
  r.nops = 30;
  EXPECT_EQ(SledText(r).sled_lines(), 5u);
}

// A tab or a label begins every line: GCC's and LLVM's inline assembly rely on it.
void expect_form(const std::string &text) {
  EXPECT_TRUE(text.empty() || text.back() == '\n') << text;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    EXPECT_TRUE((line[0] == '\t' && line.size() > 1 && line[1] != ' ') || line.back() == ':') << line;
    at = end + 1;
  }
}

TEST(Text, form_of_every_line_on_every_architecture) {
  for (const Arch *arch : all_architectures())
    for (Flavour flavour : {Flavour::Nop, Flavour::Toggle}) {
      SCOPED_TRACE(arch->layout.name);
      SledRequest r = request(flavour);
      r.layout = &arch->layout;
      r.entries = Entries::Both, r.name = "name", r.nops = 20, r.prefix_nops = 3;
      SledText t(r);
      SledRequest exit = exit_request(r, 9, LUGE_SITE_INDIRECT_TAIL_CALL, true, true);
      for (const std::string &text : {t.prefix(), t.mark(), t.sled(), t.tail(), t.stub_frame(Frames::Section),
                                      SledText::module(arch->layout), SledText(exit).sled(),
                                      SledText(exit).tail()})
        expect_form(text);
    }
}

TEST(Text, exit) {
  SledRequest r = request(Flavour::Toggle);
  r.name = "name", r.entries = Entries::Both;
  SledRequest exit = exit_request(r, 9, LUGE_SITE_RETURN, false, false);
  EXPECT_EQ(SledText(exit).sled(), ".Lluge_x9:\n\t.byte 0x3d\n\t.long .Lluge_t9 - . - 4\n");
  std::string tail = SledText(exit).tail();
  EXPECT_THAT(tail, HasSubstr("\t.long .Lluge_x9 - .\n\t.long .Lluge_f7 - .\n\t.long .Lluge_t9 - .\n"
                              "\t.byte 1,1,0,0\n"));
  EXPECT_THAT(tail, Not(HasSubstr("luge_names")));
  EXPECT_THAT(tail, Not(HasSubstr("__patchable_function_entries")));
}

TEST(Text, exit_of_the_nop_flavour_is_one_patch_unit) {
  SledRequest r = request(Flavour::Nop);
  r.nops = 30, r.prefix_nops = 4;
  SledRequest exit = exit_request(r, 9, LUGE_SITE_TAIL_CALL, true, false);
  EXPECT_EQ(SledText(exit).sled(),
            "\t.p2align 3,,4\n.Lluge_x9:\n\t.byte 0x0f,0x1f,0x44,0x00,0x00\n");
  EXPECT_THAT(SledText(exit).tail(), HasSubstr("\t.byte 2,64,0,"));
}

TEST(Text, module_registers_through_weak_symbols_only) {
  std::string text = SledText::module(x86_64);
  for (const char *symbol : {"luge_module_register", "luge_module_unregister", "__start_luge_sites",
                             "__stop_luge_sites", "__start_luge_names", "__stop_luge_names"})
    EXPECT_THAT(text, HasSubstr(std::string("\t.weak ") + symbol + "\n"));
  EXPECT_THAT(text, HasSubstr(".init_array.00101,\"awG\",%init_array,luge_module_ctor,comdat"));
  EXPECT_THAT(text, HasSubstr(".fini_array.00101,\"awG\",%fini_array,luge_module_dtor,comdat"));
}

} // namespace
} // namespace luge
