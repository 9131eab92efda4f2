# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A small reader of ELF objects, programs and DSOs, 32 and 64 bit, both byte orders: independent of
# the product and of binutils, so that a shared mistake cannot hide. Only what the tests ask for.
# Surprises: mips64el has its own r_info (symbol first, then three types in a byte each); 32-bit
# targets keep the addend in the section (REL); ppc64 ELFv1 function symbols name descriptors in
# .opd; differences on RISC-V and LoongArch may be a pair of relocations at one offset.
import struct
from collections import namedtuple

Section = namedtuple("Section", "index name type flags addr offset size link info align entsize")
Symbol = namedtuple("Symbol", "name type bind other section value size")
Reloc = namedtuple("Reloc", "offset type symbol addend")
Segment = namedtuple("Segment", "type flags offset addr file_size size")

SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_REL, SHT_DYNSYM, SHT_GROUP = 2, 4, 8, 9, 11, 17
SHT_SYMTAB_SHNDX = 18
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_LINK_ORDER, SHF_GROUP, SHF_TLS = 1, 2, 4, 0x80, 0x200, 0x400
ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
PT_LOAD, PF_X, PF_W = 1, 1, 2
DT_NEEDED, DT_TEXTREL, DT_FLAGS, DF_TEXTREL = 1, 22, 30, 4
STT_FUNC, STT_SECTION, STT_IFUNC = 2, 3, 10
GRP_COMDAT = 1

# What a target's relocations mean. relative32: value = target - place; pair: (add, sub) at one
# offset; base: the loader adds its base (there may be other spellings with a symbol).
Machine = namedtuple("Machine", "relative32 pair base pointer")
MACHINES = {
    "x86_64": Machine((2, 4), None, (8,), 1),
    "i386": Machine((2, 4), None, (8,), 1),
    "aarch64": Machine((261,), None, (1027,), 257),
    "arm": Machine((3,), None, (23,), 2),
    "ppc64": Machine((26,), None, (22,), 38),
    "ppc64le": Machine((26,), None, (22,), 38),
    "mips64el": Machine((248,), None, (3,), 18),
    "mipsel": Machine((248,), None, (3,), 2),
    "riscv64": Machine((57,), (35, 39), (3,), 2),
    "s390x": Machine((5,), None, (12,), 22),
    "loongarch64": Machine((99,), (50, 55), (3,), 2),
}
# (e_machine, bits, byte order) -> the name of the folder of arch/
NAMES = {
    (62, 64, "<"): "x86_64", (3, 32, "<"): "i386", (183, 64, "<"): "aarch64", (40, 32, "<"): "arm",
    (21, 64, ">"): "ppc64", (21, 64, "<"): "ppc64le", (8, 64, "<"): "mips64el", (8, 32, "<"): "mipsel",
    (243, 64, "<"): "riscv64", (22, 64, ">"): "s390x", (258, 64, "<"): "loongarch64",
}


class Elf:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        if self.data[:4] != b"\x7fELF" or self.data[4] not in (1, 2) or self.data[5] not in (1, 2):
            raise SystemExit(f"{path}: no ELF file")
        self.path, self.bits, self.order = path, 32 * self.data[4], "<>"[self.data[5] - 1]
        word = "Q" if self.bits == 64 else "I"
        (self.type, machine, _, self.entry, phoff, shoff, self.flags, _, phentsize, phnum, shentsize, shnum,
         shstrndx) = self.unpack("HHI" + 3 * word + "IHHHHHH", 16)
        self.arch = NAMES.get((machine, self.bits, self.order), f"machine {machine}")
        self.machine = MACHINES.get(self.arch)
        header = "II" + 4 * word + "II" + 2 * word
        first = self.unpack(header, shoff) if shoff else None
        if shnum == 0 and shoff:  # more than 65279 sections: the count is in the first header
            shnum, shstrndx = first[5], first[6] if shstrndx == 0xffff else shstrndx
        raw = [self.unpack(header, shoff + i * shentsize) for i in range(shnum)]
        names = raw[shstrndx][4] if raw else 0
        self.sections = [Section(i, self.text_at(names + r[0]), *r[1:]) for i, r in enumerate(raw)]
        self.segments = [self.segment(phoff + i * phentsize) for i in range(phnum)]
        self.relocatable = self.type == ET_REL
        self.symbols = self.read_symbols(SHT_SYMTAB)
        self.groups = self.read_groups()

    def unpack(self, form, offset):
        return struct.unpack_from(self.order + form, self.data, offset)

    def iterate(self, form, data):
        size = struct.calcsize(self.order + form)
        return struct.iter_unpack(self.order + form, data[:len(data) // size * size])

    def segment(self, at):
        if self.bits == 64:
            kind, flags, offset, addr, _, file_size, size, _ = self.unpack("IIQQQQQQ", at)
        else:
            kind, offset, addr, _, file_size, size, flags, _ = self.unpack("IIIIIIII", at)
        return Segment(kind, flags, offset, addr, file_size, size)

    def text_at(self, offset):
        return self.data[offset:self.data.index(b"\0", offset)].decode("utf-8", "replace")

    def content(self, section):
        if section.type == SHT_NOBITS:
            return b"\0" * section.size
        return self.data[section.offset:section.offset + section.size]

    def named(self, name):
        return [s for s in self.sections if s.name == name]

    def read_symbols(self, kind):
        out = []
        for table in (s for s in self.sections if s.type == kind):
            strings = self.sections[table.link].offset
            wide = [s for s in self.sections if s.type == SHT_SYMTAB_SHNDX and s.link == table.index]
            form = "IBBHQQ" if self.bits == 64 else "IIIBBH"
            for i, row in enumerate(self.iterate(form, self.content(table))):
                name, info, other, shndx, value, size = row if self.bits == 64 else (
                    row[0], row[3], row[4], row[5], row[1], row[2])
                if shndx == 0xffff and wide:  # SHN_XINDEX
                    shndx = self.unpack("I", wide[0].offset + 4 * i)[0]
                out.append(Symbol(self.text_at(strings + name), info & 15, info >> 4, other, shndx,
                                  value, size))
        return out

    def read_groups(self):
        """The index of each section's group, 0 where it has none."""
        member_of = [0] * len(self.sections)
        for g in (s for s in self.sections if s.type == SHT_GROUP):
            for (member,) in self.iterate("I", self.content(g)[4:]):
                member_of[member] = g.index
        return member_of

    def entries(self, table):
        """(offset, symbol index, type, addend or None) of a relocation section."""
        rela = table.type == SHT_RELA
        form = ("QQq" if rela else "QQ") if self.bits == 64 else ("IIi" if rela else "II")
        for offset, info, *addend in self.iterate(form, self.content(table)):
            if self.bits == 32:
                symbol, kind = info >> 8, info & 0xff
            elif self.arch == "mips64el":
                symbol, kind = info & 0xffffffff, info >> 56
            else:
                symbol, kind = info >> 32, info & 0xffffffff
            yield offset, symbol, kind, addend[0] if addend else None

    def relocs(self, section):
        """Relocations of one section of an object, by offset; the addend of REL is read."""
        out = {}
        for table in self.sections:
            if table.type not in (SHT_REL, SHT_RELA) or table.info != section.index or not self.relocatable:
                continue
            for offset, symbol, kind, addend in self.entries(table):
                if kind == 0:
                    continue
                if addend is None:
                    addend = struct.unpack_from(self.order + "i", self.content(section), offset)[0]
                reloc = Reloc(offset, kind, self.symbols[symbol], addend)
                out[offset] = self.paired(section, out[offset], reloc) if offset in out else reloc
        return out

    def paired(self, section, add, sub):
        """ADD and SUB at one offset are a relative32 if what is subtracted is in the section of the place."""
        if not self.machine.pair or (add.type, sub.type) != self.machine.pair:
            return add
        if sub.symbol.section != section.index:
            return add
        distance = add.offset - (sub.symbol.value + sub.addend)
        return add._replace(type=self.machine.relative32[0], addend=add.addend + distance)

    def dynamic_relocs(self):
        """symbol is an index here; the addend of REL is read from the place."""
        out = []
        for table in self.sections:
            if table.type in (SHT_REL, SHT_RELA) and table.flags & SHF_ALLOC and not self.relocatable:
                for offset, symbol, kind, addend in self.entries(table):
                    if addend is None:
                        addend = self.pointer_at(offset)
                    out.append(Reloc(offset, kind, symbol, addend))
        return out

    def bytes_at(self, address, size):
        """Of a linked file; None where nothing is."""
        for s in self.segments:
            if s.type == PT_LOAD and s.addr <= address and address + size <= s.addr + s.size:
                at = s.offset + address - s.addr
                return self.data[at:min(at + size, s.offset + s.file_size)].ljust(size, b"\0")
        return None

    def pointer_at(self, address):
        data = self.bytes_at(address, self.bits // 8)
        return struct.unpack(self.order + ("Q" if self.bits == 64 else "I"), data)[0] if data else 0

    def dynamic(self):
        """(tag, value) pairs of .dynamic; DT_NEEDED as text."""
        out = []
        for s in self.named(".dynamic"):
            strings = self.sections[s.link].offset
            for tag, value in self.iterate("qQ" if self.bits == 64 else "iI", self.content(s)):
                if tag == 0:
                    break
                out.append((tag, self.text_at(strings + value) if tag == DT_NEEDED else value))
        return out

    def has_text_relocations(self):
        return any(t == DT_TEXTREL or (t == DT_FLAGS and v & DF_TEXTREL) for t, v in self.dynamic())

    def section_at(self, address):
        for s in self.sections:
            if s.flags & SHF_ALLOC and not s.flags & SHF_TLS and s.addr <= address < s.addr + s.size:
                return s
        return None

    def function_symbols(self):
        """(section, offset in it, symbol) of each function: where its code begins."""
        descriptors = self.read_descriptors()
        for s in self.symbols:
            if s.type not in (STT_FUNC, STT_IFUNC) or not 0 < s.section < len(self.sections):
                continue
            section = self.sections[s.section]
            value = s.value & ~1 if self.arch == "arm" else s.value  # Thumb
            if section.name == ".opd":
                if s.value in descriptors:
                    yield (*descriptors[s.value], s)
            else:
                yield section, value - (0 if self.relocatable else section.addr), s

    def read_descriptors(self):
        """ppc64 ELFv1: value of a symbol in .opd -> (section, offset) of the code."""
        out = {}
        for opd in self.named(".opd"):
            if self.relocatable:
                for offset, r in self.relocs(opd).items():
                    out[offset] = self.sections[r.symbol.section], r.symbol.value + r.addend
                continue
            by_loader = {r.offset: r.addend for r in self.dynamic_relocs() if r.type in self.machine.base}
            for at in range(opd.addr, opd.addr + opd.size - 7, 8):
                address = by_loader.get(at, self.pointer_at(at))
                section = self.section_at(address)
                if section:
                    out[at] = section, address - section.addr
        return out
