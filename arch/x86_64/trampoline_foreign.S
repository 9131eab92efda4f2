/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * x86-64: the built-in tracers on a function with a foreign sled (foreign.h). Its callers may count on
 * every register, so even r11 is kept: the stub has stored it 112 bytes below the stack pointer, in the
 * function's red zone, and fetches it from there when the call goes on to the body. Nothing here may write
 * there. Everything but the built-in tracers goes through luge_foreign_many_entry (trampoline_many.S).
 *
 * System V psABI, AMD64 supplement, 3.2.2 (red zone).
 */
#include "arch/x86_64/trampoline.h"

	.text

/* Records the entry, goes on. */
FUNCTION luge_foreign_function_entry
	endbr64
	RECORD_ENTRY luge_prepare_foreign
END luge_foreign_function_entry

/* luge_thread_prepare(0) with every register but the flags kept, and what the stub has stored. */
FUNCTION luge_prepare_foreign
	sub	$96, %rsp
	.cfi_adjust_cfa_offset 96
	PUSH_CALLER_SAVED
	sub	$REGS_BYTES + ALL_VECTOR_BYTES, %rsp
	and	$-64, %rsp
	ALL_VECTORS store
	xor	%edi, %edi
	call	luge_thread_prepare
	ALL_VECTORS load
	POP_CALLER_SAVED
	add	$96, %rsp
	.cfi_adjust_cfa_offset -96
	ret
END luge_prepare_foreign

	.hidden	luge_thread
	.hidden	luge_thread_prepare
	.hidden	luge_vector_class

	NOTES
