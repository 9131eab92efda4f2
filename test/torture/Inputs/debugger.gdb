# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What gdb does in debugger.c.
set debuginfod enabled off
set disable-randomization on
set breakpoint pending on
break *leaf
run
echo at leaf, off\n
bt
break registered
continue
echo at leaf, registered\n
delete
break debugger.c:31
continue
echo at middle's body\n
bt
delete
break unregistered
step
next
echo stepped\n
continue
delete
continue
