// SPDX-License-Identifier: GPL-3.0-or-later
// Before "shorten" every exit of a function is an insn: a jump that
// returnjump_p knows, or a sibling call. The dwarf2 pass runs afterwards, so
// the CFI at the sled is that of the insn behind it.
//
// Surprises:
// * With delay slots (MIPS) the exit is a SEQUENCE; the sled goes before all of it, where the
//   frame may still stand, as its release often sits in the slot. An insn in the slot that reads a
//   register of the stub comes out of it, in front of the sled: where it was taken from.
// * Conditional returns (ppc bnelr, s390 ber): the condition is inverted to jump around a sled
//   and a plain return.
// * eh_return leaves to a handler with registers that no trampoline knows: such a function has
//   no exit sleds.
#include "exits.h"

#include "machine.h"
#include "sled/record.h"

namespace luge {
namespace {

struct Exit {
  rtx_insn *place; // in front of which the sled goes
  uint8_t kind;
  bool unpopped;
  bool alternate_stub;
};

rtx call_target(rtx_insn *call) {
  rtx x = get_call_rtx_from(call);
  return x ? XEXP(XEXP(x, 0), 0) : nullptr;
}

Exit tail_call(rtx_insn *place, rtx_insn *call) {
  rtx target = call_target(call);
  bool in_register = target && GET_CODE(target) != SYMBOL_REF;
  // MIPS abicalls, -fno-plt: a known callee goes through a register, until the linker sees it.
  // Every call has the note; that of an unknown callee is empty.
  rtx callee = find_reg_note(call, REG_CALL_DECL, NULL_RTX);
  bool indirect = in_register && !(callee && XEXP(callee, 0));
  return {place, uint8_t(indirect ? LUGE_SITE_INDIRECT_TAIL_CALL : LUGE_SITE_TAIL_CALL),
          place != call && machine::pops_frame(place),
          in_register && machine::needs_alternate_stub(target)};
}

// JUMP, a conditional return, becomes a jump around a plain one, which is the answer.
rtx_insn *plain_return(rtx_jump_insn *jump) {
  bool simple = JUMP_LABEL(jump) == simple_return_rtx;
  rtx_code_label *around = gen_label_rtx();
  if (!invert_jump(jump, around, 0))
    return nullptr;
  rtx text = simple ? targetm.gen_simple_return() : targetm.gen_return();
  rtx_insn *plain = emit_jump_insn_after(text, jump);
  INSN_LOCATION(plain) = INSN_LOCATION(jump);
  JUMP_LABEL(plain) = simple ? simple_return_rtx : ret_rtx;
  emit_label_after(around, emit_barrier_after(plain));
  return plain;
}

// Whether INSN reads a register that the stub changes.
bool reads_scratch(rtx_insn *insn) {
  subrtx_iterator::array_type array;
  FOR_EACH_SUBRTX(i, array, PATTERN(insn), NONCONST)
  if (REG_P(*i) && machine::needs_alternate_stub(const_cast<rtx>(*i)))
    return true;
  return false;
}

// The jump or call of SEQUENCE, an insn with delay slots, which it replaces; what was in the slots
// stands in front.
rtx_insn *without_delay_slots(rtx_insn *insn) {
  rtx_sequence *sequence = as_a<rtx_sequence *>(PATTERN(insn));
  rtx_insn *jump = sequence->insn(0), *before = PREV_INSN(insn);
  for (int i = 1; i < sequence->len(); ++i) {
    rtx_insn *slot = sequence->insn(i);
    rtx_insn *copy = emit_insn_before(copy_insn(PATTERN(slot)), insn);
    INSN_LOCATION(copy) = INSN_LOCATION(slot);
    REG_NOTES(copy) = REG_NOTES(slot);
    RTX_FRAME_RELATED_P(copy) = RTX_FRAME_RELATED_P(slot);
    before = copy;
  }
  remove_insn(insn);
  add_insn_after(jump, before, NULL);
  return jump;
}

rtx_insn *with_usable_slots(rtx_insn *insn) {
  rtx_sequence *sequence = dyn_cast<rtx_sequence *>(PATTERN(insn));
  for (int i = 1; sequence && i < sequence->len(); ++i)
    if (reads_scratch(sequence->insn(i)))
      return without_delay_slots(insn);
  return insn;
}

std::optional<Exit> exit_at(rtx_insn *insn) {
  rtx_insn *inner = insn;
  if (rtx_sequence *sequence = dyn_cast<rtx_sequence *>(PATTERN(insn)))
    inner = sequence->insn(0);
  const bool predicated = GET_CODE(PATTERN(inner)) == COND_EXEC;
  if (!predicated && CALL_P(inner) && SIBLING_CALL_P(inner))
    return tail_call(insn, inner);
  machine::Leaves special = machine::leaves(inner);
  if (special == machine::Leaves::No ||
      (special == machine::Leaves::AsUsual && !(JUMP_P(inner) && returnjump_p(inner)) &&
       !(CALL_P(inner) && SIBLING_CALL_P(inner))))
    return {};
  if (predicated || (JUMP_P(inner) && (condjump_p(inner) || condjump_in_parallel_p(inner)))) {
    rtx_insn *plain = inner == insn && !predicated ? plain_return(as_a<rtx_jump_insn *>(inner)) : nullptr;
    if (!plain) {
      error_at(DECL_SOURCE_LOCATION(current_function_decl),
               "luge: %qD has a conditional return that cannot have a sled; leave it out of "
               "%<exits=on%> by %<exclude%>",
               current_function_decl);
      return {};
    }
    insn = plain;
  }
  return Exit{insn, LUGE_SITE_RETURN, machine::pops_frame(insn), false};
}

} // namespace

rtx text_insn(std::string text) {
  text.pop_back(); // ASM_INPUT brings a tab before and a newline behind
  if (text[0] == '\t')
    text.erase(0, 1);
  // A location without a line of its own: no "# LINE FILE" pairs around the text.
  rtx body = gen_rtx_ASM_INPUT_loc(VOIDmode, ggc_strdup(text.c_str()), BUILTINS_LOCATION);
  MEM_VOLATILE_P(body) = 1;
  return body;
}

std::vector<SledRequest> insert_exits(function *, const SledRequest &entry, unsigned &last_id) {
  std::vector<SledRequest> requests;
  if (crtl->calls_eh_return)
    return requests;
  for (rtx_insn *insn = get_insns(), *next; insn; insn = next) {
    next = NEXT_INSN(insn);
    if (!INSN_P(insn))
      continue;
    std::optional<Exit> exit = exit_at(insn);
    if (!exit)
      continue;
    if (rtx_insn *place = with_usable_slots(exit->place); place != exit->place) {
      exit->place = place;
      exit->unpopped = machine::pops_frame(place);
    }
    requests.push_back(
        exit_request(entry, ++last_id, exit->kind, exit->unpopped, exit->alternate_stub));
    rtx_insn *sled = emit_insn_before(text_insn(SledText(requests.back()).sled()), exit->place);
    INSN_LOCATION(sled) = INSN_LOCATION(exit->place);
  }
  return requests;
}

} // namespace luge
