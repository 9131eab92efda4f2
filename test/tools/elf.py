# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A small reader of ELF64 little-endian objects, programs and DSOs: independent of the product and
# of binutils, so that a shared mistake cannot hide. Only what the tests ask for.
import struct
from collections import namedtuple

Section = namedtuple("Section", "index name type flags addr offset size link info align entsize")
Symbol = namedtuple("Symbol", "name type bind other section value size")
Reloc = namedtuple("Reloc", "offset type symbol addend")

SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_DYNSYM, SHT_GROUP = 2, 4, 8, 11, 17
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_LINK_ORDER, SHF_GROUP = 1, 2, 4, 0x80, 0x200
ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
DT_NEEDED, DT_TEXTREL, DT_FLAGS, DF_TEXTREL = 1, 22, 30, 4
STT_FUNC, STT_SECTION, STT_IFUNC = 2, 3, 10
R_X86_64_64, R_X86_64_PC32, R_X86_64_PLT32, R_X86_64_RELATIVE = 1, 2, 4, 8


class Elf:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise SystemExit(f"{path}: no little-endian ELF64")
        (self.type, self.machine, _, _, _, shoff, _, _, _, _, shentsize, shnum, shstrndx) = (
            struct.unpack_from("<HHIQQQIHHHHHH", self.data, 16))
        if shnum == 0 and shoff:  # more than 65279 sections: the count is in the first header
            shnum = struct.unpack_from("<Q", self.data, shoff + 32)[0]
            shstrndx = struct.unpack_from("<I", self.data, shoff + 40)[0]
        raw = [struct.unpack_from("<IIQQQQIIQQ", self.data, shoff + i * shentsize)
               for i in range(shnum)]
        names = raw[shstrndx][4]
        self.sections = [Section(i, self.text_at(names + r[0]), *r[1:]) for i, r in enumerate(raw)]
        self.relocatable = self.type == ET_REL
        self.symbols = self.read_symbols(SHT_SYMTAB)
        self.groups = self.read_groups()

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
            wide = [s for s in self.sections if s.type == 18 and s.link == table.index]
            for i in range(table.size // 24):
                name, info, other, shndx, value, size = struct.unpack_from(
                    "<IBBHQQ", self.data, table.offset + i * 24)
                if shndx == 0xffff and wide:  # SHN_XINDEX
                    shndx = struct.unpack_from("<I", self.data, wide[0].offset + 4 * i)[0]
                out.append(Symbol(self.text_at(strings + name), info & 15, info >> 4, other, shndx,
                                  value, size))
        return out

    def read_groups(self):
        """The index of each section's group, 0 where it has none."""
        member_of = [0] * len(self.sections)
        for g in (s for s in self.sections if s.type == SHT_GROUP):
            for (member,) in struct.iter_unpack("<I", self.content(g)[4:]):
                member_of[member] = g.index
        return member_of

    def relocs(self, section):
        """Relocations of one section of an object, by offset."""
        out = {}
        for table in self.sections:
            if table.type == SHT_RELA and table.info == section.index and self.relocatable:
                for offset, info, addend in struct.iter_unpack("<QQq", self.content(table)):
                    out[offset] = Reloc(offset, info & 0xffffffff, self.symbols[info >> 32], addend)
        return out

    def dynamic_relocs(self):
        out = []
        for table in self.sections:
            if table.type == SHT_RELA and table.flags & SHF_ALLOC:
                for offset, info, addend in struct.iter_unpack("<QQq", self.content(table)):
                    out.append(Reloc(offset, info & 0xffffffff, info >> 32, addend))
        return out

    def dynamic(self):
        """(tag, value) pairs of .dynamic; DT_NEEDED as text."""
        out = []
        for s in self.named(".dynamic"):
            strings = self.sections[s.link].offset
            for tag, value in struct.iter_unpack("<qQ", self.content(s)):
                if tag == 0:
                    break
                out.append((tag, self.text_at(strings + value) if tag == DT_NEEDED else value))
        return out

    def has_text_relocations(self):
        return any(t == DT_TEXTREL or (t == DT_FLAGS and v & DF_TEXTREL) for t, v in self.dynamic())

    def section_at(self, address):
        for s in self.sections:
            if s.flags & SHF_ALLOC and not s.flags & 0x400 and s.addr <= address < s.addr + s.size:
                return s
        return None
