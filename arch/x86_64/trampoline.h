/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the files of trampolines share: offsets, and macros that keep the unwind tables right. Assembler. */
#ifdef __ASSEMBLER__
#define THREAD_FIELD(name, offset) .set THREAD_##name, offset;
#define SITE_FIELD(name, offset) .set SITE_##name, offset;
#define USER_FIELD(name, offset) .set USER_##name, offset;
#define REGS_FIELD(name, offset) .set REGS_##name, offset;
#define REGS_HIDDEN(name, offset) REGS_FIELD(name, offset)
#include "arch/x86_64/frame.def"

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

	.set	SLOT_site, 8
	.set	ENTRY_BIT, 32		/* EventKind::Entry, Exit in sled/trace_format.h */
	.set	EXIT_BIT, 33

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

	.set	REGS_BYTES, 192		/* struct ftrace_regs, up to where vector registers are aligned */

	.set	VECTORS_AT, REGS_BYTES

	/* Vector registers 0 to count - 1 in their whole width, to or from VECTORS_AT(%rsp); loses eax. */
	.macro	MOVE_VECTORS instruction, kind, count
	.set	n, 0
	.rept	\count
	.altmacro
	MOVE_VECTOR \instruction, \kind, %n
	.noaltmacro
	.set	n, n + 1
	.endr
	.endm
	.macro	MOVE_VECTOR instruction, kind, n
	.ifc	\instruction, load
	.ifc	\kind, xmm
	movups	VECTORS_AT + 64 * \n(%rsp), %xmm\n
	.else
	vmovups	VECTORS_AT + 64 * \n(%rsp), %\kind\n
	.endif
	.else
	.ifc	\kind, xmm
	movups	%xmm\n, VECTORS_AT + 64 * \n(%rsp)
	.else
	vmovups	%\kind\n, VECTORS_AT + 64 * \n(%rsp)
	.endif
	.endif
	.endm

	.macro	VECTORS instruction, count
	mov	luge_vector_class(%rip), %eax
	cmp	$1, %eax
	ja	1f
	je	2f
	MOVE_VECTORS \instruction, xmm, \count
	jmp	3f
1:	MOVE_VECTORS \instruction, zmm, \count
	jmp	3f
2:	MOVE_VECTORS \instruction, ymm, \count
3:
	.endm

	/* All there are, and the mask registers. */
	.macro	ALL_VECTORS instruction
	mov	luge_vector_class(%rip), %eax
	cmp	$1, %eax
	ja	1f
	je	2f
	MOVE_VECTORS \instruction, xmm, 16
	jmp	3f
1:	MOVE_VECTORS \instruction, zmm, 32
	.irp	k, 0, 1, 2, 3, 4, 5, 6, 7
	.ifc	\instruction, load
	kmovq	REGS_BYTES + 2048 + 8 * \k(%rsp), %k\k
	.else
	kmovq	%k\k, REGS_BYTES + 2048 + 8 * \k(%rsp)
	.endif
	.endr
	jmp	3f
2:	MOVE_VECTORS \instruction, ymm, 16
3:
	.endm
	.set	ALL_VECTOR_BYTES, 2048 + 64
#endif
