/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * x86-64 trampolines: where a stub jumps to when its function is traced.
 *
 *   in: r11 = the function's slot; everything else as at the function's entry,
 *       (%rsp) the caller's return address. Only r11 and the flags are free.
 *   out: jump to (entry only) or call (real frame) slot->body, *8(%r11).
 *
 * A traced call with an exit runs in a frame of the trampoline:
 *
 *        stack arguments
 *   +8   return address of the caller
 *   rbp  caller's rbp                   <- rbp, last_frame of the thread while the call is live
 *   -8   slot
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
 * One long file: the paths share labels (the one return address) and frame layouts.
 * System V psABI, AMD64 supplement, 3.2 (registers, frames), 3.7 (unwinding).
 */
#define THREAD_FIELD(name, offset) .set THREAD_##name, offset;
#define REGS_FIELD(name, offset) .set REGS_##name, offset;
#include "arch/x86_64/frame.def"

	.set	ENTRY_BIT, 32		/* EventKind::Entry, Exit in sled/trace_format.h */
	.set	EXIT_BIT, 33

	.macro	FUNCTION name
	.p2align 5
	.globl	\name
	.hidden	\name
	.type	\name, @function
\name:
	.cfi_startproc
	.endm

	.macro	END name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	CFI_PUSH reg, number
	push	\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \number, 0
	.endm

	.macro	CFI_POP reg, number
	pop	\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \number
	.endm

	/* rax = time stamp (rdx lost), \thread = this thread; \slow if either needs preparing. */
	.macro	CLOCK_AND_THREAD thread, slow
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mov	luge_thread@gottpoff(%rip), \thread
	mov	%fs:(\thread), \thread
	test	\thread, \thread
	jz	\slow
	cmp	THREAD_epoch_end(\thread), %rax
	jae	\slow
	.endm

	/* Appends the event of time rax and slot r11; loses rax, rdx. */
	.macro	STORE_EVENT bit, thread, slow
	mov	%r11, %rdx
	shl	$34, %rax
	shr	$4, %rdx
	mov	%edx, %edx
	or	%rdx, %rax
	bts	$\bit, %rax
	mov	$8, %edx
	xadd	%rdx, THREAD_pos(\thread)
	cmp	THREAD_limit(\thread), %rdx
	jae	\slow
	mov	%rax, (%rdx)
	.endm

	.text

/* luge_thread_prepare(frame) with every register but the flags kept. A C function of the runtime
   uses general registers alone; xmm are kept since its first call in a thread reaches libc. */
	.macro	PREPARE name, argument:vararg
FUNCTION \name
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
	call	luge_thread_prepare
	movups	(%rsp), %xmm0
	movups	16(%rsp), %xmm1
	movups	32(%rsp), %xmm2
	movups	48(%rsp), %xmm3
	movups	64(%rsp), %xmm4
	movups	80(%rsp), %xmm5
	movups	96(%rsp), %xmm6
	movups	112(%rsp), %xmm7
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
	ret
END \name
	.endm

PREPARE luge_prepare_frame, mov %rbp, %rdi
PREPARE luge_prepare_plain, xor %edi, %edi

/* function: records the entry, goes on. */
FUNCTION luge_function_entry
	endbr64
	CFI_PUSH %rax, 0
	CFI_PUSH %rdx, 1
	CFI_PUSH %rcx, 2
.Lfunction_again:
	CLOCK_AND_THREAD %rcx, .Lfunction_slow
	STORE_EVENT ENTRY_BIT, %rcx, .Lfunction_slow
	.cfi_remember_state
	CFI_POP %rcx, 2
	CFI_POP %rdx, 1
	CFI_POP %rax, 0
	jmp	*8(%r11)
.Lfunction_slow:
	.cfi_restore_state
	call	luge_prepare_plain
	jmp	.Lfunction_again
END luge_function_entry

/* function_graph: records the entry, calls the body, records the exit. */
	.macro	FRAME_BEGIN
	endbr64
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
	FRAME_BEGIN
	push	%rax
	push	%rdx
	push	%rcx
	FRAME_RECORD .Lgraph_again, .Lgraph_slow
	pop	%rcx
	pop	%rdx
.Lgraph_call:
	call	*8(%r11)
	.globl	luge_graph_return
	.hidden	luge_graph_return
luge_graph_return:
.Lgraph_return:
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
	push	%rsi
	mov	$16, %edx
	xadd	%rdx, THREAD_pos(%rcx)
	cmp	THREAD_limit(%rcx), %rdx
	jae	.Ltail_slow
	mov	(%rbp), %rsi			/* that frame: the body has restored rbp */
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
	jmp	*8(%r11)
	.cfi_restore_state
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
	.cfi_endproc
	.size	luge_graph_args, . - luge_graph_args

/*
 * function_graph with -D, -g or -t: decisions in C (tracers/function_graph.cpp). Frame:
 *   -8 slot (0: this call is not recorded), -16 last_frame before, -24 entry time stamp,
 *   -32 entry event, -40 depth and root before, -48 unused
 */
	.set	FILTERED_FRAME, 48

	.macro	SAVE_ARGUMENTS		/* 9 words and one of padding below the frame */
	sub	$80, %rsp
	mov	%rax, (%rsp)
	mov	%rdx, 8(%rsp)
	mov	%rcx, 16(%rsp)
	mov	%rdi, 24(%rsp)
	mov	%rsi, 32(%rsp)
	mov	%r8, 40(%rsp)
	mov	%r9, 48(%rsp)
	mov	%r10, 56(%rsp)
	.endm
	.macro	RESTORE_ARGUMENTS
	mov	(%rsp), %rax
	mov	8(%rsp), %rdx
	mov	16(%rsp), %rcx
	mov	24(%rsp), %rdi
	mov	32(%rsp), %rsi
	mov	40(%rsp), %r8
	mov	48(%rsp), %r9
	mov	56(%rsp), %r10
	.endm

FUNCTION luge_graph_filtered_entry
	.cfi_personality 0x9b, DW.ref.luge_personality
	FRAME_BEGIN
	sub	$FILTERED_FRAME - 8, %rsp
.Lfiltered_again:
	mov	luge_thread@gottpoff(%rip), %r11
	mov	%fs:(%r11), %r11
	test	%r11, %r11
	jz	.Lfiltered_slow
	SAVE_ARGUMENTS
	mov	%rbp, %rdi
	lea	.Lfiltered_return(%rip), %rax
	cmp	%rax, 8(%rbp)
	je	.Lfiltered_tail
	mov	%rsp, %rsi
	and	$-16, %rsp
	push	%rsi
	push	%rsi
	call	luge_graph_enter		/* words of stack arguments, or -1: not recorded */
	pop	%rsp
	mov	%rax, %r11
	RESTORE_ARGUMENTS
	add	$80, %rsp
	test	%r11, %r11
	js	.Lfiltered_pass
	jz	.Lfiltered_call
	mov	%rcx, -48(%rbp)
	mov	%r11, %rcx
	test	$1, %cl
	jz	1f
	push	%rcx
1:	push	8(%rbp,%rcx,8)
	dec	%rcx
	jnz	1b
	mov	-48(%rbp), %rcx
.Lfiltered_call:
	mov	-8(%rbp), %r11
	call	*8(%r11)
	.globl	luge_filtered_return
	.hidden	luge_filtered_return
luge_filtered_return:
.Lfiltered_return:
	lea	-FILTERED_FRAME(%rbp), %rsp
	push	%rax
	push	%rdx
	push	%rcx
	mov	%rbp, %rdi
	mov	%rsp, %rsi
	and	$-16, %rsp
	push	%rsi
	push	%rsi
	call	luge_graph_leave
	pop	%rsp
	pop	%rcx
	pop	%rdx
	pop	%rax
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	ret
	.cfi_restore_state
.Lfiltered_tail:
	mov	%rsp, %rsi
	and	$-16, %rsp
	push	%rsi
	push	%rsi
	call	luge_graph_tail
	pop	%rsp
	RESTORE_ARGUMENTS
.Lfiltered_pass:
	mov	-8(%rbp), %r11
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	*8(%r11)
	.cfi_restore_state
.Lfiltered_slow:
	call	luge_prepare_plain
	jmp	.Lfiltered_again
END luge_graph_filtered_entry

/* User callbacks: every argument register saved in struct ftrace_regs, vector arguments in their
   whole width behind it; luge_dispatch says where to go on. */

FUNCTION luge_ops_entry
	endbr64
	CFI_PUSH %rbp, 6
	mov	%rsp, %rbp
	.cfi_def_cfa_register 6
	push	%r11				/* -8: slot, then where to go on */
	push	%r11
	sub	$96 + 512, %rsp
	and	$-64, %rsp
	mov	%rdi, REGS_rdi(%rsp)
	mov	%rsi, REGS_rsi(%rsp)
	mov	%rdx, REGS_rdx(%rsp)
	mov	%rcx, REGS_rcx(%rsp)
	mov	%r8, REGS_r8(%rsp)
	mov	%r9, REGS_r9(%rsp)
	mov	%rax, REGS_rax(%rsp)
	mov	%r10, REGS_r10(%rsp)
	lea	8(%rbp), %rax
	mov	%rax, REGS_rsp(%rsp)
	mov	8(%r11), %rax
	mov	%rax, REGS_rip(%rsp)
	mov	(%rbp), %rax
	mov	%rax, REGS_rbp(%rsp)
	mov	luge_vector_class(%rip), %eax
	cmp	$1, %eax
	ja	.Lops_save512
	je	.Lops_save256
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	movups	%xmm\n, 96 + 64 * \n(%rsp)
	.endr
	jmp	.Lops_saved
.Lops_save256:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	vmovups	%ymm\n, 96 + 64 * \n(%rsp)
	.endr
	jmp	.Lops_saved
.Lops_save512:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	vmovups	%zmm\n, 96 + 64 * \n(%rsp)
	.endr
.Lops_saved:
	cld
	mov	%r11, %rdi
	mov	8(%rbp), %rsi
	mov	%rsp, %rdx
	call	luge_dispatch
	mov	%rax, -16(%rbp)
	mov	luge_vector_class(%rip), %eax
	cmp	$1, %eax
	ja	.Lops_restore512
	je	.Lops_restore256
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	movups	96 + 64 * \n(%rsp), %xmm\n
	.endr
	jmp	.Lops_restored
.Lops_restore256:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	vmovups	96 + 64 * \n(%rsp), %ymm\n
	.endr
	jmp	.Lops_restored
.Lops_restore512:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	vmovups	96 + 64 * \n(%rsp), %zmm\n
	.endr
.Lops_restored:
	mov	REGS_rdi(%rsp), %rdi
	mov	REGS_rsi(%rsp), %rsi
	mov	REGS_rdx(%rsp), %rdx
	mov	REGS_rcx(%rsp), %rcx
	mov	REGS_r8(%rsp), %r8
	mov	REGS_r9(%rsp), %r9
	mov	REGS_rax(%rsp), %rax
	mov	REGS_r10(%rsp), %r10
	mov	-8(%rbp), %r11
	leave
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	*-24(%rsp)			/* -16(%rbp) of above: in the red zone now */
END luge_ops_entry

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
	.hidden	luge_thread_prepare
	.hidden	luge_dispatch
	.hidden	luge_graph_enter
	.hidden	luge_graph_leave
	.hidden	luge_graph_tail
	.hidden	luge_vector_class

	.section .note.GNU-stack,"",@progbits
	.section .note.gnu.property,"a"
	.p2align 3
	.long	4, 16, 5
	.asciz	"GNU"
	.long	0xc0000002, 4, 3, 0		/* x86 feature: IBT, SHSTK */
