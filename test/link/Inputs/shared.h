// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared by main.cpp and other.cpp: what both files compile and one linker merges. Five frames lie
// between the throw in innermost() and the catch in main(); two of them have something to destroy.
#pragma once
#include <exception>
#include <stdio.h>

#define KEEP __attribute__((noinline))
#define AFTER __asm__ volatile("" ::: "memory") // keeps a call from becoming a jump

KEEP inline int inline_function(int x) { return x * 3; }
template <class T> KEEP T template_function(T x) { return x + x; }

struct Shape {
  virtual ~Shape() {}
  virtual int area() const { return 0; }
};
struct Square : Shape {
  explicit Square(int a) : side(a) {}
  int area() const override { return side * side; }
  int side;
};

struct Failure : std::exception {
  explicit Failure(int l) : level(l) {}
  int level;
};
struct Held {
  explicit Held(int *c) : count(c) {}
  KEEP ~Held() { ++*count; }
  int *count;
};

int other_total(const Shape &shape);
void level_two(int x, int *destroyed);
void innermost(int x);
