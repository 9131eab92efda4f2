/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the files of trampolines share: offsets, and macros that keep the unwind tables right. Assembler. */
#ifdef __ASSEMBLER__
#define THREAD_FIELD(name, offset) .set THREAD_##name, offset;
#define SITE_FIELD(name, offset) .set SITE_##name, offset;
#define USER_FIELD(name, offset) .set USER_##name, offset;
#define REGS_FIELD(name, offset) .set REGS_##name, offset;
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
#endif
