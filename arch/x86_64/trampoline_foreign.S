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
	CFI_PUSH %rax, 0
	CFI_PUSH %rdx, 1
	CFI_PUSH %rcx, 2
.Lforeign_again:
	CLOCK_AND_THREAD %rcx, .Lforeign_slow
	STORE_EVENT ENTRY_BIT, %rcx, .Lforeign_slow
	.cfi_remember_state
	CFI_POP %rcx, 2
	CFI_POP %rdx, 1
	CFI_POP %rax, 0
	mov	SLOT_site(%r11), %r11
	jmp	*(%r11)
.Lforeign_slow:
	.cfi_restore_state
	call	luge_prepare_foreign
	jmp	.Lforeign_again
END luge_foreign_function_entry

/* luge_thread_prepare(0) with every register but the flags kept, and what the stub has stored. */
FUNCTION luge_prepare_foreign
	sub	$96, %rsp
	.cfi_adjust_cfa_offset 96
	CFI_PUSH %rbx, 3
	CFI_PUSH %rdi, 5
	CFI_PUSH %rsi, 4
	CFI_PUSH %rax, 0
	CFI_PUSH %rdx, 1
	CFI_PUSH %rcx, 2
	CFI_PUSH %r8, 8
	CFI_PUSH %r9, 9
	CFI_PUSH %r10, 10
	CFI_PUSH %r11, 11
	mov	%rsp, %rbx
	.cfi_def_cfa_register 3
	sub	$REGS_BYTES + ALL_VECTOR_BYTES, %rsp
	and	$-64, %rsp
	ALL_VECTORS store
	xor	%edi, %edi
	call	luge_thread_prepare
	ALL_VECTORS load
	mov	%rbx, %rsp
	.cfi_def_cfa_register 7
	CFI_POP %r11, 11
	CFI_POP %r10, 10
	CFI_POP %r9, 9
	CFI_POP %r8, 8
	CFI_POP %rcx, 2
	CFI_POP %rdx, 1
	CFI_POP %rax, 0
	CFI_POP %rsi, 4
	CFI_POP %rdi, 5
	CFI_POP %rbx, 3
	add	$96, %rsp
	.cfi_adjust_cfa_offset -96
	ret
END luge_prepare_foreign

	.hidden	luge_thread
	.hidden	luge_thread_prepare
	.hidden	luge_vector_class

	.section .note.GNU-stack,"",@progbits
	.section .note.gnu.property,"a"
	.p2align 3
	.long	4, 16, 5
	.asciz	"GNU"
	.long	0xc0000002, 4, 3, 0		/* x86 feature: IBT, SHSTK */
