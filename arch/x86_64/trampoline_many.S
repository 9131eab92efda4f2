/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * x86-64 trampolines for everything but the built-in tracers alone (trampoline.S, whose rules
 * hold here): counting, one callback, any number of users.
 *
 * luge_many_entry saves what may be live in struct ftrace_regs and asks luge_enter() (core/dispatch.cpp),
 * which fills in the words of the frame (core/dispatch.h). Then it either goes on to where the frame says,
 * without the frame, or calls that from luge_graph_call, as the built-in tracer does, so that every
 * traced body that has a frame returns to the one address luge_graph_return: a tail call out of it is known
 * by that, and the slot's low bit says whose frame it is.
 *
 * A tail call never nests frames: luge_collapse takes the old one down and begins anew.
 * System V psABI, AMD64 supplement, 3.2 (registers, frames), 3.7 (unwinding).
 */
#include "arch/x86_64/trampoline_one.h"

	.set	FRAME_BYTES, 96		/* words -1 to -12 of core/dispatch.h */
	.set	RESULT_VECTORS, 4

	.macro	SAVE_OTHERS		/* the flags lie at -16(%rbp) */
	mov	%rbx, REGS_rbx(%rsp)
	mov	%r12, REGS_r12(%rsp)
	mov	%r13, REGS_r13(%rsp)
	mov	%r14, REGS_r14(%rsp)
	mov	%r15, REGS_r15(%rsp)
	mov	-16(%rbp), %rax
	mov	%rax, REGS_rflags(%rsp)
	movl	$1, REGS_all(%rsp)
	.endm

	.macro	RESTORE_OTHERS
	mov	REGS_rbx(%rsp), %rbx
	mov	REGS_r12(%rsp), %r12
	mov	REGS_r13(%rsp), %r13
	mov	REGS_r14(%rsp), %r14
	mov	REGS_r15(%rsp), %r15
	.endm

	.text

/* LUGE_OPS_FL_COUNT: one more hit of the site, on this thread. */
FUNCTION luge_count_entry
	endbr64
	CFI_PUSH %rax, 0
	CFI_PUSH %rcx, 2
	mov	SLOT_site(%r11), %r11
.Lcount_again:
	mov	luge_thread@gottpoff(%rip), %rax
	mov	%fs:(%rax), %rax
	mov	SITE_index(%r11), %ecx
	test	%rax, %rax
	jz	.Lcount_slow
	cmp	THREAD_count_room(%rax), %rcx
	jae	.Lcount_slow
	mov	THREAD_counts(%rax), %rax
	incq	(%rax,%rcx,8)
.Lcount_done:
	.cfi_remember_state
	CFI_POP %rcx, 2
	CFI_POP %rax, 0
	jmp	*(%r11)
	.cfi_restore_state
.Lcount_slow:			/* ecx: the index that needs room */
	call	luge_prepare_count
	mov	luge_thread@gottpoff(%rip), %rax
	mov	%fs:(%rax), %rax
	cmp	THREAD_count_room(%rax), %rcx
	jb	.Lcount_again
	jmp	.Lcount_done		/* no memory: not counted */
END luge_count_entry

	.macro	ONE_THREAD reg
	mov	luge_thread@gottpoff(%rip), \reg
	mov	%fs:(\reg), \reg
	.endm
	.macro	ONE_USERS reg
	lea	luge_users(%rip), \reg
	.endm
	.macro	ONE_DISPATCH
	call	luge_dispatch_one
	.endm

	.set	VECTORS_AT, 0
ONE	luge_one_entry, 0, DW.ref.luge_personality
ONE	luge_one_general_entry, 1, DW.ref.luge_personality
	.set	VECTORS_AT, REGS_BYTES

	/* Any users. vectors: the macro that keeps the vector registers which may be live. foreign: of a foreign stub
	   (foreign.h), which has kept r11 at what is -104(%rbp) here; no frame stays of such a call. */
	.macro	MANY name, vector_bytes, foreign, vectors:vararg
FUNCTION \name
	.cfi_personality 0x9b, DW.ref.luge_personality
	endbr64
	CFI_PUSH %rbp, 6
	mov	%rsp, %rbp
	.cfi_def_cfa_register 6
	push	%r11
	pushfq
	.if	\foreign
	lea	-FRAME_BYTES - 16(%rbp), %rsp
	.else
	lea	luge_graph_return(%rip), %r11
	cmp	%r11, 8(%rbp)
	je	luge_collapse
	lea	-FRAME_BYTES(%rbp), %rsp
	sub	luge_data_room(%rip), %rsp
	.endif
	mov	%rsp, -96(%rbp)
	sub	$REGS_BYTES + \vector_bytes, %rsp
	and	$-64, %rsp
	SAVE_ARGUMENTS rsp, 0
	SAVE_OTHERS
	\vectors store
	mov	%rbp, %rdi
	mov	%rsp, %rsi
	call	luge_enter
	\vectors load
	RESTORE_OTHERS
	RESTORE_ARGUMENTS rsp, 0
	jmp	.Lmany_entered
END \name
	.endm
	.macro	NO_VECTORS instruction	/* a thread's first call reaches libc */
	.ifc	\instruction, store
	mov	luge_thread@gottpoff(%rip), %rax
	cmpq	$0, %fs:(%rax)
	jne	1f
	call	luge_prepare_plain
1:
	.endif
	.endm
	.macro	VECTOR_ARGUMENTS instruction
	VECTORS	\instruction, ARGUMENT_VECTORS
	.endm

	.macro	NONE_LIVE instruction
	.endm

	.set	ARGUMENT_VECTOR_BYTES, 64 * ARGUMENT_VECTORS
MANY	luge_many_entry, ARGUMENT_VECTOR_BYTES, 0, VECTOR_ARGUMENTS
MANY	luge_many_general_entry, 0, 0, NONE_LIVE
MANY	luge_many_special_entry, ALL_VECTOR_BYTES, 0, ALL_VECTORS
MANY	luge_foreign_many_entry, ALL_VECTOR_BYTES, 1, ALL_VECTORS
MANY	luge_limited_entry, 0, 0, NO_VECTORS

FUNCTION luge_many_continue
	.cfi_def_cfa 6, 16
	.cfi_offset 6, -16
.Lmany_entered:
	mov	-40(%rbp), %r11		/* words of stack arguments, or -1 */
	test	%r11, %r11
	js	.Lmany_pass
	mov	%rcx, -88(%rbp)
	mov	%r11, %rcx
	mov	-56(%rbp), %r11d	/* bytes of data: a multiple of 16 */
	lea	-FRAME_BYTES(%rbp), %rsp
	sub	%r11, %rsp
	test	$1, %cl
	jz	1f
	push	%rcx			/* as aligned as the original */
1:	test	%rcx, %rcx
	jz	3f
2:	push	8(%rbp,%rcx,8)
	dec	%rcx
	jnz	2b
3:	mov	-88(%rbp), %rcx
	lea	-32(%rbp), %r11		/* where to go on, and the site: like a slot's site, like a slot */
	jmp	luge_graph_call
.Lmany_pass:
	mov	-8(%rbp), %r11
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	*-40(%rsp)		/* -32(%rbp) of above */
	.cfi_restore_state
END luge_many_continue

	/* Results in st(0) and st(1): to memory, since C code may expect an empty x87 stack. Its top is 0 where
	   nothing is on it. \count(%rsp): how many; they lie behind it. Loses eax. */
	.macro	STORE_X87 count
	movl	$0, \count(%rsp)
	fnstsw	%ax
	test	$0x3800, %eax
	jz	3f
	.irp	n, 1, 2
	fxam
	fnstsw	%ax
	and	$0x4500, %eax
	cmp	$0x4100, %eax		/* empty */
	je	3f
	fstpt	\count + 16 * \n(%rsp)
	movl	$\n, \count(%rsp)
	.endr
3:
	.endm
	.macro	LOAD_X87 count
	cmpl	$1, \count(%rsp)
	jb	5f
	je	4f
	fldt	\count + 32(%rsp)
4:	fldt	\count + 16(%rsp)
5:
	.endm
	.set	X87, REGS_BYTES + 64 * RESULT_VECTORS

/* The body has returned: from luge_graph_return. Results live in rax, rdx, rcx (LLVM's internal
   functions), xmm0 to xmm3, st. */
FUNCTION luge_many_return
	.cfi_personality 0x9b, DW.ref.luge_personality
	.cfi_def_cfa 6, 16
	.cfi_offset 6, -16
	sub	$X87 + 64, %rsp
	and	$-64, %rsp
	SAVE_ARGUMENTS rsp, 0
	movl	$0, REGS_all(%rsp)
	VECTORS	store, RESULT_VECTORS
	STORE_X87 X87
	mov	%rbp, %rdi
	mov	%rsp, %rsi
	call	luge_leave
	LOAD_X87 X87
	VECTORS	load, RESULT_VECTORS
	mov	REGS_rax(%rsp), %rax
	mov	REGS_rdx(%rsp), %rdx
	mov	REGS_rcx(%rsp), %rcx
	leave
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	ret
END luge_many_return

/* Reached by a tail call out of a traced body that has a frame, with a frame pointer and the slot pushed:
   luge_tail() closes that call and moves its stack arguments; the frame goes, and the slot's trampoline
   begins anew as if the first caller had called. A shadow stack loses the entry of the frame's call. */
FUNCTION luge_collapse
	.cfi_personality 0x9b, DW.ref.luge_personality
	.cfi_def_cfa 6, 16
	.cfi_offset 6, -16
	sub	$REGS_BYTES + ALL_VECTOR_BYTES, %rsp
	and	$-64, %rsp
	SAVE_ARGUMENTS rsp, 0
	movl	$0, REGS_all(%rsp)
	ALL_VECTORS store
	mov	%rbp, %rdi
	mov	%rsp, %rsi
	call	luge_tail
	ALL_VECTORS load
	xor	%eax, %eax
	rdsspq	%rax
	test	%rax, %rax
	jz	1f
	mov	$1, %eax
	incsspq	%rax
1:	RESTORE_ARGUMENTS rsp, 0
	mov	-8(%rbp), %r11
	mov	(%rbp), %rbp		/* the old frame: the body has restored rbp */
	leave
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	*(%r11)
END luge_collapse

/* Where a skipped function goes on. */
FUNCTION luge_just_return
	endbr64
	ret
END luge_just_return

	.hidden	luge_graph_return
	.hidden	luge_graph_call
	.hidden	luge_prepare_count
	.hidden	luge_prepare_plain
	.hidden	luge_dispatch_one
	.hidden	luge_enter
	.hidden	luge_leave
	.hidden	luge_tail
	.hidden	luge_thread
	.hidden	luge_users
	.hidden	luge_vector_class
	.hidden	luge_data_room

	NOTES
