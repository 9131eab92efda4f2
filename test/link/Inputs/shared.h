// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared by main.cpp and other.cpp: what both files compile and one linker merges. Five frames lie
// between the throw in innermost() and the catch in main().
#pragma once
#include <cstdio>
#include <stdexcept>
#include <string>

__attribute__((noinline)) inline int inline_function(int x) { return x * 3; }
template <class T> __attribute__((noinline)) T template_function(T x) { return x + x; }

struct Shape {
  virtual ~Shape() {}
  virtual int area() const { return 0; }
};
struct Square : Shape {
  explicit Square(int a) : side(a) {}
  int area() const override { return side * side; }
  int side;
};

int other_total(const Shape &shape);
void level_two(int x);
void innermost(int x);

// Keeps a function from being merged with its caller or turned into a jump.
#define KEEP __attribute__((noinline))
#define AFTER __asm__ volatile("" ::: "memory")
