/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * luge-near.o: the trampoline of one callback where no vector register is live, for the executable or shared object
 * that it is linked into (sled/near.h), and how the runtime learns of it. Local symbols alone, so that it may
 * be linked in twice; position independent; where the runtime is not there, nothing happens.
 */
#include "arch/x86_64/trampoline_one.h"

	.macro	ONE_THREAD reg
	mov	luge_near + NEAR_thread(%rip), \reg
	mov	%fs:(\reg), \reg
	.endm
	.macro	ONE_USERS reg		/* 0.15 ns faster in two steps */
	lea	luge_near(%rip), \reg
	mov	NEAR_users(\reg), \reg
	.endm
	.macro	ONE_DISPATCH
	call	*luge_near + NEAR_dispatch(%rip)
	.endm

	.text
ONE	luge_near_one_general_entry, 1, luge_near_personality, local

/* The stack is as aligned for what is jumped to as it is here. */
FUNCTION luge_near_constructor, local
	endbr64
	mov	luge_near_register@GOTPCREL(%rip), %rax
	lea	luge_near(%rip), %rdi
	mov	$LUGE_NEAR_VERSION, %esi
	lea	luge_near_one_general_entry(%rip), %rdx
	test	%rax, %rax
	jz	1f
	jmp	*%rax
1:	ret
END luge_near_constructor

FUNCTION luge_near_destructor, local
	endbr64
	mov	luge_near_unregister@GOTPCREL(%rip), %rax
	lea	luge_near(%rip), %rdi
	test	%rax, %rax
	jz	1f
	jmp	*%rax
1:	ret
END luge_near_destructor

	.weak	luge_near_register
	.weak	luge_near_unregister

	.section .init_array.00100,"aw",@init_array
	.p2align 3
	.quad	luge_near_constructor
	.section .fini_array.00100,"aw",@fini_array
	.p2align 3
	.quad	luge_near_destructor

	.bss
	.p2align 4
	.type	luge_near, @object
	.size	luge_near, NEAR_BYTES
luge_near:
	.zero	NEAR_personality
luge_near_personality:		/* null until the runtime has filled it in: none */
	.zero	NEAR_BYTES - NEAR_personality

	NOTES
