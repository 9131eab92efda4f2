// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import std.stdio;
int leaf(int x) { return x + 1; }
int applies(int delegate(int) f, int x) { return f(x); }
class Shape { int area() { return leaf(2); } }
class Square : Shape { override int area() { return super.area() * 2; } }
pragma(inline, false) int throws(int x) { if (x > 2) throw new Exception("x"); return x; }
int catches(int x) { try { return throws(x); } catch (Exception e) { return -1; } }
void main() {
  int y = 3, t = 0;
  foreach (i; 0 .. 10) t += applies((int a) => a + y, i) + catches(i);
  Shape s = new Square;
  writeln(t, " ", s.area());
}
