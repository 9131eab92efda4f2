# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the instructions around a sled look like in llvm-objdump's text, for each architecture.

  returns, direct, indirect  what ends a function: behind an exit sled stands one of these
  lead_in                    first instruction of a direct or indirect tail call that takes two
  before                     what may stand between the function's address and its entry sled: landing
                             pad, alignment, the global entry code of ppc64
  mcount                     the same with -pg (positions.py --mcount)
  stub_frame                 whether stubs have a frame description, that of a function's entry

Text is "mnemonic operands". A direct branch prints its target as 0x..., LoongArch its distance.
"""
import re
from collections import namedtuple

Machine = namedtuple("Machine", "returns direct indirect lead_in before mcount stub_frame", defaults=[False])


def machine(returns, direct, indirect, lead_in="(?!)", before="(?!)", mcount="(?!)"):
    return Machine(*(re.compile("(?:" + p + ")") for p in (returns, direct, indirect, lead_in, before, mcount)))


X86 = machine(returns=r"(rep[a-z]* )?(bnd )?ret[lqw]?\b", direct=r"(bnd )?jmp[lq]? 0x",
              indirect=r"(notrack |bnd )*jmp[lq]? \*", before=r"endbr|nop|xchgw? %ax, %ax|data16",
              mcount=r"call[lq]? .*<(mcount|_mcount|__fentry__)|push[lq] %[er]bp$|mov[lq] %[er]sp, %[er]bp$")
PPC = machine(returns=r"b[a-z]*lr$|b 0x[0-9a-f]+ <_rest", direct=r"b 0x", indirect=r"bctr$",
              before=r"(addis|lis|addi|ld|add) 2,|nop$",
              mcount=r"mflr 0|std 0, 16\(1\)|bl .*<_mcount")
MIPS = machine(returns=r"jr \$ra$", direct=r"(b|j) 0x", indirect=r"jr \$(?!ra)",
               before=r"(lui|addiu|addu|daddu|daddiu) \$gp,|(lui|addiu) \$2,")

MACHINES = {
    "x86_64": X86._replace(stub_frame=True),
    "i386": X86,
    "aarch64": machine(returns=r"reta?[ab]?$", direct=r"b 0x", indirect=r"br|bra[ab]z?",
                       before=r"bti c|bti jc|hint #0x22|hint #34",
                       mcount=r"mov x0, x30|stp x29, x30|bl .*<_mcount"),
    "arm": machine(returns=r"bx[a-z]* lr$|pop[a-z.]* \{.*pc\}|ldm[a-z.]* .*pc\}|mov[a-z]* pc, lr|ldr[a-z]* pc, \[sp\]",
                   direct=r"b(\.w)? (0x|#)", indirect=r"bx r|mov pc, r|ldr pc, \["),
    "ppc64": PPC,
    "ppc64le": PPC,
    "mips64el": MIPS,
    "mipsel": MIPS,
    "riscv64": machine(returns=r"ret$|(c\.)?jr ra$", direct=r"(c\.)?j 0x|tail ", indirect=r"(c\.)?jr ",
                       lead_in=r"auipc t[12],", before=r"lpad|auipc zero,|(c\.)?nop$"),
    "s390x": machine(returns=r"b[a-z]*r %r14$", direct=r"(jg|j|brcl 15,|brc 15,) ?0x", indirect=r"br %r(?!14)",
                     before=r"nop"),
    "loongarch64": machine(returns=r"ret$|jr \$ra$", direct=r"b 0x|b -?\d", indirect=r"jr \$(?!ra)",
                           lead_in=r"pcaddu18i "),
}


def target(text, at):
    """Where a direct branch at the address AT leads; None where its text does not say."""
    found = re.search(r"\b0x([0-9a-f]+)", text)
    distance = re.match(r"b (-?\d+) <", text)
    if distance:
        return at + int(distance[1])
    return int(found[1], 16) if found else None
