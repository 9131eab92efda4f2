/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * x86-64 trampolines: where a stub jumps to when its function is traced.
 *
 *   in: r11 = the function's slot; everything else as at the function's entry,
 *       (%rsp) the caller's return address. Only r11 and the flags are free.
 *   out: jump to (entry only) or call (real frame) the body, the first word of the site
 *       at SLOT_site(%r11).
 *
 * A traced call with an exit runs in a frame of the trampoline:
 *
 *        stack arguments
 *   +8   return address of the caller
 *   rbp  caller's rbp                   <- rbp, last_frame of the thread while the call is live
 *   -8   slot; bit 0: a frame of trampoline_many.S
 *   -16  last_frame before this call    (rax until the entry is recorded)
 *        copy of the stack arguments
 *        return address .Lgraph_return  <- what the body sees; a tail call out of the body keeps it
 *
 * Nothing is pushed before the trampoline and every call has its return, so the
 * return predictor and shadow stacks agree with the stack. All of it is covered
 * by ordinary CFI: unwinders, gdb, exceptions and longjmp need no help.
 *
 * Recording never fails in the middle: an event's word is reserved by one xadd, which a
 * signal handler cannot split; whatever needs more (no ring yet, block full, new
 * epoch, frames left by longjmp) goes to luge_thread_prepare and starts again.
 *
 * Callbacks and everything else that needs C are in trampoline_many.S.
 * System V psABI, AMD64 supplement, 3.2 (registers, frames), 3.7 (unwinding).
 */
#include "arch/x86_64/trampoline.h"

	.text

/* luge_thread_prepare(frame), luge_count_prepare(index) with every register but the flags kept. A C function of the runtime
   uses general registers alone; xmm are kept since its first call in a thread reaches libc. */
	.macro	PREPARE name, function, argument:vararg
FUNCTION \name
	PUSH_CALLER_SAVED
	sub	$128, %rsp
	and	$-16, %rsp
	movups	%xmm0, (%rsp)
	movups	%xmm1, 16(%rsp)
	movups	%xmm2, 32(%rsp)
	movups	%xmm3, 48(%rsp)
	movups	%xmm4, 64(%rsp)
	movups	%xmm5, 80(%rsp)
	movups	%xmm6, 96(%rsp)
	movups	%xmm7, 112(%rsp)
	\argument
	call	\function
	movups	(%rsp), %xmm0
	movups	16(%rsp), %xmm1
	movups	32(%rsp), %xmm2
	movups	48(%rsp), %xmm3
	movups	64(%rsp), %xmm4
	movups	80(%rsp), %xmm5
	movups	96(%rsp), %xmm6
	movups	112(%rsp), %xmm7
	POP_CALLER_SAVED
	ret
END \name
	.endm

PREPARE luge_prepare_frame, luge_thread_prepare, mov %rbp, %rdi
PREPARE luge_prepare_plain, luge_thread_prepare, xor %edi, %edi
PREPARE luge_prepare_count, luge_count_prepare, mov %ecx, %edi

	.macro	IF_OFF where
	cmpb	$0, luge_tracing_on(%rip)
	je	\where
	.endm

/* function: records the entry, goes on. */
FUNCTION luge_function_entry
	endbr64
	IF_OFF	.Lfunction_pass
	RECORD_ENTRY luge_prepare_plain
	.cfi_restore 2
	.cfi_restore 1
	.cfi_restore 0
	.cfi_def_cfa_offset 8
.Lfunction_pass:
	mov	SLOT_site(%r11), %r11
	jmp	*(%r11)
END luge_function_entry

/* function_graph: records the entry, calls the body, records the exit. */
	.macro	FRAME_BEGIN check:vararg
	endbr64
	\check
	CFI_PUSH %rbp, 6
	mov	%rsp, %rbp
	.cfi_def_cfa_register 6
	push	%r11
	.endm

	/* Behind rax, rdx, rcx at -16, -24, -32: the entry event, or the tail-call path. */
	.macro	FRAME_RECORD again, slow
\again:
	CLOCK_AND_THREAD %rcx, \slow
	lea	.Lgraph_return(%rip), %rdx
	cmp	%rdx, 8(%rbp)
	je	.Lgraph_tail
	cmp	THREAD_last_frame(%rcx), %rbp
	jae	\slow
	STORE_EVENT ENTRY_BIT, %rcx, \slow
	mov	THREAD_last_frame(%rcx), %rdx
	mov	-16(%rbp), %rax
	mov	%rdx, -16(%rbp)
	mov	%rbp, THREAD_last_frame(%rcx)
	.endm

FUNCTION luge_graph_entry
	.cfi_personality 0x9b, DW.ref.luge_personality
	FRAME_BEGIN IF_OFF .Lfunction_pass
	push	%rax
	push	%rdx
	push	%rcx
	FRAME_RECORD .Lgraph_again, .Lgraph_slow
	pop	%rcx
	pop	%rdx
.Lgraph_call:
	mov	SLOT_site(%r11), %r11
	.globl	luge_graph_call
	.hidden	luge_graph_call
luge_graph_call:			/* the only call of a body: r11 = where its address is */
	call	*(%r11)
	.globl	luge_graph_return
	.hidden	luge_graph_return
luge_graph_return:
.Lgraph_return:
	testb	$1, -8(%rbp)
	jnz	luge_many_return
	/* Results live in rax, rdx, rcx (LLVM's internal functions), xmm, st. */
	mov	%rax, %r8
	mov	%rdx, %r9
.Lexit_again:
	CLOCK_AND_THREAD %r10, .Lexit_slow
	mov	-8(%rbp), %r11
	STORE_EVENT EXIT_BIT, %r10, .Lexit_slow
	mov	-16(%rbp), %rdx
	mov	%rdx, THREAD_last_frame(%r10)
	mov	%r8, %rax
	mov	%r9, %rdx
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	ret
	.cfi_restore_state
.Lexit_slow:
	call	luge_prepare_plain
	jmp	.Lexit_again
.Lgraph_slow:
	call	luge_prepare_frame
	jmp	.Lgraph_again

	/* Reached by a tail call out of a traced body: the caller's frame stays and becomes this
	   function's. Both events in one reservation (a spare word stands behind every limit). */
.Lgraph_tail:
	mov	(%rbp), %rdx			/* that frame: the body has restored rbp */
	testb	$1, -8(%rdx)
	jnz	.Lgraph_tail_many
	push	%rsi
	mov	$16, %edx
	xadd	%rdx, THREAD_pos(%rcx)
	cmp	THREAD_limit(%rcx), %rdx
	jae	.Ltail_slow
	mov	(%rbp), %rsi
	shl	$34, %rax
	mov	-8(%rsi), %r11
	shr	$4, %r11
	mov	%r11d, %r11d
	or	%rax, %r11
	bts	$EXIT_BIT, %r11
	mov	%r11, (%rdx)
	mov	-8(%rbp), %r11
	mov	%r11, -8(%rsi)
	mov	%r11, %rsi
	shr	$4, %rsi
	mov	%esi, %esi
	or	%rsi, %rax
	bts	$ENTRY_BIT, %rax
	mov	%rax, 8(%rdx)
	pop	%rsi
	mov	-16(%rbp), %rax
	mov	-24(%rbp), %rdx
	mov	-32(%rbp), %rcx
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	mov	SLOT_site(%r11), %r11
	jmp	*(%r11)
	.cfi_restore_state
.Lgraph_tail_many:
	mov	-16(%rbp), %rax
	mov	-24(%rbp), %rdx
	mov	-32(%rbp), %rcx
	jmp	luge_collapse
.Ltail_slow:
	pop	%rsi
	call	luge_prepare_plain
	jmp	.Ltail_again

	/* The same reservation again; enough of FRAME_RECORD to come back to .Lgraph_tail. */
.Ltail_again:
	CLOCK_AND_THREAD %rcx, .Ltail_slow_again
	jmp	.Lgraph_tail
.Ltail_slow_again:
	call	luge_prepare_plain
	jmp	.Ltail_again

	/* Stack arguments: k words, k at -40, then the copy, as aligned as the original. */
.Lgraph_args:
	IF_OFF	.Largs_off
	push	%rax
	push	%rdx
	push	%rcx
	push	%r11
	mov	-8(%rbp), %r11
	FRAME_RECORD .Largs_again, .Largs_slow
	mov	-40(%rbp), %rcx
	test	$1, %cl
	jnz	1f
	push	%rcx
1:	push	8(%rbp,%rcx,8)
	dec	%rcx
	jnz	1b
	mov	-32(%rbp), %rcx
	mov	-24(%rbp), %rdx
	jmp	.Lgraph_call
.Largs_slow:
	call	luge_prepare_frame
	jmp	.Largs_again
.Largs_off:
	mov	-8(%rbp), %r11
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	.Lfunction_pass
	.cfi_restore_state
END luge_graph_entry

/* luge_graph_args + 32 * (k - 1): functions of k words of stack arguments. */
	.p2align 5
	.globl	luge_graph_args
	.hidden	luge_graph_args
	.type	luge_graph_args, @function
luge_graph_args:
	.cfi_startproc
	.cfi_personality 0x9b, DW.ref.luge_personality
	.set	words, 1
	.rept	254
	.p2align 5
	.cfi_remember_state
	FRAME_BEGIN
	mov	$words, %r11d
	.byte	0xe9			/* jmp .Lgraph_args, never shortened */
	.long	.Lgraph_args - . - 4
	.cfi_restore_state
	.set	words, words + 1
	.endr
	.org	luge_graph_args + 254 * 32	/* an error where an entry is longer than kArgsStep */
	.cfi_endproc
	.size	luge_graph_args, . - luge_graph_args

	.hidden	DW.ref.luge_personality
	.weak	DW.ref.luge_personality
	.section .data.rel.local.DW.ref.luge_personality,"awG",@progbits,DW.ref.luge_personality,comdat
	.p2align 3
	.type	DW.ref.luge_personality, @object
	.size	DW.ref.luge_personality, 8
DW.ref.luge_personality:
	.quad	luge_personality
	.hidden	luge_personality
	.hidden	luge_thread
	.hidden	luge_tracing_on
	.hidden	luge_thread_prepare
	.hidden	luge_count_prepare
	.hidden	luge_many_return
	.hidden	luge_collapse

	NOTES
