// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package main

import (
	"fmt"
	"runtime"
)

func leaf(x int) int { return x + 1 }
func adder(n int) func(int) int { return func(x int) int { return leaf(x) + n } }
func rec(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = -1
		}
	}()
	if n == 0 {
		panic("end")
	}
	return n
}
func main() {
	c := make(chan int)
	f := adder(3)
	for i := 0; i < 10; i++ {
		go func(x int) { c <- f(x) }(i)
	}
	t := 0
	for i := 0; i < 10; i++ {
		t += <-c
	}
	for runtime.NumGoroutine() > 1 { // each has returned, not only sent
		runtime.Gosched()
	}
	fmt.Println(t, rec(0), rec(5))
}
