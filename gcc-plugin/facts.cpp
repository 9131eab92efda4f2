// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts.h"

#include "machine.h"
#include "sled/record.h"

namespace luge {

namespace {

// Calls in the body that make it depend on its real frame or return address. __tsan_func_entry
// and -finstrument-functions pass __builtin_return_address on, so they are here as well.
void look_at_call(gcall *call, GimpleFacts &facts) {
  tree callee = gimple_call_fndecl(call);
  if (!callee || !fndecl_built_in_p(callee, BUILT_IN_NORMAL))
    return;
  switch (DECL_FUNCTION_CODE(callee)) {
  case BUILT_IN_APPLY_ARGS:
    facts.any_argument = true;
    [[fallthrough]];
  case BUILT_IN_RETURN_ADDRESS:
  case BUILT_IN_FRAME_ADDRESS:
  case BUILT_IN_DWARF_CFA:
  case BUILT_IN_UNWIND_INIT:
  case BUILT_IN_EH_RETURN:
    facts.return_seen = true;
    break;
  default:
    break;
  }
}

// The C++ front end writes a merged constructor's user code inline; what ipa-cdtor and the
// sanitizers make (varasm knows them as _sub_I_PRIORITY_N) only calls or registers.
bool is_made_by_compiler(tree decl, const std::string &name) {
  cgraph_node *node = cgraph_node::get(decl);
  if (node && (node->thunk || node->former_thunk_p()))
    return true;
  if (!DECL_ARTIFICIAL(decl))
    return false;
  if (node && (node->dispatcher_function || node->ifunc_resolver))
    return true;
  size_t dot = name.rfind('.'); // of target_clones
  if (dot != name.npos && name.substr(dot) == ".resolver")
    return true;
  return name.compare(0, 7, "_sub_I_") == 0 || name.compare(0, 7, "_sub_D_") == 0;
}

std::string assembler_name(tree decl) {
  rtx symbol = XEXP(DECL_RTL(decl), 0);
  return targetm.strip_name_encoding(XSTR(symbol, 0));
}

unsigned count_insns() {
  unsigned count = 0;
  for (rtx_insn *i = get_insns(); i; i = NEXT_INSN(i))
    count += NONDEBUG_INSN_P(i) && active_insn_p(i);
  return count;
}

// Whether an argument on the stack is aligned more than the stack itself: a copy of the
// arguments would have to repeat that alignment.
bool has_overaligned_stack_argument(tree decl) {
  for (tree parm = DECL_ARGUMENTS(decl); parm; parm = DECL_CHAIN(parm)) {
    rtx in = DECL_INCOMING_RTL(parm);
    if (!in || !MEM_P(in))
      continue;
    tree type = DECL_ARG_TYPE(parm);
    if (targetm.calls.function_arg_boundary(TYPE_MODE(type), type) > machine::stack_alignment)
      return true;
  }
  return false;
}

// Where a callee may keep its register arguments in the caller's frame (ppc64, MIPS o32), that room
// counts in args.size: without arguments behind it, nothing is there.
HOST_WIDE_INT register_argument_space([[maybe_unused]] tree decl) {
#if defined INCOMING_REG_PARM_STACK_SPACE
  return INCOMING_REG_PARM_STACK_SPACE(decl);
#elif defined REG_PARM_STACK_SPACE
  return REG_PARM_STACK_SPACE(decl);
#else
  return 0;
#endif
}

unsigned stack_argument_words(function *fun, const GimpleFacts &gimple) {
  HOST_WIDE_INT bytes = 0;
  if (INCOMING_STACK_BOUNDARY > machine::stack_alignment) // -mpreferred-stack-boundary
    return LUGE_STACK_ARGS_UNKNOWN;
  if (fun->stdarg || gimple.any_argument || !crtl->args.size.is_constant(&bytes) ||
      has_overaligned_stack_argument(fun->decl))
    return LUGE_STACK_ARGS_UNKNOWN;
  if (bytes <= register_argument_space(fun->decl))
    return 0;
  HOST_WIDE_INT words = (bytes + 7) / 8;
  return words < LUGE_STACK_ARGS_UNKNOWN ? words : LUGE_STACK_ARGS_UNKNOWN;
}

bool has_attribute(tree decl, const char *name) {
  return lookup_attribute(name, DECL_ATTRIBUTES(decl)) != NULL_TREE;
}

} // namespace

GimpleFacts gimple_facts(function *fun) {
  GimpleFacts facts;
  facts.has_loop = mark_dfs_back_edges();
  basic_block bb;
  FOR_EACH_BB_FN(bb, fun)
  for (gimple_stmt_iterator i = gsi_start_bb(bb); !gsi_end_p(i); gsi_next(&i))
    if (gcall *call = dyn_cast<gcall *>(gsi_stmt(i)))
      look_at_call(call, facts);
  return facts;
}

std::optional<Nops> user_nops(tree decl) {
  tree attribute = lookup_attribute("patchable_function_entry", DECL_ATTRIBUTES(decl));
  Nops nops;
  if (!attribute) {
    if (!compat::has_patchable_option())
      return {};
    nops.total = crtl->patch_area_size;
    nops.prefix = crtl->patch_area_entry;
    nops.given = true;
    return nops;
  }
  tree values = TREE_VALUE(attribute);
  std::string text = std::to_string(tree_to_uhwi(TREE_VALUE(values)));
  if (TREE_CHAIN(values))
    text += "," + std::to_string(tree_to_uhwi(TREE_VALUE(TREE_CHAIN(values))));
  if (auto want = parse_nops(text, nops))
    error_at(DECL_SOURCE_LOCATION(decl), "luge: %<patchable_function_entry(%s)%>: want %s",
             text.c_str(), want->c_str());
  return nops;
}

FunctionFacts rtl_facts(function *fun, const GimpleFacts &gimple, std::optional<Nops> nops) {
  tree decl = fun->decl;
  FunctionFacts f;
  f.mangled = assembler_name(decl);
  f.file = DECL_SOURCE_FILE(decl) ? DECL_SOURCE_FILE(decl) : "";
  f.line = DECL_SOURCE_LINE(decl);
  f.insns = count_insns();
  f.has_loop = gimple.has_loop;
  // Not DECL_NO_INSTRUMENT_FUNCTION_ENTRY_EXIT: set on every function unless -pg.
  f.no_instrument = has_attribute(decl, "no_instrument_function");
  f.patchable = nops;
  f.naked = has_attribute(decl, "naked");
  f.synthesised = is_made_by_compiler(decl, f.mangled);
  f.static_chain = DECL_STATIC_CHAIN(decl);
  // mcount, called behind the prologue, takes the return address for its caller's.
  bool mcount_looks = crtl->profile && machine::mcount_behind_prologue();
  f.return_seen =
      gimple.return_seen || crtl->accesses_prior_frames || crtl->calls_eh_return || mcount_looks;
  f.returns_twice = flags_from_decl_or_type(decl) & ECF_RETURNS_TWICE;
  f.calls_setjmp = fun->calls_setjmp || fun->has_nonlocal_label;
  cgraph_node *node = cgraph_node::get(decl);
  f.special_cc = machine::special_cc(fun) || (node && node->simdclone);
  f.no_vectors = !f.special_cc && machine::no_vectors(fun);
  f.other_code = machine::other_code(fun);
  f.no_scratch = machine::no_scratch(fun);
  f.stack_args = stack_argument_words(fun, gimple);
  return f;
}

} // namespace luge
