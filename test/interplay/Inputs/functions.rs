// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions for functions.c, in a Rust without its core library, which is here for x86-64 only: what is defined is
// what the compiler itself asks for. Integers that may be copied, comparison by `match`; C adds them.
#![feature(no_core, lang_items)]
#![no_core]
#![crate_type = "lib"]
#[lang = "sized"]
pub trait Sized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for i32 {}

extern "C" {
    fn c_add(a: i32, b: i32) -> i32;
    fn c_before(a: i32) -> i32;
    fn c_multiply(a: i32, b: i32) -> i32;
}
#[no_mangle]
#[inline(never)]
pub unsafe extern "C" fn f_leaf(x: i32) -> i32 {
    c_add(c_multiply(x, 3), 5)
}
#[no_mangle]
#[inline(never)]
pub unsafe extern "C" fn f_two(x: i32) -> i32 {
    c_add(f_leaf(x), f_leaf(c_add(x, 1)))
}
#[no_mangle]
#[inline(never)]
pub unsafe extern "C" fn f_tail(x: i32) -> i32 {
    f_two(c_before(x))
}
#[no_mangle]
pub unsafe extern "C" fn f_factorial(n: i32) -> i32 {
    match n {
        0 => 1,
        _ => c_multiply(n, f_factorial(c_before(n))),
    }
}
#[no_mangle]
pub unsafe extern "C" fn f_sum(words: *const i32, n: i32) -> i32 {
    c_add(*words, f_leaf(n))
}
#[no_mangle]
pub unsafe extern "C" fn f_even(x: i32) -> i32 {
    match x {
        0 | 2 | 4 => f_leaf(x),
        _ => f_two(x),
    }
}
#[no_mangle]
pub unsafe extern "C" fn f_choose(x: i32) -> i32 {
    match x {
        0 => f_two(7),
        1 | 2 | 3 => f_leaf(x),
        _ => x,
    }
}
