/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The trampoline of one callback: of the runtime (trampoline_many.S), and of luge-near.o (near.S), which stands beside
   the functions that call it. What costs is the number of stores, and branches to code that is far away: on some
   processors half a nanosecond each, and a call takes four. How they reach what is the runtime's they say in
   ONE_THREAD, ONE_USERS and ONE_DISPATCH. Assembler. */
#include "arch/x86_64/trampoline.h"
#ifdef __ASSEMBLER__

	.set	ARGUMENT_VECTORS, 8

	/* struct ftrace_regs lies at \regs(\base). */
	.macro	SAVE_ARGUMENTS base, regs
	mov	%rdi, \regs+REGS_rdi(%\base)
	mov	%rsi, \regs+REGS_rsi(%\base)
	mov	%rdx, \regs+REGS_rdx(%\base)
	mov	%rcx, \regs+REGS_rcx(%\base)
	mov	%r8, \regs+REGS_r8(%\base)
	mov	%r9, \regs+REGS_r9(%\base)
	mov	%rax, \regs+REGS_rax(%\base)
	mov	%r10, \regs+REGS_r10(%\base)
	lea	8(%rbp), %rax
	mov	%rax, \regs+REGS_rsp(%\base)
	.ifc	\base, rsp
	mov	(%rbp), %rax
	mov	%rax, REGS_rbp(%rsp)
	.endif
	.endm

	.macro	RESTORE_ARGUMENTS base, regs
	mov	\regs+REGS_rdi(%\base), %rdi
	mov	\regs+REGS_rsi(%\base), %rsi
	mov	\regs+REGS_rdx(%\base), %rdx
	mov	\regs+REGS_rcx(%\base), %rcx
	mov	\regs+REGS_r8(%\base), %r8
	mov	\regs+REGS_r9(%\base), %r9
	mov	\regs+REGS_rax(%\base), %rax
	mov	\regs+REGS_r10(%\base), %r10
	.endm

	/* general: the site's flag says that no vector register is live. personality: where its address is. */
	.macro	ONE name, general, personality, scope=global
FUNCTION \name, \scope
	.cfi_personality 0x9b, \personality
	endbr64
	CFI_PUSH %rbp, 6
	mov	%rsp, %rbp
	.cfi_def_cfa_register 6
	.if	\general
	sub	$REGS_rbp, %rsp
	and	$-16, %rsp
	.else
	sub	$REGS_rbp + 64 * ARGUMENT_VECTORS, %rsp
	and	$-64, %rsp
	.endif
	SAVE_ARGUMENTS rbp, -REGS_rbp
	mov	SLOT_site(%r11), %rdi
	.ifeq	\general
	VECTORS	store, ARGUMENT_VECTORS
	.endif
	movups	SITE_body(%rdi), %xmm8		/* and function: xmm8 to xmm15 are free */
	ONE_THREAD %rax
	movups	%xmm8, REGS_body - REGS_rbp(%rbp)
	test	%rax, %rax
	jz	.Lslow\@
	cmpl	$0, THREAD_in_callback(%rax)
	jne	.Lslow\@
	cmpl	$0, THREAD_in_use(%rax)		/* the parent's, in the child of a fork */
	je	.Lslow\@
	mov	%rsp, THREAD_callback_frame(%rax)
	movl	$1, THREAD_in_callback(%rax)	/* before users are read: unregister counts on it */
	mov	SITE_users(%rdi), %rcx
	lea	-1(%rcx), %rdx
	test	%rdx, %rcx
	jnz	.Lseveral\@			/* others are being registered: not the lowest alone */
	bts	$58, %rcx			/* above all indices: kMoreUsers, luge_users has null there */
	ONE_USERS %rdx
	bsf	%rcx, %rcx
	mov	(%rdx,%rcx,8), %rdx
	test	%rdx, %rdx
	jz	.Lcalled\@
	mov	USER_func(%rdx), %r9
	test	%r9, %r9
	jz	.Lcalled\@
	mov	SITE_function(%rdi), %rdi
	mov	THREAD_errno_at(%rax), %rax
	mov	(%rax), %eax
	mov	%rax, REGS_saved_errno - REGS_rbp(%rbp)	/* and 0 in REGS_all */
	mov	8(%rbp), %rsi
	mov	USER_ops(%rdx), %rdx
	lea	-REGS_rbp(%rbp), %rcx
	call	*%r9
	ONE_THREAD %rax
	test	%rax, %rax			/* none in a child that the callback has forked off */
	jz	.Ldone\@
	mov	THREAD_errno_at(%rax), %rdx
	mov	REGS_saved_errno - REGS_rbp(%rbp), %ecx
	cmp	%ecx, (%rdx)			/* a store would make each call wait for the one before */
	jne	.Lerrno\@
.Lcalled\@:
	movl	$0, THREAD_in_callback(%rax)
.Ldone\@:
	.ifeq	\general
	VECTORS	load, ARGUMENT_VECTORS
	.endif
	RESTORE_ARGUMENTS rbp, -REGS_rbp
	mov	REGS_body - REGS_rbp(%rbp), %r11
	leave
	.cfi_remember_state
	.cfi_def_cfa 7, 8
	.cfi_restore 6
	jmp	*%r11
	.cfi_restore_state
.Lerrno\@:
	mov	%ecx, (%rdx)
	jmp	.Lcalled\@
.Lseveral\@:
	movl	$0, THREAD_in_callback(%rax)
.Lslow\@:
	movl	$0, REGS_all - REGS_rbp(%rbp)
	mov	8(%rbp), %rsi
	lea	-REGS_rbp(%rbp), %rdx
	ONE_DISPATCH
	jmp	.Ldone\@
END \name
	.endm
#endif
