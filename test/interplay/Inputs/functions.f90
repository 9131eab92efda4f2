! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
! Functions for functions.c: they need no run-time library.
module functions
  use iso_c_binding
  implicit none
contains
  integer(c_int) function f_leaf(x) bind(c)
    integer(c_int), value :: x
    f_leaf = ieor(x * 3, 5)
  end function
  integer(c_int) function f_two(x) bind(c)
    integer(c_int), value :: x
    f_two = f_leaf(x) + f_leaf(x + 1)
  end function
  integer(c_int) function f_tail(x) bind(c)
    integer(c_int), value :: x
    f_tail = f_two(x - 1)
  end function
  recursive integer(c_int) function f_factorial(n) bind(c) result(r)
    integer(c_int), value :: n
    r = 1
    if (n > 1) r = n * f_factorial(n - 1)
  end function
  integer(c_int) function f_sum(words, n) bind(c)
    integer(c_int), value :: n
    integer(c_int), intent(in) :: words(n)
    f_sum = sum(words) + f_leaf(n)
  end function
  integer(c_int) function f_even(x) bind(c)
    integer(c_int), value :: x
    f_even = merge(f_leaf(x), f_two(x), mod(x, 2) == 0)
  end function
  integer(c_int) function f_choose(x) bind(c)
    integer(c_int), value :: x
    select case (x)
    case (0)
      f_choose = f_two(7)
    case (1:3)
      f_choose = f_leaf(x) - 1
    case default
      f_choose = -x
    end select
  end function
end module
