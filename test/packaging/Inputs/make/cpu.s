# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
	.text
	.globl	cpu_word
	.type	cpu_word, @function
cpu_word:
	movl	$8, %eax
	ret
	.size	cpu_word, . - cpu_word
	.section .note.GNU-stack,"",@progbits
