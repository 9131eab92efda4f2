/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the files of trampolines share: offsets, and macros that keep the unwind tables right. Assembler. */
#ifdef __ASSEMBLER__
#define THREAD_FIELD(name, offset) .set THREAD_##name, offset;
#define SITE_FIELD(name, offset) .set SITE_##name, offset;
#define USER_FIELD(name, offset) .set USER_##name, offset;
#define REGS_FIELD(name, offset) .set REGS_##name, offset;
#define REGS_HIDDEN(name, offset) REGS_FIELD(name, offset)
#define NEAR_FIELD(name, offset) .set NEAR_##name, offset;
#include "arch/x86_64/frame.def"

	.macro	FUNCTION name, scope=global
	.p2align 5
	.ifc	\scope, global
	.globl	\name
	.hidden	\name
	.endif
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

	/* Records the entry with all registers kept, and goes on; \prepare where something needs preparing. */
	.macro	RECORD_ENTRY prepare
	CFI_PUSH %rax, 0
	CFI_PUSH %rdx, 1
	CFI_PUSH %rcx, 2
.Lrecord_again\@:
	CLOCK_AND_THREAD %rcx, .Lrecord_slow\@
	STORE_EVENT ENTRY_BIT, %rcx, .Lrecord_slow\@
	.cfi_remember_state
	CFI_POP %rcx, 2
	CFI_POP %rdx, 1
	CFI_POP %rax, 0
	mov	SLOT_site(%r11), %r11
	jmp	*(%r11)
.Lrecord_slow\@:
	.cfi_restore_state
	call	\prepare
	jmp	.Lrecord_again\@
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

	/* Every register that a call may lose, and rbx, which holds the stack pointer in between. */
	.macro	PUSH_CALLER_SAVED
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
	.endm
	.macro	POP_CALLER_SAVED
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
	.endm

	/* At the end of each file: no executable stack; landing pads and shadow stacks are respected. */
	.macro	NOTES
	.section .note.GNU-stack,"",@progbits
	.section .note.gnu.property,"a"
	.p2align 3
	.long	4, 16, 5
	.asciz	"GNU"
	.long	0xc0000002, 4, 3, 0		/* x86 feature: IBT, SHSTK */
	.endm
#endif
