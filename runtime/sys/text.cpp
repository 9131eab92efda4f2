// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/sys/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "arch/current/cpu.h"

namespace luge::sys {

Line &Line::operator<<(std::string_view s) {
  for (char c : s)
    if (size < sizeof text - 1) // the last byte is the newline's
      text[size++] = c;
  return *this;
}

Line &Line::operator<<(uint64_t n) {
  char digits[20];
  int i = 20;
  do
    digits[--i] = static_cast<char>('0' + n % 10);
  while (n /= 10);
  return *this << std::string_view(digits + i, 20 - i);
}

Line &Line::hex(uint64_t n) {
  char digits[16];
  int i = 16;
  do
    digits[--i] = "0123456789abcdef"[n & 15];
  while (n >>= 4);
  return *this << "0x" << std::string_view(digits + i, 16 - i);
}

Line::~Line() {
  text[size++] = '\n';
  arch::raw_syscall(SYS_write, 2, reinterpret_cast<long>(text), static_cast<long>(size));
}

const char *environment(const char *name) {
  // Not for set-user-ID programs: a session is a file to write to.
  const char *v = secure_getenv(name);
  return v && *v ? v : nullptr;
}

bool parse_number(const char *text, uint64_t *out) {
  uint64_t n = 0;
  if (!*text)
    return false;
  for (; *text; ++text) {
    if (*text < '0' || *text > '9' || n > (~0ull - 9) / 10)
      return false;
    n = n * 10 + static_cast<uint64_t>(*text - '0');
  }
  *out = n;
  return true;
}

const char *error_text(long e) {
  switch (-e) {
  case EACCES: return "permission denied";
  case EPERM: return "operation not permitted";
  case ENOENT: return "no such file";
  case ENOMEM: return "out of memory";
  case ENOSPC: return "no space left";
  case EIO: return "input/output error";
  case EINVAL: return "invalid argument";
  default: return "system call failed";
  }
}

} // namespace luge::sys
