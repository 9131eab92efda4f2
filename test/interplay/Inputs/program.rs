// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#[inline(never)]
fn leaf(x: i32) -> i32 { x + 1 }
#[inline(never)]
fn applies(f: &dyn Fn(i32) -> i32, x: i32) -> i32 { f(x) }
#[inline(never)]
fn throws(x: i32) -> i32 { if x > 2 { panic!("x") } x }
fn main() {
    let y = 3;
    let mut t = 0;
    for i in 0..10 {
        t += applies(&|a| leaf(a) + y, i);
        t += std::panic::catch_unwind(|| throws(i)).unwrap_or(-1);
    }
    println!("{}", t);
}
