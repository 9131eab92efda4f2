// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One thread after another: the format does not ask for order. Both ends of a call are rounded to
// whole nanoseconds before the duration is taken, so that calls stay nested.
#include <set>

#include "tool/call_stack.h"
#include "tool/dump.h"
#include "tool/names.h"

namespace luge {
namespace {

// Length of the UTF-8 sequence at s[i], 0 if it is none.
size_t utf8_length(std::string_view s, size_t i) {
  auto byte = [&](size_t k) { return static_cast<unsigned char>(s[k]); };
  unsigned char first = byte(i);
  size_t n = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : 2;
  if (n > 1 && (first < 0xc2 || first >= 0xf5 || i + n > s.size()))
    return 0;
  for (size_t k = 1; k < n; ++k)
    if ((byte(i + k) & 0xc0) != 0x80)
      return 0;
  if (n == 3) {
    unsigned code = (first & 0xfu) << 12 | (byte(i + 1) & 0x3fu) << 6;
    return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 0 : n;
  }
  if (n == 4) {
    unsigned code = (first & 7u) << 18 | (byte(i + 1) & 0x3fu) << 12;
    return code < 0x10000 || code >= 0x110000 ? 0 : n;
  }
  return n;
}

class ChromeSink {
public:
  ChromeSink(const Trace &trace, const TraceThread &thread, std::vector<std::string> &names,
             FunctionNames &functions, bool &first, Output &out)
      : trace_(trace), thread_(thread), names_(names), functions_(functions), first_(first),
        out_(out) {}

  void enter(const CallFrame &, size_t) {}

  void leave(const CallFrame &frame, size_t, uint64_t tsc, Leave how) {
    int64_t begin = trace_.clock.ns(frame.entered), end = trace_.clock.ns(tsc);
    static const char *const left[] = {"", "exception", "longjmp", "exit lost", "still open"};
    event(frame.function, 'X', begin);
    out_.print(",\"dur\":{}", us(end - begin));
    if (how != Leave::Return)
      out_.print(",\"args\":{{\"left\":\"{}\"}}", left[static_cast<int>(how)]);
    out_.write("}");
  }

  void point(uint32_t function, size_t, uint64_t tsc) {
    event(function, 'i', trace_.clock.ns(tsc));
    out_.write(",\"s\":\"t\"}");
  }

  void orphan(uint32_t, uint64_t, Leave) {}

  void lost(uint64_t count, uint64_t tsc) {
    separate();
    out_.print(
        "{{\"name\":\"events lost\",\"ph\":\"i\",\"ts\":{},\"pid\":{},\"tid\":{},\"s\":\"t\","
        "\"args\":{{\"count\":{}}}}}",
        us(trace_.clock.ns(tsc)), thread_.pid, thread_.tid, count);
  }

  void metadata(const char *what, std::string_view name) {
    separate();
    out_.print(
        "{{\"name\":\"{}\",\"ph\":\"M\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":\"{}\"}}}}", what,
        thread_.pid, thread_.tid, json_text(name));
  }

private:
  void separate() {
    out_.write(first_ ? "\n" : ",\n");
    first_ = false;
  }

  void event(uint32_t function, char phase, int64_t ns) {
    std::string &name = names_[function];
    if (name.empty())
      name = json_text(functions_[function]);
    separate();
    out_.print("{{\"name\":\"{}\",\"ph\":\"{}\",\"ts\":{},\"pid\":{},\"tid\":{}", name, phase,
               us(ns), thread_.pid, thread_.tid);
  }

  // Microseconds with three decimals, exactly.
  static std::string us(int64_t ns) {
    uint64_t size = ns < 0 ? -static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
    return fmt::format("{}{}.{:03}", ns < 0 ? "-" : "", size / 1000, size % 1000);
  }

  const Trace &trace_;
  const TraceThread &thread_;
  std::vector<std::string> &names_;
  FunctionNames &functions_;
  bool &first_;
  Output &out_;
};

} // namespace

std::string json_text(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    size_t n = utf8_length(text, i);
    if (n == 0)
      out += "\\ufffd";
    else if (c == '"' || c == '\\')
      (out += '\\') += text[i];
    else if (c < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out.append(text.substr(i, n));
    i += n ? n : 1;
  }
  return out;
}

void dump_chrome(TraceReader &reader, bool full_names, Output &out) {
  const Trace &trace = reader.trace();
  FunctionNames functions(trace, full_names);
  std::vector<std::string> names(trace.functions.size());
  std::set<uint32_t> processes;
  bool first = true;
  out.print("{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"program\":\"{}\",\"lost\":\"{}\"}},\n"
            "\"traceEvents\":[",
            json_text(trace.program()), trace.lost);
  Progress progress("exporting " + trace.path, trace.page_count);
  size_t pages = 0;
  for (const TraceThread &thread : trace.threads) {
    if (thread.pages.empty() || out.failed())
      continue;
    ChromeSink sink(trace, thread, names, functions, first, out);
    if (processes.insert(thread.pid).second)
      sink.metadata("process_name", trace.program());
    sink.metadata("thread_name", thread.comm);
    CallStack<ChromeSink> stack(trace, thread, sink);
    ThreadEvents events(reader, thread);
    TraceEvent event;
    while (events.next(event)) {
      stack.feed(event);
      progress.at(pages + events.pages_done());
    }
    stack.finish();
    pages += thread.pages.size();
  }
  out.write("\n]}\n");
}

} // namespace luge
